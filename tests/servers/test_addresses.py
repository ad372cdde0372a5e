"""Where a server listens: IPv4, IPv6, names, and the files of Unix sockets."""

import os
import signal
import socket
import stat
import subprocess
import sys

import pytest

from asyncweb import App, AsyncServer, Limits, SocketOptions, ThreadServer
from asyncweb.errors import PortInUse, ServerError
from tests.callers import call_tcp, call_unix
from tests.conftest import PATIENCE_S, THREADED, WHERE

BOTH = pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
EVERYWHERE = pytest.mark.parametrize("where", WHERE)
needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
needs_unix = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="this system's Python has no Unix sockets"
)


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return {"client": ctx.client, "url": ctx.url}

    return app


@pytest.fixture
def path(tmp_path):
    return tmp_path / "app.sock"


# ---------------------------------------------------------------------- IPv6 and names


@needs_ipv6
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6_is_served_and_its_clients_have_a_host_and_a_port(serve, caller, app, host):
    server = serve(app, host=host)
    assert server.url == f"http://[::1]:{server.port}"
    client = caller(call_tcp(server, "::1"))
    assert client.get().json()["client"] == list(client.socket.getsockname()[:2])


@needs_ipv6
def test_every_address_of_ipv6_takes_clients_of_ipv4_as_well(serve, caller, app):
    server = serve(app, host="::")
    assert server.url == f"http://[::1]:{server.port}"
    for host in ("::1", "127.0.0.1"):
        assert caller(call_tcp(server, host)).get().status == 200


@needs_ipv6
def test_one_port_of_ipv4_and_of_ipv6_are_two_places(serve, app):
    first = serve(app)
    second = serve(app, host="::1", port=first.port)
    assert first.is_running and second.is_running


@pytest.mark.parametrize("host", ["localhost", "", "0.0.0.0"])
def test_a_name_and_no_name_are_served_and_have_an_address_to_click(serve, caller, app, host):
    server = serve(app, host=host)
    assert server.url == f"http://{host if host == 'localhost' else '127.0.0.1'}:{server.port}"
    assert caller(call_tcp(server)).get().status == 200


@BOTH
@pytest.mark.parametrize(
    ("host", "kind", "said"),
    [
        ("http://127.0.0.1", ValueError, "without http://"),
        ("/run/app.sock", ValueError, "unix:/run/app.sock"),
        ("unix:", ValueError, "expected a file"),
        (None, TypeError, "expected text"),
    ],
)
def test_what_is_no_host_is_refused_when_it_is_written(make, app, host, kind, said):
    with pytest.raises(kind, match=said):
        make(app, host=host)


@BOTH
def test_a_name_that_nobody_knows_is_an_error_that_says_so(make, app):
    with pytest.raises(ServerError, match=r"cannot listen on no-such-host\.invalid"):
        make(app, host="no-such-host.invalid").start()


# ---------------------------------------------------------------------- Unix sockets


@needs_unix
@EVERYWHERE
def test_a_unix_socket_is_served_and_its_file_goes_with_the_server(serve, caller, app, path, where):
    server = serve(app, host=f"unix:{path}", **where)
    assert server.url == f"http+unix://{str(path).replace('/', '%2F')}"
    assert server.port == 0
    answer = caller(call_unix(path)).get()
    assert answer.json() == {"client": None, "url": "http://test/"}
    server.stop()
    assert not path.exists()


@needs_unix
def test_only_the_owner_may_connect_unless_told_otherwise(serve, app, path):
    server = serve(app, host=f"unix:{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    server.stop()
    serve(app, host=f"unix:{path}", socket_options=SocketOptions(unix_mode=0o660))
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


@needs_unix
def test_a_server_on_the_same_file_takes_the_place(serve, caller, app, path):
    first = serve(App(), host=f"unix:{path}")
    second = serve(app, host=f"unix:{path}")
    assert not first.is_running and second.is_running
    assert caller(call_unix(path)).get().status == 200


@needs_unix
@BOTH
def test_a_file_where_another_program_listens_is_never_touched(make, app, path):
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(PortInUse, match=r"held by another program"):
            make(app, host=f"unix:{path}").start()
        call_unix(path).close()


@needs_unix
def test_a_file_whose_listener_was_killed_is_removed(serve, caller, app, path):
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    assert path.exists()
    serve(app, host=f"unix:{path}")
    assert caller(call_unix(path)).get().status == 200


@needs_unix
@BOTH
def test_a_file_that_is_no_socket_is_left_alone(make, app, path):
    path.write_text("mine")
    with pytest.raises(ServerError, match="it is no socket"):
        make(app, host=f"unix:{path}").start()
    assert path.read_text() == "mine"


@needs_unix
def test_a_file_that_somebody_else_has_put_there_meanwhile_is_left_alone(serve, app, path):
    server = serve(app, host=f"unix:{path}")
    path.unlink()
    path.write_text("mine")
    server.stop()
    assert path.read_text() == "mine"


@needs_unix
@BOTH
@pytest.mark.parametrize("name", ["no/such/folder/x.sock", "x" * 200])
def test_a_file_that_cannot_be_is_an_error_that_names_it(make, app, tmp_path, name):
    with pytest.raises(ServerError, match=r"cannot listen on unix:.*x"):
        make(app, host=f"unix:{tmp_path / name}").start()


@needs_unix
def test_a_start_that_fails_leaves_no_file(kind, path):
    app = App()
    app.on_startup(lambda: 1 / 0)
    make = ThreadServer if kind in THREADED else AsyncServer
    with pytest.raises(ZeroDivisionError):
        make(app, host=f"unix:{path}").start()
    assert not path.exists()


@needs_unix
def test_a_file_stays_the_same_when_the_program_goes_to_another_folder(
    serve,
    caller,
    app,
    tmp_path,
    monkeypatch,
):
    monkeypatch.chdir(tmp_path)
    server = serve(app, host="unix:near.sock")
    monkeypatch.chdir("/")
    assert caller(call_unix(tmp_path / "near.sock")).get().status == 200
    server.stop()
    assert not (tmp_path / "near.sock").exists()


@needs_unix
def test_a_proxy_behind_a_unix_socket_stands_for_many_clients(serve, caller, app, path):
    serve(app, host=f"unix:{path}", limits=Limits(connections_per_client=1))
    assert [caller(call_unix(path)).get().status for _ in range(3)] == [200] * 3


@needs_unix
@BOTH
def test_a_server_that_was_killed_leaves_a_file_that_the_next_one_removes(make, path):
    script = f"""
import signal
from asyncweb import App, {make.__name__}
{make.__name__}(App(), host="unix:{path}").start()
print("started", flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.send_signal(signal.SIGKILL)
        killed.wait(PATIENCE_S)
    assert path.exists()
    with make(App(), host=f"unix:{path}"):
        assert path.exists()
    assert not os.path.lexists(path)


def test_a_system_without_unix_sockets_says_what_to_do(monkeypatch, app):
    monkeypatch.delattr(socket, "AF_UNIX", raising=False)
    with pytest.raises(ServerError, match=r"no Unix sockets; give a host and a port"):
        AsyncServer(app, host="unix:/tmp/x.sock").start()
