"""What the kernel is asked for: looked up on the very socket that was accepted."""

import socket
import struct
import sys

import pytest

from asyncweb import App, AsyncServer, SocketOptions, ThreadServer
from asyncweb.errors import ServerError
from tests.callers import accepted, call_tcp
from tests.conftest import WHERE, is_free

needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
TCP = socket.IPPROTO_TCP


@pytest.fixture
def look(serve, peer):
    """What `getsockopt(*question)` says of the accepted socket of a server with these options."""

    def ask(question, connect=peer, **settings):
        app, found = App(), []

        @app.get("/")
        def home(ctx):
            found.append(accepted(ctx.request.link).getsockopt(*question))

        connect(serve(app, **settings)).get("/")
        return found[0]

    return ask


@pytest.mark.parametrize("nodelay", [True, False])
def test_small_pieces_wait_for_each_other_only_when_they_shall(look, nodelay):
    options = SocketOptions(nodelay=nodelay)
    assert bool(look((TCP, socket.TCP_NODELAY), socket_options=options)) == nodelay


def test_packets_may_pass_so_many_routers(look):
    assert look((socket.IPPROTO_IP, socket.IP_TTL), socket_options=SocketOptions(ttl=9)) == 9


@needs_ipv6
def test_packets_of_ipv6_may_pass_so_many_routers(look, caller):
    question = (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
    options = SocketOptions(ttl=9)
    found = look(
        question,
        lambda server: caller(call_tcp(server, "::1")),
        host="::1",
        socket_options=options,
    )
    assert found == 9


@pytest.mark.parametrize(
    ("name", "expected"),
    [("SO_KEEPALIVE", 1), ("TCP_KEEPIDLE", 11), ("TCP_KEEPINTVL", 3), ("TCP_KEEPCNT", 4)],
)
def test_a_silent_client_is_probed(look, name, expected):
    if not hasattr(socket, name):
        pytest.skip(f"this system has no {name}")
    level = socket.SOL_SOCKET if name.startswith("SO") else TCP
    options = SocketOptions(probe_after_s=11, probe_every_s=3, probes=4)
    assert bool(look((level, getattr(socket, name)), socket_options=options)) == bool(expected)
    assert look((level, getattr(socket, name)), socket_options=options) == expected


def test_nobody_is_probed_unless_asked_for(look):
    assert look((socket.SOL_SOCKET, socket.SO_KEEPALIVE)) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems round in their own ways")
@pytest.mark.parametrize("name", ["SO_SNDBUF", "SO_RCVBUF"])
def test_the_buffers_are_as_large_as_asked_for(look, name):
    options = SocketOptions(send_buffer_bytes=40_000, receive_buffer_bytes=40_000)
    found = look((socket.SOL_SOCKET, getattr(socket, name)), socket_options=options)
    assert found == 80_000  # Linux counts its own bookkeeping as well


def test_a_thread_server_lingers_at_a_close_as_long_as_it_is_told(peer):
    app, found = App(), []

    @app.get("/")
    def home(ctx):
        sock = accepted(ctx.request.link)
        found.append(sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))

    with ThreadServer(app, socket_options=SocketOptions(linger_s=7)) as server:
        peer(server).get("/")
    assert found == [struct.pack("ii", 1, 7)]


def test_an_event_loop_cannot_linger_for_one_client_while_all_others_wait():
    with pytest.raises(ValueError, match=r"linger_s=7.*ThreadServer"):
        AsyncServer(App(), socket_options=SocketOptions(linger_s=7))
    AsyncServer(App(), socket_options=SocketOptions(linger_s=0))


@pytest.mark.parametrize("where", WHERE[1:])
def test_options_hold_in_a_process_of_its_own_and_with_workers(serve, peer, where):
    app = App()

    @app.get("/")
    def home(ctx):
        return str(accepted(ctx.request.link).getsockopt(socket.IPPROTO_IP, socket.IP_TTL))

    server = serve(app, socket_options=SocketOptions(ttl=9), **where)
    assert peer(server).get("/").text == "9"


@pytest.mark.skipif(not hasattr(socket, "SO_REUSEPORT"), reason="this system cannot share a port")
def test_a_port_is_shared_by_those_who_say_so(serve):
    options = SocketOptions(reuse_port=True)
    first = serve(App(), socket_options=options)
    second = serve(App(), port=first.port, socket_options=options)
    assert first.is_running and second.is_running
    first.stop()
    assert not is_free(second.port)


def test_sharing_a_port_where_the_system_cannot_is_an_error(monkeypatch):
    monkeypatch.delattr(socket, "SO_REUSEPORT", raising=False)
    with pytest.raises(ServerError, match="cannot share a port"):
        AsyncServer(App(), socket_options=SocketOptions(reuse_port=True)).start()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ttl": 0}, r"ttl=0\): expected a whole number, 1 to 255, or None"),
        ({"ttl": True}, "ttl=True"),
        ({"backlog": None}, r"backlog=None\): expected a whole number, 1 to 65535$"),
        ({"nodelay": 1}, r"nodelay=1\): expected True or False"),
        ({"linger_s": 1.5}, "linger_s=1.5"),
        ({"unix_mode": 0o7777}, "unix_mode=4095"),
        ({"probes": 0}, "probes=0"),
        ({"send_buffer_bytes": -1}, "send_buffer_bytes=-1"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_by_its_name(wrong, said):
    with pytest.raises(ValueError, match=said):
        SocketOptions(**wrong)


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_an_argument_that_is_none_is_refused_with_the_one_that_was_meant(make):
    with pytest.raises(TypeError, match=r"'socket_option'; did you mean 'socket_options'"):
        make(App(), socket_option=SocketOptions())
    with pytest.raises(TypeError, match=r"expected SocketOptions"):
        make(App(), socket_options={"ttl": 3})
