"""WSGI apps on ThreadServer, to the letter of PEP 3333."""

import sys
import threading
from wsgiref.validate import validator

import pytest

from asyncweb import Limits, ThreadServer
from tests.conftest import PATIENCE_S, eventually

GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


@pytest.fixture(params=[{}, {"max_threads": 2}], ids=["threads", "pool"])
def serve(request):
    running = []

    def start(app, **settings):
        running.append(ThreadServer(app, **{**request.param, **settings}).start())
        return running[-1]

    yield start
    for server in running:
        server.stop()


def post(*fields, body=b""):
    lines = [b"POST / HTTP/1.1", b"Host: t", *fields, b"", body]
    return b"\r\n".join(lines)


@pytest.mark.filterwarnings("ignore:.*Unknown REQUEST_METHOD")
def test_the_library_that_checks_wsgi_finds_nothing_to_complain_of(serve, peer):
    def app(environ, start_response):
        data = environ["wsgi.input"].read(5) + environ["wsgi.input"].readline()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([data, b" and more"])

    server = serve(validator(app))
    client = peer(server)
    client.send(post(b"Content-Length: 9", body=b"a\nb\nc\nd\ne"))
    assert client.answer().text == "a\nb\nc\n and more"
    assert server.errors == []


def test_the_environ_says_what_was_asked(serve, peer):
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return [b"seen"]

    server = serve(app)
    client = peer(server)
    client.send(
        b"PUT /caf%C3%A9/a%2Fb?x=%20 HTTP/1.1\r\nHost: t\r\nX-A: 1\r\nX-A: 2\r\nX_A: forged\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nProxy: evil\r\n"
        b"Content-Type: t/x\r\nContent-Length: 0\r\n\r\n"
    )
    assert client.answer().text == "seen"
    host, port = client.socket.getsockname()
    told = {key: value for key, value in seen.items() if not key.startswith("wsgi.")}
    assert told == {
        "REQUEST_METHOD": "PUT", "SCRIPT_NAME": "", "PATH_INFO": "/caf\xc3\xa9/a/b",
        "QUERY_STRING": "x=%20", "REQUEST_URI": "/caf%C3%A9/a%2Fb?x=%20",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(server.port),
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": host, "REMOTE_PORT": str(port),
        "CONTENT_TYPE": "t/x", "CONTENT_LENGTH": "0", "HTTP_HOST": "t", "HTTP_X_A": "1, 2",
        "HTTP_COOKIE": "a=1; b=2",
    }  # fmt: skip
    assert seen["wsgi.url_scheme"] == "http" and seen["wsgi.errors"] is sys.stderr
    assert (seen["wsgi.version"], seen["wsgi.multithread"]) == ((1, 0), True)


@pytest.mark.parametrize(
    ("where", "among_many"), [({}, False), ({"process": True}, False), ({"workers": 2}, True)]
)
def test_the_environ_says_whether_other_processes_serve_the_app_too(peer, where, among_many):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [str(environ["wsgi.multiprocess"]).encode()]

    with ThreadServer(app).start(**where) as server:
        assert peer(server).send(GET).answer().text == str(among_many)


@pytest.mark.parametrize("chunked", [False, True])
def test_the_body_is_a_file_that_ends_with_it(serve, peer, chunked):
    def app(environ, start_response):
        body = environ["wsgi.input"]
        start_response("200 OK", [])
        parts = [body.read(2), body.readline(), next(iter(body), b""), body.read(), body.read(1)]
        return [repr(parts).encode()]

    data = b"ab one\ntwo\nthree\nfour"
    if chunked:
        message = post(b"Transfer-Encoding: chunked", body=b"15\r\n%b\r\n0\r\n\r\n" % data)
    else:
        message = post(b"Content-Length: 21", body=data)
    client = peer(serve(app))
    for _ in range(2):  # nothing of the next request is read
        client.send(message + GET)
        assert client.answer().text == str([b"ab", b" one\n", b"two\n", b"three\nfour", b""])
        assert client.answer().text == str([b"", b"", b"", b"", b""])


def test_the_body_is_read_as_it_arrives(serve, peer):
    seen, first = [], threading.Event()

    def app(environ, start_response):
        seen.append(environ["wsgi.input"].read(5))
        first.set()
        seen.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"".join(seen)]

    client = peer(serve(app)).send(post(b"Content-Length: 10", body=b"first"))
    assert first.wait(PATIENCE_S)
    assert client.send(b"other").answer().text == "firstother"


def test_pieces_leave_as_they_are_given_and_what_gave_them_is_closed(serve, peer):
    read, closed = threading.Event(), threading.Event()

    class Pieces:
        def __iter__(self):
            yield b""
            yield b"first"
            read.wait(PATIENCE_S)
            yield b"second"

        def close(self):
            closed.set()

    def app(environ, start_response):
        start_response("200 OK", [])
        return Pieces()

    client = peer(serve(app)).send(GET)
    story = b""
    while b"first" not in story:
        story += client.socket.recv(1000)
    assert b"second" not in story and not closed.is_set()
    read.set()
    assert client.rest_of_chunks() is not None
    assert closed.wait(PATIENCE_S)


@pytest.mark.parametrize("kind", ["list", "generator", "raises"])
def test_what_is_given_is_closed_whatever_happens(serve, peer, kind):
    closed = []

    class Given(list):
        def close(self):
            closed.append(kind)

    def app(environ, start_response):
        start_response("200 OK", [])
        return Given([7 if kind == "raises" else b"x"])

    client = peer(serve(app))
    assert client.send(GET).answer().status == (500 if kind == "raises" else 200)
    assert closed == [kind]


def test_an_app_may_write_as_older_ones_do(serve, peer):
    def app(environ, start_response):
        write = start_response("200 OK", [])
        write(b"one ")
        write(b"two ")
        return iter([b"three"])

    assert peer(serve(app)).send(GET).answer().text == "one two three"


def test_an_app_may_change_its_mind_until_something_is_sent(serve, peer):
    def app(environ, start_response):
        start_response("200 OK", [])
        try:
            raise LookupError("on the way")
        except LookupError:
            start_response("503 Sorry", [("X-A", "1")], sys.exc_info())
        return [b"sorry"]

    answer = peer(serve(app)).send(GET).answer()
    assert (answer.status, answer.headers["x-a"], answer.text) == (503, "1", "sorry")


def test_but_not_later_then_its_error_breaks_the_answer_off(serve, peer):
    def app(environ, start_response):
        start_response("200 OK", [])
        yield b"first"
        try:
            raise LookupError("too late")
        except LookupError:
            start_response("500 Sorry", [], sys.exc_info())

    server = serve(app)
    with pytest.raises((ConnectionError, ValueError)):
        peer(server).send(GET).answer()
    eventually(lambda: server.errors)
    assert server.errors[0].error == "LookupError: too late"


def test_a_generator_may_begin_its_answer_when_it_is_first_asked(serve, peer):
    def app(environ, start_response):
        start_response("201 Created", [("content-length", "4")])
        yield b"late"

    answer = peer(serve(app)).send(GET).answer()
    assert (answer.status, answer.text, answer.headers["content-length"]) == (201, "late", "4")


@pytest.mark.parametrize("give", [list, iter])
def test_head_has_the_head_of_get(serve, peer, give):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Length", "5")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else give([b"12", b"345"])

    client = peer(serve(app)).send(b"HEAD / HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).headers["content-length"] == "5"
    assert client.send(GET).answer().text == "12345"


BROKEN = {
    "no start_response": lambda start: [b"x"],
    "twice": lambda start: (start("200 OK", []), start("200 OK", []), [b""])[2],
    "hop by hop": lambda start: (start("200 OK", [("Connection", "close")]), [b""])[1],
    "no status": lambda start: (start("OK", []), [b""])[1],
    "number": lambda start: (start(200, []), [b""])[1],
    "forged": lambda start: (start("200 OK", [("A", "b\r\nc: d")]), [b""])[1],
    "text": lambda start: (start("200 OK", []), ["text"])[1],
    "raises": lambda start: 1 / 0,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_a_500_with_the_reason_in_errors(serve, peer, name):
    server = serve(lambda environ, start_response: BROKEN[name](start_response))
    client = peer(server)
    assert client.send(GET).answer().status == 500
    assert client.send(GET).answer().status == 500
    assert len(server.errors) == 2


def test_limits_hold(serve, peer):
    def app(environ, start_response):
        environ["wsgi.input"].read()
        start_response("200 OK", [])
        return [b""]

    client = peer(serve(app, limits=Limits(stream_bytes=3)))
    client.send(post(b"Transfer-Encoding: chunked", body=b"4\r\nfour\r\n"))
    assert client.answer().status == 413


def test_an_app_that_does_not_read_the_body_still_answers(serve, peer):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"unread"]

    client = peer(serve(app)).send(post(b"Content-Length: 4", body=b"four") + GET)
    assert [client.answer().text for _ in range(2)] == ["unread", "unread"]
