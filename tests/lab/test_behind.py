"""An App answers behind a server made by hand as it does behind one of ours."""

import asyncio

import pytest

from asyncweb import App, Request
from asyncweb.lab.behind import Behind


@pytest.fixture
def app():
    app = App()

    @app.get("/users/{id:int}")
    async def user(ctx):
        await ctx.sleep(0.001)
        return {"id": ctx.params["id"]}

    @app.get("/fails")
    def fails(ctx):
        raise KeyError("tea")

    @app.get("/stream")
    def stream(ctx):
        yield "piece"

    @app.get("/loop")
    async def needs_loop(ctx):
        await asyncio.sleep(0.001)

    @app.get("/offload")
    async def offload(ctx):
        return str(await ctx.offload(sum, [1, 2]))

    @app.get("/once")
    async def once(ctx):
        await ctx.send_once("at once")

    return app


def here(app, path):
    return Behind(app).respond_here(Request("GET", path))


def on_loop(app, path):
    with asyncio.Runner() as runner:
        return runner.run(Behind(app, sleep=asyncio.sleep).respond(Request("GET", path)))


BOTH_WAYS = pytest.mark.parametrize("respond", [here, on_loop])


@BOTH_WAYS
def test_a_handler_that_sleeps_is_answered(respond, app):
    assert respond(app, "/users/7").body == b'{"id":7}'


@BOTH_WAYS
def test_a_handler_may_offload_and_answer_early(respond, app):
    assert respond(app, "/offload").body == b"3"


@BOTH_WAYS
def test_what_has_no_route_is_404(respond, app):
    assert respond(app, "/nothing").status == 404


@BOTH_WAYS
@pytest.mark.parametrize("path", ["/stream", "/once"])
def test_what_comes_in_pieces_is_refused_in_words(respond, app, path):
    refusal = respond(app, path)
    assert refusal.status == 501
    assert b"whole answers" in refusal.body


def test_the_server_lends_its_sleep(app):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    with asyncio.Runner() as runner:
        runner.run(Behind(app, sleep).respond(Request("GET", "/users/7")))
    assert slept == [0.001]


def test_what_a_handler_raises_is_kept():
    app = App()
    fails = app.get("/fails")(lambda ctx: {}["tea"])
    behind = Behind(app)
    assert behind.respond_here(Request("GET", "/fails")).status == 500
    assert [(failure.request, failure.error) for failure in behind.errors] == [
        ("GET /fails", "KeyError: 'tea'")
    ]
    assert fails


def test_a_handler_that_needs_a_loop_is_told_so(app):
    behind = Behind(app)
    assert behind.respond_here(Request("GET", "/loop")).status == 500
    assert "event loop" in behind.errors[0].error
