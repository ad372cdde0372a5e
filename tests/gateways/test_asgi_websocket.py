"""The WebSockets of our App as ASGI: what the host hears, and what the handler."""

import asyncio

import pytest

from asyncweb import App, HTTPError, Limits, Response
from asyncweb.channel import MESSAGE_COST
from asyncweb.errors import ClientGone
from asyncweb.gateways import asgi_channel
from tests.asgi_conversation import Conversation, ask, hold, scope

CONNECT = {"type": "websocket.connect"}


def of(text):
    return {"type": "websocket.receive", "text": text}


@pytest.fixture
def talking():
    app = App()

    @app.websocket("/echo/{room}", subprotocols=["chat"])
    async def echo(ws):
        await ws.send(ws.params["room"].encode())
        async for message in ws:
            if message == "boom":
                raise LookupError("on purpose")
            await ws.send(message)
        app.state.code = ws.close_code

    @app.before_upgrade
    def hook(ctx):
        ctx.response.headers["x-hook"] = "yes"
        if "no" in ctx.query:
            raise HTTPError(401, "who?")

    return app


def test_a_websocket_is_accepted_and_its_messages_go_both_ways(talking):
    asked = scope("/echo/7", "websocket", headers=[(b"sec-websocket-protocol", b"talk, chat")])
    gone = {"type": "websocket.disconnect", "code": 1001}
    told = ask(
        talking, asked, CONNECT, of("one"), {"type": "websocket.receive", "bytes": b"2"}, gone
    )
    assert told.said == [
        {"type": "websocket.accept", "subprotocol": "chat", "headers": [(b"x-hook", b"yes")]},
        {"type": "websocket.send", "bytes": b"7"},
        {"type": "websocket.send", "text": "one"},
        {"type": "websocket.send", "bytes": b"2"},
    ]
    assert talking.state.code == 1001


def test_a_websocket_whose_handler_raises_is_closed_with_1011(talking, caplog):
    told = ask(talking, scope("/echo/7", "websocket"), CONNECT, of("boom"))
    assert told.said[-1] == {"type": "websocket.close", "code": 1011, "reason": ""}
    assert "on purpose" in caplog.text


@pytest.mark.parametrize(
    ("path", "query", "status"), [("/nowhere", b"", 404), ("/echo/7", b"no=1", 401)]
)
def test_a_websocket_that_is_refused_is_answered_where_the_host_can(talking, path, query, status):
    asked = scope(path, "websocket", query_string=query)
    assert ask(talking, asked, CONNECT).said == [{"type": "websocket.close", "code": 1000}]
    told = ask(talking, {**asked, "extensions": {"websocket.http.response": {}}}, CONNECT)
    assert told.status == status
    assert [message["type"].rpartition(".")[2] for message in told.said] == ["start", "body"]


class Pieces:
    """A body that comes in pieces, and knows whether it was closed."""

    def __init__(self, *pieces):
        self._pieces = iter(pieces)
        self.is_closed = False

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._pieces)

    def close(self):
        self.is_closed = True


CAN = {"extensions": {"websocket.http.response": {}}}


def refused_with(answer, **asked):
    """What a host hears when `answer` is that of a hook that lets nobody in."""
    app = App()
    app.before_upgrade(lambda ctx: answer)

    @app.websocket("/")
    async def never(ws):
        raise AssertionError("it was let in")

    return ask(app, scope("/", "websocket", **asked), CONNECT)


def test_a_refusal_in_pieces_is_sent_piece_by_piece():
    pieces = Pieces("not ", "for you")
    told = refused_with((pieces, 403), **CAN)
    assert (told.status, told.body, pieces.is_closed) == (403, b"not for you", True)
    assert [message.get("more_body", False) for message in told.said[1:]] == [True, True, False]


def test_a_refusal_may_be_a_file(tmp_path):
    (tmp_path / "no.txt").write_bytes(b"not for you" * 10_000)
    answer = Response.file(tmp_path / "no.txt")
    answer.status = 403
    told = refused_with(answer, **CAN)
    assert (told.status, told.body) == (403, b"not for you" * 10_000)


def test_a_refusal_in_pieces_is_closed_where_the_host_cannot_send_it():
    pieces = Pieces("not ", "for you")
    assert refused_with((pieces, 403)).said == [{"type": "websocket.close", "code": 1000}]
    assert pieces.is_closed


def test_a_refusal_that_breaks_off_never_looks_whole(caplog):
    with pytest.raises(ClientGone, match="the answer to GET / broke off"):
        refused_with((Pieces("not ", 7), 403), **CAN)
    assert "may yield bytes or str" in caplog.text


# ---------------------------------------------------------------------- while the handler works

GONE = {"type": "websocket.disconnect", "code": 4001, "reason": "enough"}


def handle(handler, conversation, limits=None):
    """The conversation of a WebSocket whose handler is `handler`, when it has come to its end."""
    app = App()
    app.limits = limits or app.limits
    app.websocket("/")(handler)
    return hold(conversation, app, scope("/", "websocket"))


def handled_by(handler, *asks, limits=None):
    return handle(handler, Conversation(CONNECT, *asks), limits)


def test_no_more_waits_in_us_than_the_bound_and_one_message(caplog):
    bound, size = 3000, 100
    conversation, left = Conversation(CONNECT, *[of("x" * size)] * 100, GONE), []

    async def late(ws):
        for _ in range(3):
            await asyncio.sleep(0)  # the host could tell all meanwhile
            left.append(len(conversation.asks))
            await ws.receive()
        assert len([message async for message in ws]) == 97

    handle(late, conversation, Limits(buffer_bytes=bound))
    waiting = -(-bound // (size + MESSAGE_COST))
    assert left == [101 - waiting, 100 - waiting, 99 - waiting]
    assert not caplog.records


def test_a_wait_for_a_message_that_is_given_up_loses_none():
    async def impatient(ws):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ws.receive(), 0)
        await ws.send(await ws.receive())

    assert handled_by(impatient, of("kept")).said[1] == {"type": "websocket.send", "text": "kept"}


@pytest.mark.parametrize("unheard", [(), (of("never heard"),)])
def test_a_handler_that_waits_for_something_else_is_cancelled(caplog, unheard):
    told = []

    async def wait(ws):
        try:
            await asyncio.Event().wait()
        finally:
            told.append(ws.ctx.closed)

    assert len(handled_by(wait, *unheard, GONE, limits=Limits(half_closed_s=0.01)).said) == 1
    assert told == [True]
    assert not caplog.records


def test_a_handler_that_is_at_its_end_in_time_is_not_cancelled(monkeypatch):
    monkeypatch.setattr(asgi_channel, "LOOK_S", 0)
    told = []

    async def tidy(ws):
        while ws.close_code is None:
            await asyncio.sleep(0)
        told.append(ws.close_code)

    handled_by(tidy, of("never heard"), GONE)
    assert told == [4001]


def test_who_answers_what_came_before_a_goodbye_says_nothing_to_it():
    async def polite(ws):
        await ws.send(await ws.receive())
        await ws.close(1000, "mine")
        assert (ws.close_code, ws.close_reason) == (4001, "enough")
        with pytest.raises(ClientGone, match="closed: 4001 enough"):
            await ws.send("too late")

    told = handled_by(polite, of("last"), of("never heard"), GONE)
    assert [message["type"] for message in told.said] == ["websocket.accept", "websocket.send"]


@pytest.mark.parametrize("error", [ConnectionResetError, LookupError])
def test_a_host_that_can_tell_nothing_more_has_lost_its_client(error):
    async def listen(ws):
        with pytest.raises(ClientGone, match="broke off: 1006"):
            async for message in ws:
                assert message == "first"

    class Failing(Conversation):
        async def receive(self):
            if not self.asks:
                raise error("on purpose")
            return await super().receive()

    handle(listen, Failing(CONNECT, of("first")))


class Deaf(Conversation):
    """A host that says by an error that its client has left, from the second message on."""

    hears = 1

    async def send(self, message):
        if len(self.said) == self.hears:
            raise OSError("on purpose")
        await super().send(message)


@pytest.mark.parametrize(("asks", "code"), [((GONE,), 4001), ((of("x"), GONE), 4001), ((), 1006)])
def test_who_cannot_be_answered_is_gone_with_its_own_goodbye(caplog, asks, code):
    told = []

    async def answer(ws):
        await asyncio.sleep(0)  # the host tells all meanwhile
        with pytest.raises(ClientGone):
            await ws.send("too late")
        told.append(ws.close_code)

    handle(answer, Deaf(CONNECT, *asks))
    assert told == [code]
    assert not caplog.records


def test_who_leaves_before_it_is_accepted_is_no_failure_of_the_app(caplog):
    async def never(ws):
        raise AssertionError("it was accepted")

    conversation = Deaf(CONNECT)
    conversation.hears = 0
    handle(never, conversation)
    assert not caplog.records
