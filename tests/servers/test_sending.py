"""Answers that begin, or are whole, before their handler has ended."""

import asyncio
import queue
import threading

import pytest

from asyncweb import App, Response
from asyncweb.errors import ClientGone
from tests.conftest import PATIENCE_S, THREADED, eventually


def app_of(handler, path="/"):
    app = App()
    app.get(path)(handler)
    app.get("/other")(lambda ctx: "other")
    return app


async def until(ctx, event):
    while not event.is_set():
        await ctx.sleep(0.001)


def test_a_handler_sends_pieces_while_it_works(serve, peer):
    first_was_read = threading.Event()

    async def count(ctx):
        ctx.response.status = 201
        ctx.response.headers["x-a"] = "1"
        await ctx.send("first")
        await until(ctx, first_was_read)
        await ctx.send(b"second")

    client = peer(serve(app_of(count))).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    head = b""
    while not head.endswith(b"5\r\nfirst\r\n"):
        head += client.socket.recv(1)
    assert head.startswith(b"HTTP/1.1 201 ")
    assert b"x-a: 1\r\n" in head
    first_was_read.set()
    assert client.rest_of_chunks() == b"second"
    assert client.get("/other").text == "other"


def test_a_head_can_be_sent_before_any_piece(serve, peer):
    head_was_read = threading.Event()

    async def late(ctx):
        await ctx.send()
        await until(ctx, head_was_read)
        await ctx.send("late")

    client = peer(serve(app_of(late))).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.socket.recv(1)
    head_was_read.set()
    assert client.rest_of_chunks() == b"late"


def test_middleware_sees_what_is_sent_before_its_head_is_out(serve, peer):
    async def pieces(ctx):
        await ctx.send("a")
        await ctx.sleep(0)
        await ctx.send("b")

    app = app_of(pieces)

    @app.middleware
    async def mark(ctx, next):
        response = await next(ctx)
        response.headers["x-marked"] = "yes"
        return response

    @app.middleware
    def pass_on(ctx, next):
        return next(ctx)

    answer = peer(serve(app)).get()
    assert (answer.headers["x-marked"], answer.text) == ("yes", "ab")


def test_timeouts_around_a_piece_keep_working_on_a_loop(serve, peer, kind):
    if kind in THREADED:
        return

    async def slow(ctx):
        try:
            async with asyncio.timeout(0.01):
                await ctx.send("a")
                await asyncio.Event().wait()
        except TimeoutError:
            await ctx.send("b")

    assert peer(serve(app_of(slow))).get().text == "ab"


@pytest.mark.parametrize("how", ["timeout", "task group"])
def test_a_wait_for_a_client_that_does_not_read_is_the_handlers_own(serve, peer, kind, how):
    if kind in THREADED:
        return
    told = []

    async def fail():
        raise LookupError

    async def pours(ctx):
        try:
            async with asyncio.timeout(0.01 if how == "timeout" else None):
                async with asyncio.TaskGroup() as group:
                    if how == "task group":
                        group.create_task(fail())
                    while True:
                        await ctx.send(b"x" * 100_000)
        except* (TimeoutError, LookupError) as found:
            told.extend(map(type, found.exceptions))

    server = serve(app_of(pours))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    eventually(lambda: told)
    assert told == [TimeoutError if how == "timeout" else LookupError]
    assert set(client.answer().text) == {"x"}
    assert client.get("/other").text == "other"
    assert not server.errors


@pytest.mark.parametrize("end", ["return", "raise"])
def test_what_goes_wrong_after_a_piece_breaks_the_answer_off_and_is_kept(serve, peer, end):
    async def wrong(ctx):
        await ctx.send("a")
        if end == "return":
            return "b"
        raise ValueError("too late")

    server = serve(app_of(wrong))
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get()
    eventually(lambda: server.errors)
    told = {"return": "the handler returned str after it had sent", "raise": "too late"}
    assert told[end] in server.errors[0].error


def test_what_is_neither_text_nor_bytes_is_refused_where_it_is_sent(serve, peer):
    async def wrong(ctx):
        await ctx.send(7)

    server = serve(app_of(wrong))
    assert peer(server).get().status == 500
    assert server.errors[0].error == "TypeError: ctx.send(int): expected bytes or str"
    assert "await ctx.send(7)" in server.errors[0].traceback


@pytest.mark.parametrize("name", ["send", "send_once"])
def test_a_status_that_is_none_is_refused_where_it_is_sent(serve, peer, name):
    ended = threading.Event()

    async def wrong(ctx):
        try:
            ctx.response.status = 999
            await getattr(ctx, name)("x")
        finally:
            ended.set()

    server = serve(app_of(wrong))
    assert peer(server).get().status == 500
    assert ended.is_set()
    assert "status 999: a final answer has a status from 200 to 599" in server.errors[0].error
    assert "await getattr(ctx, name)" in server.errors[0].traceback


@pytest.mark.parametrize(("name", "ends_with"), [("send", ClientGone), ("send_once", None)])
def test_an_answer_that_cannot_be_spelled_leaves_no_handler_hanging(serve, peer, name, ends_with):
    ended = []

    async def begins(ctx):
        try:
            await getattr(ctx, name)("x")
            await ctx.sleep(0)
            ended.append(None)
        except ClientGone as gone:
            ended.append(type(gone))
            raise

    app = app_of(begins)

    @app.middleware
    async def spoil(ctx, next):
        response = await next(ctx)
        response.status = 999
        return response

    server = serve(app)
    assert peer(server).get().text == "Internal Server Error"
    eventually(lambda: ended)
    assert ended == [ends_with]


def test_a_handler_waits_for_a_slow_reader_and_learns_that_it_has_left(serve, peer):
    sent, left = [], threading.Event()

    async def endless(ctx):
        try:
            while True:
                await ctx.send(b"x" * 100_000)
                sent.append(1)
        except (ClientGone, asyncio.CancelledError):
            await ctx.sleep(0)  # cleaning up may wait
            left.set()
            raise

    server = serve(app_of(endless))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    client.socket.recv(1000)
    eventually(lambda: sent and peer(server).get("/other").status == 200)
    assert len(sent) < 1000
    client.vanish()
    assert left.wait(PATIENCE_S)
    eventually(lambda: server.stats()["in_flight"] == 0)
    assert server.errors == []


def test_a_handler_that_sends_on_when_nobody_listens_is_ended(serve, peer):
    ended = threading.Event()

    async def stubborn(ctx):
        try:
            while True:
                try:
                    await ctx.send(b"x" * 100_000)
                except ClientGone:
                    continue
        finally:
            ended.set()

    client = peer(serve(app_of(stubborn))).send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).headers["transfer-encoding"] == "chunked"
    assert ended.wait(PATIENCE_S)
    assert client.get("/other").text == "other"


def test_only_a_handler_sends(serve, peer):
    app = app_of(lambda ctx: "x")

    @app.middleware
    async def early(ctx, next):
        await ctx.send("x")
        return await next(ctx)

    server = serve(app)
    assert peer(server).get().status == 500
    assert "to be awaited by the handler itself" in server.errors[0].error


@pytest.mark.parametrize("name", ["send", "send_once"])
def test_a_plain_def_that_sends_is_told_how_it_is_written(serve, peer, name):
    def forgets(ctx):
        getattr(ctx, name)("x")

    def yields(ctx):
        yield "a"
        getattr(ctx, name)("x")

    app = app_of(forgets)
    app.get("/yields")(yields)
    server = serve(app)
    assert peer(server).get().status == 500
    assert f"an `async def` with `await ctx.{name}(...)`, or `yield`" in server.errors[0].error
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get("/yields")
    eventually(lambda: len(server.errors) == 2)


def test_a_client_that_leaves_is_noticed_where_the_handler_waits(serve, peer, kind):
    """As ClientGone where it sends; in another wait of a loop it is cancelled."""
    told, began = [], threading.Event()

    async def waits(ctx):
        try:
            await ctx.send("a")
            began.set()
            while True:
                await ctx.sleep(0.005)
                if kind in THREADED:
                    await ctx.send("b")
        except BaseException as error:
            told.append(type(error))
            raise

    server = serve(app_of(waits))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert began.wait(PATIENCE_S)
    client.vanish()
    eventually(lambda: told)
    assert told == [ClientGone if kind in THREADED else asyncio.CancelledError]
    assert not server.errors


@pytest.mark.parametrize("error", [LookupError, SystemExit])
def test_what_goes_wrong_in_clearing_up_is_kept_though_the_client_has_left(serve, peer, error):
    begun = threading.Event()

    async def breaks(ctx):
        try:
            while True:
                begun.set()
                await ctx.send(b"x" * 100_000)
        except ClientGone:
            raise error("in clearing up") from None

    server = serve(app_of(breaks))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    eventually(lambda: server.errors)
    assert server.errors[0].error == f"{error.__name__}: in clearing up"
    assert peer(server).get("/other").text == "other"


def test_a_handler_that_does_not_take_that_its_client_has_left_is_ended(serve, peer):
    begun, ended, told = threading.Event(), threading.Event(), []

    async def stubborn(ctx):
        try:
            while True:
                try:
                    await ctx.send(b"x" * 100_000)
                    begun.set()
                except ClientGone:
                    told.append("gone")
        finally:
            ended.set()

    server = serve(app_of(stubborn))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    assert ended.wait(PATIENCE_S) and told
    assert not server.errors


def test_another_task_that_sends_is_told_who_may(serve, peer, kind):
    if kind in THREADED:
        return

    async def delegates(ctx):
        await asyncio.gather(ctx.send("x"))

    server = serve(app_of(delegates))
    assert peer(server).get().status == 500
    assert "to be awaited by the handler itself" in server.errors[0].error


@pytest.mark.parametrize("how", ["send", "send_once"])
def test_what_was_taken_over_has_a_stream_of_its_own_to_send_on(serve, peer, how):
    async def both(ctx):
        await ctx.take_over(upgrade="echo")
        await getattr(ctx, how)("x")

    server = serve(app_of(both))
    ask = b"GET / HTTP/1.1\r\nHost: t\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
    peer(server).send(ask)
    eventually(lambda: server.errors)
    assert "write to the stream that it gave you" in server.errors[0].error


def test_an_answer_that_has_begun_leaves_nothing_to_take_over(serve, peer):
    async def both(ctx):
        await ctx.send_once("x")
        await ctx.take_over()

    server = serve(app_of(both))
    client = peer(server)
    assert [client.get().text, client.get("/other").text] == ["x", "other"]
    eventually(lambda: server.errors)
    assert "nothing can be added to it, or taken over" in server.errors[0].error


# ------------------------------------------------------------------ once


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("value", ["text", {"a": 1}, ("made", 201), None, Response("r", 299)])
def test_an_answer_is_whole_before_its_handler_has_ended(serve, peer, value, method):
    answer_was_read, ended = threading.Event(), threading.Event()

    async def once(ctx):
        ctx.response.headers["x-a"] = "1"
        await ctx.send_once(value)
        await until(ctx, answer_was_read)
        ended.set()

    client = peer(serve(app_of(once)))
    client.send(f"{method} / HTTP/1.1\r\nHost: t\r\n\r\n".encode())
    answer = client.answer(has_body=method == "GET")
    expected = Response.of(value)
    assert (answer.status, answer.headers["x-a"]) == (expected.status, "1")
    if value is not None:
        assert answer.headers["content-length"] == str(len(expected.body))
    assert answer.body == (expected.body if method == "GET" else b"")
    assert not ended.is_set()
    answer_was_read.set()
    assert ended.wait(PATIENCE_S)
    assert client.get("/other").text == "other"


def test_a_client_that_leaves_after_its_answer_ends_no_work(serve, peer):
    has_left, ended = threading.Event(), threading.Event()

    async def once(ctx):
        await ctx.send_once("taken")
        await until(ctx, has_left)
        ended.set()

    server = serve(app_of(once))
    client = peer(server)
    assert client.get().text == "taken"
    client.vanish()
    has_left.set()
    assert ended.wait(PATIENCE_S)
    assert server.errors == []


@pytest.mark.parametrize("how", ["send", "send_once"])
def test_a_client_that_has_left_before_its_answer_leaves_no_handler_hanging(serve, peer, how):
    """The work after send_once goes on; who would send more hears that nobody takes it."""
    begun, has_left, ended = threading.Event(), threading.Event(), queue.SimpleQueue()

    async def work(ctx):
        begun.set()
        has_left.wait(PATIENCE_S)  # on a loop too: it shall not hear of it first
        try:
            await getattr(ctx, how)("x")
            while how == "send":
                await ctx.sleep(0.001)
                await ctx.send("y")
            ended.put("worked on")
        except (ClientGone, asyncio.CancelledError):
            ended.put("told")
            raise

    server = serve(app_of(work))
    client = peer(server).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    has_left.set()
    assert ended.get(timeout=PATIENCE_S) == {"send": "told", "send_once": "worked on"}[how]
    assert server.errors == []


def test_who_sends_on_without_any_other_wait_hears_that_the_client_has_left(serve, peer):
    begun, has_left, ended = threading.Event(), threading.Event(), queue.SimpleQueue()

    async def hasty(ctx):
        begun.set()
        has_left.wait(PATIENCE_S)
        try:
            for _ in range(10_000):
                await ctx.send(b"x" * 100)
            ended.put("never told")
        except ClientGone:
            ended.put("told")
            raise

    client = peer(serve(app_of(hasty))).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert begun.wait(PATIENCE_S)
    client.vanish()
    has_left.set()
    assert ended.get(timeout=PATIENCE_S) == "told"


UPLOAD = b"POST /up HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n"


def uploads(app):
    """Decorates a handler that takes the body of UPLOAD in pieces."""
    return app.post("/up", stream=True)


@pytest.mark.parametrize("come", [b"", b"first", b"firstother"], ids=["none", "half", "all"])
def test_a_body_that_was_not_taken_before_the_whole_answer_is_not_read_after_it(serve, peer, come):
    @uploads(app := App())
    async def up(ctx):
        await ctx.send_once("taken")
        await ctx.stream.read()

    server = serve(app)
    assert peer(server).send(UPLOAD + come).answer().text == "taken"
    eventually(lambda: server.errors)
    assert "read the body first, or answer in pieces" in server.errors[0].error


def test_a_body_need_not_be_taken_by_work_that_does_not_ask_for_it(serve, peer):
    ended = threading.Event()

    @uploads(app := App())
    async def up(ctx):
        await ctx.send_once(("not here", 403))
        await ctx.sleep(0)
        ended.set()

    server = serve(app)
    assert peer(server).send(UPLOAD + b"first").answer().status == 403
    assert ended.wait(PATIENCE_S)
    assert server.errors == []


def test_a_whole_answer_may_be_made_of_the_body_while_it_arrives(serve, peer):
    left = queue.SimpleQueue()

    @uploads(app := App())
    async def up(ctx):
        await ctx.send_once(louder(ctx.stream))
        left.put(await ctx.stream.read())

    client = peer(serve(app)).send(UPLOAD + b"first").send(b"other")
    assert client.answer().body == b"FIRSTOTHER"
    assert left.get(timeout=PATIENCE_S) == b""


def test_on_a_loop_the_next_request_does_not_wait_for_the_work(serve, peer, kind):
    if kind in THREADED:
        return
    go_on = threading.Event()

    async def once(ctx):
        await ctx.send_once("taken")
        await until(ctx, go_on)

    client = peer(serve(app_of(once)))
    assert [client.get().text, client.get("/other").text] == ["taken", "other"]
    go_on.set()


@pytest.mark.parametrize("end", ["return", "raise", "send", "send_once"])
def test_what_goes_wrong_after_the_answer_is_kept_and_harms_no_client(serve, peer, end):
    async def once(ctx):
        await ctx.send_once("taken")
        match end:
            case "return":
                return "again"
            case "raise":
                raise ValueError("too late")
            case "send":
                await ctx.send("again")
            case "send_once":
                await ctx.send_once("again")

    server = serve(app_of(once))
    client = peer(server)
    assert [client.get().text, client.get("/other").text] == ["taken", "other"]
    eventually(lambda: server.errors)
    told = {"return": "after it had sent", "raise": "too late"}
    assert told.get(end, "nothing can be added to it") in server.errors[0].error


def test_what_has_begun_in_pieces_cannot_be_sent_whole(serve, peer):
    async def both(ctx):
        await ctx.send("a")
        await ctx.send_once("b")

    server = serve(app_of(both))
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).get()
    eventually(lambda: server.errors)
    assert "nothing can be added to it" in server.errors[0].error


def test_whatever_a_handler_may_return_can_be_sent_once(serve, peer, tmp_path):
    large = tmp_path / "large.txt"
    large.write_bytes(b"large " * 100_000)
    ended = threading.Event()

    async def stream(ctx):
        await ctx.send_once(iter("ab"))
        ended.set()

    app = app_of(stream)

    @app.get("/file")
    async def file(ctx):
        await ctx.send_once(Response.file(large))
        ended.set()

    client = peer(serve(app))
    assert client.get().text == "ab"
    assert ended.wait(PATIENCE_S)
    ended.clear()
    assert client.get("/file").body == large.read_bytes()
    assert ended.wait(PATIENCE_S)


@pytest.mark.parametrize("layer", ["app", "route"])
@pytest.mark.parametrize("instead", ["text", "stream", "error", "read", "wrapped", "same"])
def test_work_goes_on_whatever_middleware_answers_instead(serve, peer, instead, layer):
    ended = []

    async def another(ctx, next):
        response = await next(ctx)
        match instead:
            case "text":
                return Response("another", 203)
            case "stream":
                return Response(iter(["ano", "ther"]))
            case "error":
                raise ValueError("no answer")
            case "read":
                return b"".join([piece async for piece in response.body]).upper()
            case "wrapped":
                return Response(louder(response.body))
        return response

    async def once(ctx):
        await ctx.send_once("taken")
        ended.append(ctx.path)

    app = App()
    app.get("/", middleware=[another] if layer == "route" else [])(once)
    if layer == "app":
        app.middleware(another)
    client = peer(serve(app))
    told = {"error": "Internal Server Error", "read": "TAKEN", "wrapped": "TAKEN", "same": "taken"}
    for count in (1, 2):
        assert client.get().text == told.get(instead, "another")
        eventually(lambda: len(ended) == count)  # noqa: B023


@pytest.mark.parametrize("instead", ["text", "stream", "error", "wrapped"])
def test_a_handler_whose_pieces_nobody_takes_is_told_so(serve, peer, instead):
    told = []

    async def pieces(ctx):
        try:
            await ctx.send("a")
            await ctx.send("b")
        except ClientGone as gone:
            told.append(str(gone))
            raise

    app = app_of(pieces)

    @app.middleware
    async def another(ctx, next):
        response = await next(ctx)
        match instead:
            case "text":
                return "another"
            case "stream":
                return Response(iter(["another"]))
            case "wrapped":
                return Response(louder(response.body))
        raise ValueError("no answer")

    server = serve(app)
    client = peer(server)
    expected = {"error": "Internal Server Error", "wrapped": "AB"}
    assert client.get().text == expected.get(instead, "another")
    eventually(lambda: told or instead == "wrapped")
    assert told == ([] if instead == "wrapped" else ["nobody takes the rest of this answer"])
    assert client.get().text == expected.get(instead, "another")


async def louder(body):
    async for piece in body:
        yield piece.upper()


def test_a_stop_waits_for_the_work_after_an_answer(serve, peer):
    go_on, ended = threading.Event(), threading.Event()

    async def once(ctx):
        await ctx.send_once("taken")
        await until(ctx, go_on)
        ended.set()

    server = serve(app_of(once))
    assert peer(server).get().text == "taken"
    stopping = threading.Thread(target=server.stop)
    stopping.start()
    go_on.set()
    stopping.join(PATIENCE_S)
    assert ended.is_set()


def test_a_500_in_the_place_of_an_answer_is_whole_though_its_handler_sends_again(serve, peer):
    async def stubborn(ctx):
        try:
            await ctx.send("a")
            await ctx.send("b")
        finally:
            await ctx.send("bye")

    app = app_of(stubborn)

    @app.middleware
    async def breaks(ctx, next):
        response = await next(ctx)
        if ctx.path == "/":
            response.body, response.status = b"mine", 999
        return response

    client = peer(serve(app))
    answer = client.get("/")
    assert (answer.status, answer.text) == (500, "Internal Server Error")
    assert client.get("/other").text == "other"
