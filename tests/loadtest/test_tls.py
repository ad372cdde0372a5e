"""Loads over TLS: the certificate is checked, and one that fails is told in one line, at once."""

import socket
from dataclasses import replace

import pytest

from asyncweb import App, Tls, load, race
from asyncweb.errors import LoadError
from asyncweb.loadtest.arrivals import Replay
from asyncweb.loadtest.door import DISTRUSTED_AT_MOST
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.reach import check_reachable
from tests.callers import tls as tls
from tests.conftest import PATIENCE_S
from tests.servers.test_certificates import written

pytestmark = pytest.mark.slow  # processes are started, and loads run for a while

NOT_TRUSTED = r"certificate of https://127.0.0.1:\d+ is not trusted \(self-signed certificate\)"
WAY_OUT = "name a PEM file to trust with ca=, or load it unchecked with insecure=True"


@pytest.fixture
def app():
    app = App()
    app.get("/")(lambda ctx: ctx.scheme)
    return app


@pytest.fixture
def secure(serve, app, tls):
    return serve(app, tls=tls)


@pytest.mark.parametrize("trust", ["ca", "insecure"])
@pytest.mark.parametrize("keep_alive", [True, False], ids=["kept", "anew"])
def test_requests_go_over_tls(here, secure, tls, trust, keep_alive):
    settings = {"ca": str(tls.cert)} if trust == "ca" else {"insecure": True}
    result = here.run(
        Plan(secure.url, connections=3, requests=30, keep_alive=keep_alive, **settings)
    )
    assert (result.requests, result.errors) == (30, {})
    assert result.connects.count == 3 if keep_alive else result.connects.count >= 30


def test_an_open_loop_goes_over_tls(here, secure):
    due = Replay(tuple(number / 200 for number in range(20)))
    plan = Plan(secure.url, connections=2, arrivals=due, duration_s=PATIENCE_S, insecure=True)
    result = here.run(plan)
    assert (result.requests, result.errors, result.dropped) == (20, {}, 0)


def test_a_certificate_that_every_connection_refuses_ends_the_run_at_once(here, secure):
    plan = Plan(secure.url, connections=3 * DISTRUSTED_AT_MOST, duration_s=600)
    with pytest.raises(LoadError, match=NOT_TRUSTED) as caught:
        here.run(plan)
    assert WAY_OUT in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(LoadError, match=NOT_TRUSTED):
        check_reachable(plan)
    assert here.run(Plan(secure.url, requests=1, connections=1, insecure=True)).requests == 1


def test_a_certificate_for_another_host_is_not_trusted(here, serve, app):
    other = Tls.self_signed("other.example")
    plan = Plan(serve(app, tls=other).url, ca=str(other.cert), duration_s=600)
    for refuse in (here.run, check_reachable):
        with pytest.raises(LoadError, match=r"IP address mismatch.*127\.0\.0\.1"):
            refuse(plan)


def test_a_server_that_speaks_no_tls_is_told_before_the_load(here, serve, app):
    url = serve(app).url.replace("http", "https")
    with pytest.raises(LoadError, match="does not speak TLS as was expected"):
        check_reachable(Plan(url))
    result = here.run(Plan(url, connections=1, duration_s=0.05))
    assert result.requests == 0
    assert result.errors.keys() == {"tls"}


def test_who_hangs_up_or_waits_in_a_handshake_gets_the_load_and_that_tells(monkeypatch):
    monkeypatch.setattr("asyncweb.loadtest.reach.CONNECT_S", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        check_reachable(Plan(f"https://127.0.0.1:{silent.getsockname()[1]}/"))


def test_load_and_race_trust_the_certificate_that_a_server_serves_with(secure, app, tls, quiet):
    assert load(secure, duration=0.1, connections=2, screen=quiet).errors == {}
    servers = {"plain": type(secure)(app), "secure": type(secure)(app, tls=tls)}
    report = race(servers, connections=2, duration=0.2, rounds=1, screen=quiet)
    assert all(server.requests > 0 and server.errors == {} for server in report.values())


def test_load_of_a_url_checks_its_certificate_or_is_told_not_to(secure, tls, quiet):
    settings = {"duration": 0.1, "connections": 2, "screen": quiet}
    with pytest.raises(LoadError, match=NOT_TRUSTED):
        load(secure.url, **settings)
    for trust in ({"insecure": True}, {"ca": str(tls.cert)}):
        assert load(secure.url, **settings, **trust).requests > 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ca": 1}, "ca=1: expected the path of a PEM file"),
        ({"ca": "a.pem", "insecure": True}, "give one of them"),
    ],
)
def test_whom_to_trust_is_said_once(settings, told):
    with pytest.raises(LoadError, match=told):
        Plan("https://127.0.0.1/", **settings)


def test_a_file_of_certificates_that_is_none_is_told(here, tmp_path):
    (tmp_path / "empty.pem").write_text("")
    for name, told in (("empty.pem", "holds no PEM"), ("none.pem", "No such file or directory")):
        plan = Plan("https://127.0.0.1:9/", ca=str(tmp_path / name))
        for refuse in (here.run, check_reachable):
            with pytest.raises(LoadError, match=told):
                refuse(plan)


# ---------------------------------------------------------------------- who asks


@pytest.fixture
def me(tmp_path):
    return Tls(*written(tmp_path, "me"))


@pytest.fixture
def exclusive(serve, app, tls, me):
    """A server that lets in who shows the certificate of `me`."""
    app.websocket("/echo")(echo)
    return serve(app, tls=Tls(tls.cert, tls.key, ca=me.cert))


async def echo(ws):
    async for message in ws:
        await ws.send(message)


@pytest.mark.parametrize("target", ["/", "/echo"])
def test_a_server_that_wants_to_know_who_asks_is_shown_it(here, exclusive, tls, me, target):
    url = exclusive.url + target
    url = url if target == "/" else url.replace("https", "wss")
    plan = Plan(url, connections=3, requests=30, ca=str(tls.cert), identity=me)
    result = here.run(plan)
    assert (result.requests, result.errors) == (30, {})


@pytest.mark.parametrize("target", ["/", "/echo"])
def test_who_is_not_let_in_is_told_why_at_once(here, exclusive, tls, tmp_path, target):
    url = exclusive.url + target
    url = url if target == "/" else url.replace("https", "wss")
    plan = Plan(url, connections=3, duration_s=600, ca=str(tls.cert))
    with pytest.raises(LoadError, match=r"wants to know who asks \(certificate required\): show a"):
        here.run(plan)
    other = Tls(*written(tmp_path, "other"))
    with pytest.raises(LoadError, match=r"\(unknown ca\): the one shown, .*other.pem, is not"):
        here.run(replace(plan, identity=other))


def test_who_asks_is_known_from_both_commands_too(exclusive, tls, me, quiet):
    settings = {"connections": 2, "duration": 0.2, "screen": quiet, "identity": me}
    assert load(exclusive, **settings).errors == {}
    report = race({"one": exclusive.url}, rounds=1, insecure=True, **settings)
    assert report["one"].requests > 0 and report["one"].errors == {}


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ("me.pem", r"identity='me.pem': expected a Tls\(cert, key\)"),
        (Tls("a", "b", ca="c"), "name whom to trust with ca="),
    ],
)
def test_who_asks_is_a_certificate_and_its_key(identity, told):
    with pytest.raises(LoadError, match=told):
        Plan("https://127.0.0.1/", identity=identity)


def test_a_certificate_of_our_own_that_is_none_is_told(here, me, tls):
    for identity, told in (
        (Tls("none.pem", me.key), "the load's own certificate: tls: cannot read none.pem"),
        (Tls(me.key, me.key), "holds no PEM certificate"),
        (Tls(me.cert, tls.key), "is not that of the certificate in"),
    ):
        plan = Plan("https://127.0.0.1:9/", identity=identity)
        for refuse in (here.run, check_reachable):
            with pytest.raises(LoadError, match=told):
                refuse(plan)


def test_who_shows_a_certificate_where_nobody_asks_is_told(here, me):
    with pytest.raises(LoadError, match="asks nobody for a certificate: expected https://"):
        here.run(Plan("http://127.0.0.1:9/", identity=me))


def test_the_port_of_https_is_443():
    assert (Plan("https://t/").port, Plan("https://t:8/").port, Plan("http://t/").port) == (
        443,
        8,
        80,
    )
