"""Our App as ASGI: what the host hears, message by message."""

import asyncio
import inspect
import pickle

import pytest

from asyncweb import App, Limits
from asyncweb.errors import ClientGone
from tests.asgi_conversation import Conversation, ask, scope
from tests.conftest import PATIENCE_S
from tests.gateways.endings import ENDINGS, ends_of

LEFT = {"type": "http.disconnect"}


@pytest.fixture
def app():
    app = App()
    app.get("/")(lambda ctx: "Hello")

    @app.post("/echo")
    async def echo(ctx):
        return await ctx.offload(bytes, ctx.body)

    @app.post("/up", stream=True)
    async def up(ctx):
        return [piece.decode() async for piece in ctx.stream]

    @app.get("/users/{name}")
    async def user(ctx):
        await ctx.sleep(0)
        return [ctx.params["name"], ctx.client, ctx.request.version, dict(ctx.query)]

    return app


def test_hosts_see_a_coroutine_function_and_travellers_too(app):
    for one in (app, pickle.loads(pickle.dumps(App()))):
        assert inspect.iscoroutinefunction(one.__call__)


def test_an_answer_is_a_head_and_a_body(app):
    told = ask(app, scope())
    kind, length = (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"5")
    assert told.said == [
        {"type": "http.response.start", "status": 200, "headers": [kind, length]},
        {"type": "http.response.body", "body": b"Hello"},
    ]
    told = ask(app, scope(method="HEAD"))
    assert (told.headers[b"content-length"], told.body) == (b"5", b"")


def test_what_a_handler_sees_is_what_the_host_tells(app):
    asked = scope("/v1/users/é", raw_path=b"/v1/users/%C3%A9", root_path="/v1",
                  query_string=b"a=1", client=["10.0.0.1", 7], http_version="2")  # fmt: skip
    assert ask(app, asked).body.decode() == '["é",["10.0.0.1",7],"2",{"a":"1"}]'
    assert ask(app, scope("/users/é")).body.decode().startswith('["é",null,"1.1",{}')


PIECES = [{"type": "http.request", "body": b"one", "more_body": True},
          {"type": "http.request", "body": b"", "more_body": True},
          {"type": "http.request", "body": b"two"}]  # fmt: skip
LONG = [(b"transfer-encoding", b"chunked")]


def test_bodies_come_whole_or_in_pieces_and_their_limits_hold(app):
    assert ask(app, scope("/echo", method="POST", headers=LONG), *PIECES).body == b"onetwo"
    up = scope("/up", method="POST", headers=LONG)
    assert ask(app, up, *PIECES).body == b'["one","two"]'
    assert ask(app, up, PIECES[0], LEFT).status == 400
    assert ask(app, scope("/echo", method="POST", headers=LONG), PIECES[0], LEFT).status == 400
    app.limits = Limits(body_bytes=5, stream_bytes=5)
    assert ask(app, up, *PIECES).status == 413
    assert ask(app, scope("/echo", method="POST", headers=LONG), *PIECES).status == 413
    declared = scope("/echo", method="POST", headers=[(b"content-length", b"6")])
    assert ask(app, declared).status == 413


@pytest.mark.parametrize("method", ["BREW", "CONNECT"])
def test_an_unknown_method_is_501(app, method):
    assert ask(app, scope(method=method)).status == 501


def test_a_handler_that_waits_is_cancelled_when_its_client_leaves(app):
    ended = []

    @app.get("/wait")
    async def wait(ctx):
        try:
            await asyncio.sleep(3600)
        finally:
            ended.append(ctx.closed)

    assert ask(app, scope("/wait"), {"type": "http.request"}, LEFT).said == []
    assert ended == [True]


def test_a_stream_is_closed_when_its_client_leaves(app):
    ended = []

    @app.get("/endless")
    async def endless(ctx):
        try:
            while True:
                yield "x"
                await ctx.sleep(0)
        finally:
            ended.append("closed")

    told = ask(app, scope("/endless"), {"type": "http.request"}, LEFT)
    assert ended == ["closed"]
    assert all(message.get("more_body", True) for message in told.said)


@pytest.mark.parametrize("length", [None, "1", "9"])
def test_a_stream_that_is_wrong_is_broken_off(app, length, caplog):
    @app.get("/wrong")
    async def wrong(ctx):
        if length:
            ctx.response.headers["content-length"] = length
            return iter(["one", "two"])
        return iter(["one", 7])

    conversation = Conversation({"type": "http.request"})
    call = app(scope("/wrong"), conversation.receive, conversation.send)
    with pytest.raises(ConnectionError, match="GET /wrong broke off"):
        asyncio.run(call)
    assert all(message.get("more_body", True) for message in conversation.said)
    assert ("Content-Length" if length else "may yield bytes or str") in caplog.text


def test_what_a_status_may_not_be_is_a_500(app, caplog):
    @app.get("/odd")
    async def odd(ctx):
        ctx.response.status = 700
        return ctx.response

    assert ask(app, scope("/odd")).status == 500
    assert "status 700" in caplog.text


def test_the_fields_of_the_connection_are_the_hosts(app):
    @app.get("/bye")
    def bye(ctx):
        fields = {"connection": "close", "date": "x", "transfer-encoding": "x", "x-a": "1"}
        return "bye", 200, fields

    assert ask(app, scope("/bye", http_version="2")).headers.keys() == {
        b"content-type", b"x-a", b"content-length"
    }  # fmt: skip
    assert ask(app, scope("/bye")).headers[b"connection"] == b"close"


@pytest.mark.parametrize("fails", [None, "startup", "shutdown"])
def test_the_hooks_run_with_the_lifespan(app, fails):
    ran = []

    def hook(stage):
        ran.append(stage)
        if stage == fails:
            raise LookupError("no database")

    app.on_startup(lambda: hook("startup"))
    app.on_shutdown(lambda: hook("shutdown"))
    asks = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    conversation = Conversation(*asks)
    call = app({"type": "lifespan"}, conversation.receive, conversation.send)
    if fails:
        with pytest.raises(LookupError):
            asyncio.run(call)
        failed = {"type": f"lifespan.{fails}.failed", "message": "LookupError: no database"}
        assert conversation.said[-1] == failed
    else:
        asyncio.run(call)
        assert ran == ["startup", "shutdown"]
        assert [message["type"] for message in conversation.said] == [
            "lifespan.startup.complete", "lifespan.shutdown.complete"
        ]  # fmt: skip


@ENDINGS
def test_an_answer_whose_head_the_host_refuses_leaves_no_handler_hanging(app, how, end):
    ended = ends_of(app, how)

    async def refuse(message):
        raise OSError("the client has left")

    async def call():
        with pytest.raises(ClientGone):
            await app(scope("/work"), Conversation().receive, refuse)
        while not ended:
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(call(), PATIENCE_S))
    assert ended == [end]


def test_another_kind_of_scope_is_an_error_that_says_so(app):
    with pytest.raises(ValueError, match="'telegraph'"):
        ask(app, {"type": "telegraph"})
