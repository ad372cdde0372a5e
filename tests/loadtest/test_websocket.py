"""WebSocket loads on real servers: messages asked and answered, and every way that goes wrong."""

import threading

import pytest

from asyncweb import App, load, race
from asyncweb.errors import LoadError
from asyncweb.loadtest.arrivals import Replay
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.websocket import ACCEPTED, NoUpgrade, after_handshake, handshake
from tests.callers import tls as tls
from tests.conftest import PATIENCE_S
from tests.websocket_peer import CLOSE, PING, TEXT, closing, frame

SWITCHING = b"HTTP/1.1 101 Yes\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
AGREED = SWITCHING + b"sec-websocket-accept: %b\r\n\r\n" % ACCEPTED


@pytest.fixture
def seen():
    return []


@pytest.fixture
def app(seen):
    app = App()

    @app.websocket("/echo")
    async def echo(ws):
        async for message in ws:
            seen.append(message)
            await ws.send(message)

    @app.websocket("/greeting")
    async def greeting(ws):
        await ws.send("welcome")
        async for message in ws:
            await ws.send(message)

    @app.websocket("/once")
    async def once(ws):
        await ws.receive()
        await ws.send("one")
        await ws.receive()

    @app.websocket("/silent")
    async def silent(ws):
        async for _ in ws:
            pass

    app.get("/page")(lambda ctx: "no WebSocket")
    return app


@pytest.fixture
def url(serve, app):
    return serve(app).url.replace("http", "ws")


@pytest.fixture
def scripted(scripted):
    """A server that agrees to each WebSocket, and then does `act(connection)` for what comes."""

    def start(act, agreed=AGREED):
        return scripted(act, agreed).replace("http://", "ws://")

    return start


@pytest.mark.parametrize("pipelined", [1, 5])
@pytest.mark.parametrize("message", ["Grüße, {{n}}", b"\xff{{n}}", "x" * 70_000])
def test_a_message_is_asked_and_its_echo_is_the_answer(here, url, seen, message, pipelined):
    plan = Plan(f"{url}/echo", connections=3, requests=30, message=message, pipelined=pipelined)
    result = here.run(plan)
    assert (result.requests, result.errors) == (30, {})
    assert result.connects.count == 3 and result.latency.count == 30
    if isinstance(message, str):
        wanted = [message.replace("{{n}}", str(number)) for number in range(30)]
    else:
        wanted = [message.replace(b"{{n}}", b"%d" % number) for number in range(30)]
    assert sorted(seen) == sorted(wanted)


def test_hello_is_said_when_nothing_else_is(here, url, seen):
    assert here.run(Plan(f"{url}/echo", connections=1, requests=2)).requests == 2
    assert seen == ["hello", "hello"]


def test_messages_go_over_tls(here, serve, app, tls):
    url = serve(app, tls=tls).url.replace("https", "wss")
    result = here.run(Plan(f"{url}/echo", connections=2, requests=20, ca=str(tls.cert)))
    assert (result.requests, result.errors) == (20, {})
    with pytest.raises(LoadError, match="is not trusted"):
        here.run(Plan(f"{url}/echo", connections=2, duration_s=600))


def test_messages_are_sent_in_an_open_loop(here, url):
    due = Replay(tuple(number / 200 for number in range(20)))
    plan = Plan(f"{url}/echo", connections=2, arrivals=due, duration_s=PATIENCE_S)
    result = here.run(plan)
    assert (result.requests, result.errors, result.dropped) == (20, {}, 0)


def test_who_thinks_between_two_messages_sends_less(here, url):
    plan = Plan(f"{url}/echo", connections=2, think_s=0.1, duration_s=0.35)
    assert 2 <= here.run(plan).requests <= 8


def test_what_comes_unasked_is_no_answer(here, url):
    result = here.run(Plan(f"{url}/greeting", connections=2, requests=20))
    assert (result.requests, result.errors) == (20, {})


@pytest.mark.parametrize("size", [10, 300])
def test_of_a_server_that_speaks_unasked_only_what_begins_as_said_is_an_answer(
    here, scripted, size
):
    answer_s, tick = 0.05, frame(TEXT, b"tick " * size, masked=False)
    echo = frame(TEXT, b"echo " * size, masked=False)

    def tick_then_echo(connection):
        connection.sendall(tick)
        threading.Event().wait(answer_s)
        connection.sendall(echo)

    url = scripted(tick_then_echo)
    result = here.run(Plan(url, connections=1, requests=3, answer="echo"))
    assert (result.requests, result.errors, result.unasked) == (3, {}, 0)
    assert result.latency.percentile(0.01) >= 0.9 * answer_s
    assert "unasked" not in result.explain()


def test_messages_that_nobody_waited_for_are_counted_and_told(here, scripted):
    result = here.run(Plan(scripted(answer(ECHO * 2)), connections=1, requests=6, think_s=0.01))
    assert (result.requests, result.errors) == (6, {})
    assert result.unasked >= 5
    assert "messages came while none was waited for: the server speaks unasked" in result.explain()


def test_a_goodbye_instead_of_an_answer_is_an_error_and_a_new_connection_is_made(here, url):
    result = here.run(Plan(f"{url}/once", connections=1, requests=6))
    assert (result.requests, result.errors) == (3, {"closed": 3})
    assert result.connects.count >= 3


def test_a_message_that_is_not_answered_is_a_timeout(here, url):
    result = here.run(Plan(f"{url}/silent", connections=2, requests=4, timeout_s=0.5))
    assert (result.requests, result.errors) == (0, {"timeout": 4})


@pytest.mark.parametrize("path", ["/page", "/nowhere"])
def test_a_server_that_does_not_agree_is_told_and_not_hammered(here, url, path):
    result = here.run(Plan(f"{url}{path}", connections=2, duration_s=0.25))
    assert result.requests == 0
    assert result.errors.keys() == {"upgrade"}
    assert 2 <= result.errors["upgrade"] <= 10


def answer(data, then_close=False):
    def act(connection):
        connection.sendall(data)
        if then_close:
            connection.close()

    return act


ECHO = frame(TEXT, b"x", masked=False)
PINGED = frame(PING, b"there?", masked=False)
GOODBYE = frame(CLOSE, closing(1000)[6:], masked=False)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (answer(b"HTTP/1.1 200 OK\r\n\r\n"), "protocol"),
        (answer(frame(TEXT, b"masked")), "protocol"),
        (answer(ECHO[:-1], then_close=True), "reset"),
        (answer(GOODBYE, then_close=True), "closed"),
    ],
)
def test_what_is_no_whole_message_is_an_error_and_no_answer(here, scripted, act, kind):
    result = here.run(Plan(scripted(act), connections=2, requests=6))
    assert (result.requests, result.errors) == (0, {kind: 6})


@pytest.mark.parametrize(
    "agreed",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 101 Yes\r\n\r\n",
        SWITCHING + b"\r\n",
        SWITCHING + b"sec-websocket-accept: no\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_who_agrees_to_something_else_is_refused(here, scripted, agreed):
    result = here.run(Plan(scripted(answer(ECHO), agreed), connections=1, duration_s=0.05))
    assert result.requests == 0
    assert result.errors.keys() == {"upgrade"}


def test_who_never_agrees_is_given_up(here, scripted):
    plan = Plan(scripted(answer(b""), b""), connections=1, duration_s=0.3, timeout_s=0.05)
    assert here.run(plan).errors.keys() == {"connect"}


def test_a_ping_is_answered_in_the_midst_of_it(here, scripted):
    pongs = []

    def ping_then_echo(connection):
        connection.sendall(PINGED)
        pongs.append(connection.recv(4096))
        connection.sendall(ECHO)

    result = here.run(Plan(scripted(ping_then_echo), connections=1, requests=3))
    assert (result.requests, result.errors) == (3, {})
    assert [pong[:2] for pong in pongs[:3]] == [b"\x8a\x86"] * 3


def test_what_comes_with_the_agreement_is_heard(here, scripted):
    result = here.run(Plan(scripted(answer(ECHO), AGREED + PINGED), connections=1, requests=3))
    assert result.requests == 3


@pytest.mark.slow
def test_load_and_race_send_messages_to_servers_and_urls(serve, app, url, quiet):
    settings = {"path": "/echo", "connections": 2, "message": "hi", "screen": quiet}
    server = serve(app)
    assert load(server, duration=0.1, **settings).errors == {}
    report = race({"one": type(server)(app), "other": url}, duration=0.2, rounds=1, **settings)
    assert all(each.requests > 0 and each.errors == {} for each in report.values())


def test_a_header_that_a_handshake_needs_is_its_own():
    said = handshake(Plan("ws://t/", headers={"Upgrade": "tea", "Cookie": "a=1"}))
    assert said.count(b"upgrade: ") == 1 and b"upgrade: websocket\r\n" in said
    assert b"cookie: a=1\r\n" in said


def test_headers_are_those_of_the_handshake():
    said = handshake(Plan("ws://t/x?y=z", headers={"origin": "http://t"}))
    assert said.startswith(b"GET /x?y=z HTTP/1.1\r\nhost: t\r\norigin: http://t\r\n")
    assert b"upgrade: websocket\r\n" in said


def test_an_agreement_without_an_end_is_refused():
    with pytest.raises(NoUpgrade, match="a head of more than"):
        after_handshake(AGREED[:-2] + b"x" * 300_000)


@pytest.mark.parametrize(
    ("url", "settings", "told"),
    [
        ("http://t/", {"message": "hi"}, "are for ws:// and wss://: send a body to http://t/"),
        ("ws://t/", {"message": 7}, "message: expected str or bytes, got int"),
        ("http://t/", {"answer": "hi"}, "message and answer are for ws:// and wss://"),
        ("ws://t/", {"answer": 7}, "answer: expected str or bytes, got int"),
        ("ws://t/", {"message": {}}, "a dict goes by json.dumps()"),
        ("ws://t/", {"message": "\ud800"}, "cannot be sent as UTF-8"),
        ("ws://t/", {"message": "{{m}}"}, "a blank {{m}}: expected {{n}}"),
        ("ws://t/", {"method": "POST"}, "leave method, body, mix and ask out"),
        ("ws://t/", {"body": b"tea"}, "leave method, body, mix and ask out"),
        ("ws://t/", {"mix": (Ask("/"),)}, "leave method, body, mix and ask out"),
        ("ws://t/", {"ask": lambda number, dice: "/"}, "leave method, body, mix and ask out"),
        ("ws://t/", {"keep_alive": False}, "keep_alive=False: a WebSocket is kept"),
        ("ws://t/", {"headers": {"a": "b\r\nc"}}, "control character"),
        ("ftp://t/", {}, "expected http://host:port/path, or https, ws or wss"),
        ("ws:///", {}, "expected http://host:port/path, or https, ws or wss"),
    ],
)  # fmt: skip
def test_a_websocket_load_that_makes_no_sense_is_refused(url, settings, told):
    with pytest.raises(LoadError) as caught:
        Plan(url, **settings)
    assert told in str(caught.value)
