"""TLS on both engines: what holds on a plain connection holds on an encrypted one as well."""

import contextlib
import os
import socket
import ssl
import threading
import time

import pytest

from asyncweb import App, AsyncServer, HTTPError, Limits, ThreadServer
from asyncweb.errors import ServerError
from tests.callers import call_tcp, call_tls, trusting
from tests.conftest import PATIENCE_S, WHERE, eventually
from tests.streaming import add_streams

MEGABYTES = 8 * 1024 * 1024
HELLO = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
EVERYWHERE = pytest.mark.parametrize("where", WHERE)


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return ctx.url

    @app.get("/scheme")
    async def scheme(ctx):
        await ctx.sleep(0)
        return ctx.scheme

    @app.post("/echo")
    def echo(ctx):
        return ctx.body

    @app.post("/count", stream=True)
    async def count(ctx):
        return str(sum([len(piece) async for piece in ctx.stream]))

    add_streams(app)
    return app


@pytest.fixture
def secure(serve, app, tls):
    """Starts a server of this kind that speaks TLS."""
    return lambda **settings: serve(settings.pop("app", app), **{"tls": tls, **settings})


@EVERYWHERE
def test_https_is_served_and_the_handler_knows(secure, caller, where):
    server = secure(**where)
    assert server.url == f"https://127.0.0.1:{server.port}"
    client = caller(call_tls(server))
    assert client.get().text == "https://test/"
    assert client.get("/scheme").text == "https"
    assert client.socket.selected_alpn_protocol() == "http/1.1"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(secure, caller, tls, version):
    context = trusting(tls)
    context.minimum_version = context.maximum_version = version
    client = caller(call_tls(secure(), context))
    assert client.get().text == "https://test/"
    assert client.socket.version() == version.name.replace("_", ".")


@pytest.mark.filterwarnings("ignore:ssl:DeprecationWarning")
def test_tls_1_1_is_refused(secure, tls):
    context = trusting(tls)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        call_tls(secure(), context)


def test_many_megabytes_travel_both_ways(secure, caller):
    body = os.urandom(MEGABYTES)
    client = caller(call_tls(secure()))
    for _ in range(2):
        client.send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert client.send(body).answer().body == body


def test_a_body_is_taken_while_it_arrives_and_an_answer_leaves_piece_by_piece(secure, caller):
    client = caller(call_tls(secure()))
    client.send(b"POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 300000\r\n\r\n")
    for _ in range(300):
        client.send(b"x" * 1000)
    assert client.answer().text == "300000"
    assert client.get("/stream").text == "one,two,three"


def test_pipelined_requests_are_answered_in_order(secure, caller):
    client = caller(call_tls(secure()))
    client.send(HELLO * 100 + HELLO.replace(b"/ ", b"/scheme ") + HELLO)
    said = [client.answer().text for _ in range(102)]
    assert said == ["https://localhost/"] * 100 + ["https", "https://localhost/"]


@pytest.mark.parametrize("cut", [1, 3, 5, 100])
def test_records_may_be_cut_anywhere(secure, caller, tls, cut):
    """The client's bytes come in pieces of `cut`, the handshake's as well."""
    raw = call_tcp(secure())
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(tls).wrap_bio(incoming, outgoing, server_hostname="localhost")

    def drive(step):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                data = outgoing.read()
                for start in range(0, len(data), cut):
                    raw.sendall(data[start : start + cut])
            incoming.write(raw.recv(65536))

    with raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        drive(client.do_handshake)
        drive(lambda: client.write(HELLO))
        assert drive(lambda: client.read(65536)).endswith(b"https://localhost/")


# ---------------------------------------------------------------------- how it ends


def test_an_answer_that_ends_with_the_connection_has_an_end_that_can_be_trusted(secure, caller):
    client = caller(call_tls(secure()))
    client.send(b"GET /stream HTTP/1.0\r\n\r\n")
    assert client.rest().endswith(b"\r\n\r\none,two,three")  # and no error: a goodbye came


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_an_answer_that_is_broken_off_never_looks_complete(secure, caller, version):
    client = caller(call_tls(secure()))
    client.send(b"GET /broken HTTP/%b\r\nHost: t\r\n\r\n" % version)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client.rest()


@pytest.mark.usefixtures("fast_sweeps")
def test_an_idle_connection_is_closed_with_a_goodbye(secure, caller):
    client = caller(call_tls(secure(limits=Limits(idle_s=0.05))))
    client.get()
    assert client.rest() == b""


def test_a_client_that_closes_its_side_is_still_answered(secure, caller):
    client = caller(call_tls(secure()))
    client.send(HELLO.replace(b"/ ", b"/scheme ")).says_no_more()
    assert client.answer().text == "https"
    assert client.rest() == b""


def test_a_refusal_is_read_even_by_a_client_that_goes_on_sending(secure, caller):
    client = caller(call_tls(secure()))
    client.send(b"BAD / HTTP/1.1\r\nHost: t\r\n\r\n")
    client.send(b"x" * 100_000)
    assert client.answer().status == 501


def test_a_stop_answers_what_was_asked(secure, caller, app):
    entered, leave = threading.Event(), threading.Event()

    @app.get("/gate")
    async def gate(ctx):
        entered.set()
        while not leave.is_set():
            await ctx.sleep(0.002)
        return "through"

    server = secure()
    client = caller(call_tls(server))
    client.send(HELLO.replace(b"/ ", b"/gate "))
    assert entered.wait(PATIENCE_S)
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    leave.set()
    assert client.answer().text == "through"
    assert client.rest() == b""
    stopping.join()


# ---------------------------------------------------------------------- who is slow, or elsewhere


@pytest.mark.slow
@pytest.mark.usefixtures("fast_sweeps")
@pytest.mark.parametrize("begun", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00"])
def test_a_handshake_that_never_ends_is_counted_and_runs_out_of_patience(secure, caller, begun):
    server = secure(limits=Limits(head_s=0.3))
    client = caller(call_tcp(server)).send(begun)
    eventually(lambda: server.stats()["connections"] == 1)
    assert client.rest() == b""
    eventually(lambda: server.stats()["connections"] == 0)


@pytest.mark.slow
@pytest.mark.usefixtures("fast_sweeps")
def test_the_patience_with_a_handshake_is_over_when_hands_are_shaken(secure, caller):
    client = caller(call_tls(secure(limits=Limits(head_s=0.5, idle_s=1.0))))
    began = time.monotonic()
    assert client.rest() == b""
    assert time.monotonic() - began > 0.9


@pytest.mark.usefixtures("fast_sweeps")
def test_a_handshake_that_drips_does_not_buy_time_with_each_byte(secure, caller, tls):
    server = secure(limits=Limits(head_s=0.1))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    hello = trusting(tls).wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        hello.do_handshake()
    client, dripped = caller(call_tcp(server)), 0
    client.socket.settimeout(0.01)
    for byte in outgoing.read()[:-1]:
        try:
            client.send(bytes([byte]))
            assert client.socket.recv(100) == b""
            break
        except TimeoutError:
            dripped += 1
        except ConnectionError:
            break
    assert 0 < dripped < 100


def test_a_stop_does_not_wait_for_who_never_shakes_hands(secure, caller):
    server = secure()
    client = caller(call_tcp(server)).send(b"\x16\x03")
    eventually(lambda: server.stats()["connections"] == 1)
    server.stop(drain_s=PATIENCE_S)
    assert client.rest() == b""


def test_who_is_one_too_many_is_told_so_over_tls(secure, caller):
    server = secure(limits=Limits(connections=1))
    first = caller(call_tls(server))
    assert first.get().status == 200
    second = caller(call_tls(server))
    answer = second.answer()
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert second.rest() == b""
    assert first.get().status == 200


@pytest.mark.usefixtures("fast_sweeps")
def test_who_is_one_too_many_and_never_shakes_hands_is_let_go(secure, caller):
    server = secure(limits=Limits(connections=1, idle_s=0.3, head_s=0.3, write_s=0.3))
    first, silent = caller(call_tls(server)), caller(call_tcp(server))
    eventually(lambda: server.stats()["connections"] == 2)
    eventually(lambda: server.stats()["connections"] == 0)
    for client in (first, silent):
        with contextlib.suppress(ConnectionError):
            assert client.rest() == b""


@pytest.mark.usefixtures("fast_sweeps")
def test_a_client_that_reads_nothing_is_cut_off(secure, caller):
    server = secure(limits=Limits(write_s=0.05))
    client = caller(call_tls(server)).send(HELLO.replace(b"/ ", b"/endless "))
    eventually(lambda: server.stats()["in_flight"] == 1)
    eventually(lambda: server.stats()["in_flight"] == 0)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client.rest()


def test_a_handler_learns_that_its_client_has_gone(secure, caller, app):
    entered, gone = threading.Event(), threading.Event()

    @app.get("/watch")
    async def watch(ctx):
        entered.set()
        try:
            while not ctx.closed:
                await ctx.sleep(0.002)
        finally:  # an event loop cancels it
            gone.set()

    client = caller(call_tls(secure())).send(HELLO.replace(b"/ ", b"/watch "))
    assert entered.wait(PATIENCE_S)
    client.vanish()
    assert gone.wait(PATIENCE_S)


def test_plain_http_is_told_to_speak_https(secure, caller):
    server = secure()
    client = caller(call_tcp(server)).send(HELLO)
    answer = client.answer()
    assert answer.status == 400
    assert "https://" in answer.text
    assert client.rest() == b""
    assert caller(call_tls(server)).get().status == 200


def test_a_plain_head_is_told_without_a_body(secure, caller):
    client = caller(call_tcp(secure())).send(HELLO.replace(b"GET", b"HEAD"))
    assert client.answer(has_body=False).status == 400
    assert client.rest() == b""


@pytest.mark.slow
@pytest.mark.parametrize("junk", [b"\x00" * 100, b"\x16" + b"\xff" * 300, b"\x80.\x01\x00\x02"])
def test_what_is_neither_tls_nor_http_is_shown_the_door(secure, caller, junk):
    server = secure(limits=Limits(head_s=0.5))
    client = caller(call_tcp(server)).send(junk)
    said = client.rest()
    assert not said.startswith(b"HTTP")
    eventually(lambda: server.stats()["connections"] == 0)
    assert server.errors == []


def test_the_scheme_of_a_whole_target_is_that_of_the_connection(secure, caller):
    client = caller(call_tls(secure()))
    right = b"GET https://other.example/ HTTP/1.1\r\nHost: t\r\n\r\n"
    assert client.send(right).answer().text == "https://other.example/"
    answer = client.send(right.replace(b"https", b"http")).answer()
    assert answer.status == 421
    assert "https://" in answer.text


def test_a_connect_hook_speaks_over_tls(secure, caller):
    app = App()

    @app.on_connect
    def never(client):
        raise HTTPError(403, "not today")

    client = caller(call_tls(secure(app=app)))
    answer = client.answer()
    assert (answer.status, answer.text) == (403, "not today")
    assert client.rest() == b""


# ---------------------------------------------------------------------- contexts and files


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_a_context_of_ones_own_serves_here_and_cannot_be_sent_elsewhere(make, app, tls, caller):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.cert, tls.key)
    with make(app, tls=context) as server:
        assert caller(call_tls(server, trusting(tls))).get().status == 200
    for where in ({"process": True}, {"workers": 1}):
        with pytest.raises(ServerError, match=r"cannot be sent.*Tls\('cert\.pem', 'key\.pem'\)"):
            make(app, tls=context).start(**where)


def test_two_files_are_enough(secure, caller, tls):
    server = secure(tls=(str(tls.cert), str(tls.key)))
    assert caller(call_tls(server)).get().status == 200


@pytest.mark.parametrize("wrong", ["cert.pem", ("one",), ("one", "two", "three"), {"cert": "a"}])
def test_what_is_no_certificate_and_key_is_refused_with_the_way_out(app, wrong):
    with pytest.raises(TypeError, match=r"Tls\.self_signed\(\)"):
        AsyncServer(app, tls=wrong)


def test_a_connection_that_is_taken_over_stays_encrypted_and_ends_with_a_goodbye(
    secure, caller, app
):
    @app.get("/raw")
    async def raw(ctx):
        stream = await ctx.take_over()
        await stream.write(b"hello " * 20_000)
        await stream.write(b"from " + await stream.read())

    client = caller(call_tls(secure())).send(HELLO.replace(b"/ ", b"/raw "))
    assert client.read(120_000) == b"hello " * 20_000
    client.send(b"afar")
    assert client.rest() == b"from afar"
