"""What both servers answer, and that they answer byte for byte alike."""

import re
import threading

import pytest

from asyncweb import App, AsyncServer, HTTPError, Limits, Response, ThreadServer

WIRE = "what bytes are a request is for the host to say"
HOSTS_EXCUSED = {
    "100-continue": "when to say 100 is for the host to say",
    "no Host": WIRE,
    "large head": WIRE,
    "asgi: unknown method": WIRE,
    "asgi: unknown encoding": WIRE,
    "asgi: garbage after a request": WIRE,
    "wsgi: OPTIONS *": "cheroot gives the path /",
    "wsgi: test_a_request_may_arrive_byte_by_byte": "cheroot answers before the last byte",
    "wsgi: test_a_refusal_is_read_even_by_a_client_that_goes_on_sending": "cheroot resets",
    "test_keep_alive_can_be_turned_off": "that is a setting of the host",
}

CLOSE = b"Host: test\r\nConnection: close\r\n\r\n"


def sample_app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "Hello World"

    @app.get("/users/{id:int}")
    async def user(ctx):
        await ctx.sleep(0.001)
        return {"id": ctx.params["id"]}

    @app.post("/echo")
    async def echo(ctx):
        return await ctx.offload(bytes, ctx.body)

    @app.get("/stream")
    def stream(ctx):
        return iter(["one ", "", b"two ", "three"])

    @app.get("/waiting-stream")
    async def waiting_stream(ctx):
        async def pieces():
            for number in range(3):
                await ctx.sleep(0.001)
                yield f"{number} "

        return pieces()

    @app.get("/boom")
    def boom(ctx):
        return 1 / 0

    @app.get("/teapot")
    def teapot(ctx):
        raise HTTPError(418, "short and stout")

    @app.get("/cookie")
    def cookie(ctx):
        ctx.response.set_cookie("seen", "yes")
        return Response.json({"had": ctx.cookies})

    return app


CONVERSATIONS = {
    "hello": b"GET / HTTP/1.1\r\n" + CLOSE,
    "parameter": b"GET /users/7?x=1 HTTP/1.1\r\n" + CLOSE,
    "body": b"POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" + CLOSE + b"hello",
    "chunked body": b"POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    + CLOSE
    + b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
    "stream": b"GET /stream HTTP/1.1\r\n" + CLOSE,
    "stream that waits": b"GET /waiting-stream HTTP/1.1\r\n" + CLOSE,
    "stream to HTTP/1.0": b"GET /stream HTTP/1.0\r\n\r\n",
    "HTTP/1.0": b"GET / HTTP/1.0\r\n\r\n",
    "HTTP/1.0 kept alive": b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    b"GET / HTTP/1.0\r\n\r\n",
    "HEAD": b"HEAD / HTTP/1.1\r\n" + CLOSE,
    "HEAD of a stream": b"HEAD /stream HTTP/1.1\r\n" + CLOSE,
    "OPTIONS": b"OPTIONS / HTTP/1.1\r\n" + CLOSE,
    "OPTIONS *": b"OPTIONS * HTTP/1.1\r\n" + CLOSE,
    "404": b"GET /nowhere HTTP/1.1\r\n" + CLOSE,
    "405": b"DELETE / HTTP/1.1\r\n" + CLOSE,
    "500": b"GET /boom HTTP/1.1\r\n" + CLOSE,
    "418": b"GET /teapot HTTP/1.1\r\n" + CLOSE,
    "cookie": b"GET /cookie HTTP/1.1\r\nCookie: a=1; b=2\r\n" + CLOSE,
    "pipelined": b"GET /users/1 HTTP/1.1\r\nHost: test\r\n\r\n"
    b"GET /stream HTTP/1.1\r\nHost: test\r\n\r\n"
    b"GET /boom HTTP/1.1\r\nHost: test\r\n\r\n"
    b"GET /users/2 HTTP/1.1\r\n" + CLOSE,
    "100-continue": b"POST /echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
    + CLOSE
    + b"hi",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "no HTTP": b"GARBAGE\r\n\r\n",
    "long target": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + CLOSE,
    "large head": b"GET / HTTP/1.1\r\nA: " + b"a" * 40_000 + b"\r\n" + CLOSE,
    "large body": b"POST /echo HTTP/1.1\r\nContent-Length: 99999999\r\n" + CLOSE,
    "unknown method": b"BREW / HTTP/1.1\r\n" + CLOSE,
    "unknown encoding": b"POST /echo HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n" + CLOSE,
    "garbage after a request": b"GET / HTTP/1.1\r\nHost: test\r\n\r\n\x00\x00\r\n\r\n",
}
FIRST_STATUS = {
    "100-continue": 200, "404": 404, "405": 405, "418": 418, "500": 500, "OPTIONS": 204,
    "OPTIONS *": 204, "no Host": 400, "no HTTP": 400, "long target": 414, "large head": 431,
    "large body": 413, "unknown method": 501, "unknown encoding": 501,
}  # fmt: skip


def without_date(data):
    return re.sub(rb"date: [^\r]+", b"date: now", data)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_each_conversation_ends_with_the_status_due(serve, peer, name):
    story = peer(serve(sample_app())).send(CONVERSATIONS[name]).rest()
    assert int(story.split()[1]) == FIRST_STATUS.get(name, 200)


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_both_engines_answer_byte_for_byte_alike(peer, name):
    stories = []
    for make in (AsyncServer, ThreadServer):
        with make(sample_app()) as server:
            stories.append(without_date(peer(server).send(CONVERSATIONS[name]).rest()))
    assert stories[0] == stories[1]


def test_a_connection_is_kept_for_the_next_request(serve, peer):
    client = peer(serve(sample_app()))
    assert [client.get(f"/users/{number}").text for number in (1, 2)] == ['{"id":1}', '{"id":2}']


def test_a_request_may_arrive_byte_by_byte(serve, peer):
    client = peer(serve(sample_app()))
    for byte in CONVERSATIONS["chunked body"]:
        client.send(bytes([byte]))
    assert client.answer().body == b"hello"


def test_pipelined_requests_are_answered_in_their_order(serve, peer):
    client = peer(serve(sample_app(), limits=Limits(pipelined_requests=2)))
    paths = ["/users/1", "/", "/stream", "/users/4", "/users/5", "/boom", "/users/7"]
    client.send("".join(f"GET {path} HTTP/1.1\r\nHost: t\r\n\r\n" for path in paths).encode())
    texts = [client.answer().text for _ in paths]
    assert texts == [
        '{"id":1}', "Hello World", "one two three", '{"id":4}', '{"id":5}',
        "Internal Server Error", '{"id":7}',
    ]  # fmt: skip


def test_the_body_is_asked_for_when_the_client_expects_it(serve, peer):
    client = peer(serve(sample_app()))
    client.send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n")
    client.send(b"Expect: 100-continue\r\n\r\n")
    assert client.answer().status == 100
    assert client.send(b"hi").answer().body == b"hi"


def test_answers_do_not_wait_for_the_body_of_a_later_request(serve, peer):
    app = sample_app()

    @app.post("/upload", stream=True)
    async def upload(ctx):
        return await ctx.stream.read()

    head = b"POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    client = peer(serve(app)).send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n" + head)
    assert client.answer().text == "Hello World"
    assert client.answer().status == 100
    assert client.send(b"hi").answer().body == b"hi"


def test_a_client_that_says_no_more_still_gets_its_answer(serve, peer):
    client = peer(serve(sample_app()))
    client.send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n").says_no_more()
    assert client.answer().text == "Hello World"


def test_keep_alive_can_be_turned_off(serve, peer):
    client = peer(serve(sample_app(), keep_alive=False))
    assert client.get("/").headers["connection"] == "close"
    assert client.rest() == b""


def test_a_refusal_is_read_even_by_a_client_that_goes_on_sending(serve, peer):
    client = peer(serve(sample_app(), limits=Limits(body_bytes=1000)))
    client.send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n")
    client.send(b"x" * 3_000_000).says_no_more()
    assert client.answer().status == 413


def test_an_upload_of_many_megabytes_arrives_whole(serve, peer):
    body = bytes(range(256)) * 40_000
    client = peer(serve(sample_app()))
    client.send(b"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n" % len(body))
    writer = threading.Thread(target=client.send, args=(body,))
    writer.start()
    assert client.answer().body == body
    writer.join()


def test_the_date_is_that_of_rfc_9110(serve, peer):
    answer = peer(serve(sample_app())).get("/")
    pattern = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    assert re.fullmatch(pattern, answer.headers["date"])


def test_the_handler_learns_who_asks(serve, peer):
    app = App()

    @app.get("/")
    def who(ctx):
        return list(ctx.client)

    client = peer(serve(app))
    assert client.get("/").text == f'["127.0.0.1",{client.socket.getsockname()[1]}]'


def test_who_offloads_next_on_an_iterator_that_has_ended_is_told_so(serve, peer):
    app, rows = App(), iter(["last"])

    @app.get("/")
    async def row(ctx):
        try:
            return await ctx.offload(next, rows)
        except RuntimeError as error:
            return [type(error.__cause__).__name__, str(error)]

    client = peer(serve(app))
    assert client.get().text == "last"
    name, advice = client.get().json()
    assert name == "StopIteration"
    assert "give a default: `await ctx.offload(next, rows, None)`" in advice


def test_a_sleep_of_less_than_no_time_is_no_wait(serve, peer):
    app = App()

    @app.get("/")
    async def hasty(ctx):
        await ctx.sleep(-0.5)
        return "done"

    assert peer(serve(app)).get().text == "done"
