"""What a handler is given of the request, and how what it returns becomes the answer."""

import encodings
from types import SimpleNamespace

import pytest

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.coroutine import run_to_end
from asyncweb.errors import BadRequest, HTTPError
from asyncweb.http import content
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.messages import Request, Response
from asyncweb.pieces import pieces_for_thread


class FakeEngine:
    def __init__(self):
        self.slept = []
        self.failures = []

    async def sleep(self, seconds):
        self.slept.append(seconds)

    async def offload(self, function, *args):
        return "offloaded", function(*args)

    def failed(self, request, error):
        self.failures.append((request, error))


def context(target="/", body=b"", headers=(), method="GET"):
    return Context(Request(method, target, headers, body), FakeEngine())


def complaint(read):
    with pytest.raises(BadRequest) as caught:
        read()
    assert caught.value.status == 400
    return str(caught.value)


def test_a_context_tells_what_was_asked():
    ctx = context("/caf%C3%A9?a=1", b"body", [(b"X-A", b"1")], "POST")
    ctx.request.link = SimpleNamespace(address=("127.0.0.1", 5), closed=False)
    assert (ctx.method, ctx.path, ctx.body, ctx.text) == ("POST", "/café", b"body", "body")
    assert (ctx.headers["x-a"], ctx.client) == ("1", ("127.0.0.1", 5))
    assert (ctx.route, ctx.fault, ctx.params) == (None, None, {})


def test_the_query_is_read_once():
    ctx = context("/?a=1&a=2")
    assert ctx.query.get_all("a") == ["1", "2"]
    assert ctx.query is ctx.query


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [
        ([], {}),
        ([(b"Cookie", b"a=1; b=two=2;c")], {"a": "1", "b": "two=2"}),
        ([(b"Cookie", b"a=1"), (b"cookie", b'b="2"')], {"a": "1", "b": "2"}),
        ([(b"Cookie", b'a=first; a=second;; =x; b="')], {"a": "first", "b": '"'}),
    ],
)
def test_cookies_are_read_from_every_cookie_field(headers, cookies):
    assert context(headers=headers).cookies == cookies


def test_a_body_that_is_not_utf_8_is_a_bad_request():
    assert (
        complaint(lambda: context(body=b"ab\xff").text) == "the body is not UTF-8: byte 2 is wrong"
    )


def test_a_body_is_read_in_the_charset_it_names():
    def text(body, kind):
        return context(body=body, headers=[(b"Content-Type", kind)]).text

    assert text(b"\xe9", b"text/plain; charset=ISO-8859-1") == "\u00e9"
    assert text("\u20ac".encode("utf-16-be"), b'text/plain;Charset="utf-16-be"') == "\u20ac"
    with pytest.raises(BadRequest, match="the body is not ascii: byte 0 is wrong"):
        text(b"\xe9", b"text/plain; charset=ascii")


@pytest.mark.parametrize("charset", ["klingon", "zlib", "punycode", "idna", "utf-7"])
def test_a_charset_that_is_not_known_is_refused_and_leaves_nothing_behind(charset):
    kept = len(encodings._cache)
    named = [(b"Content-Type", b"text/plain; charset=" + charset.encode())]
    with pytest.raises(HTTPError, match="is not known here; send UTF-8") as caught:
        _ = context(body=b"x", headers=named).text
    assert caught.value.status == 415
    assert len(encodings._cache) == kept


def test_each_charset_that_is_known_reads_what_was_written_in_it():
    for charset in content._KNOWN:
        named = [(b"Content-Type", b"text/plain; charset=" + charset.upper().encode())]
        assert context(body="plain".encode(charset), headers=named).text == "plain"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_json_has_no_word_for_what_is_no_number(number):
    told = complaint(context(body=f"[{number}]".encode()).json)
    assert told == f"the body is not JSON: {number} is no number of JSON"


def test_json_may_begin_with_a_byte_order_mark():
    assert context(body=b"\xef\xbb\xbf[1]").json() == [1]


def test_a_context_names_the_host_and_the_whole_url():
    ctx = context("/a%20b?c=d", headers=[(b"Host", b"e.example:8000")])
    assert (ctx.host, ctx.url) == ("e.example:8000", "http://e.example:8000/a%20b?c=d")
    ctx.request.link = SimpleNamespace(scheme="https")
    assert ctx.url.startswith("https://")
    assert context().host == ""


def test_a_body_of_json_is_read():
    assert context(body='{"a":["é",null]}'.encode()).json() == {"a": ["é", None]}


def test_a_body_that_is_not_json_is_a_bad_request_that_names_the_place():
    ctx = context(body=b'{"a":\n 1 x}')
    told = complaint(ctx.json)
    assert told.startswith("the body is not JSON: ")
    assert told.endswith(" at line 2, column 4")


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", "line 1, column 1"), (b"\xff", "not UTF-8"), (b"[" * 200_000, "nested too deep")],
)
def test_a_body_json_cannot_be_read_from_is_a_bad_request(body, told):
    assert told in complaint(context(body=body).json)


def test_each_context_has_a_state_of_its_own():
    one, two = context(), context()
    one.state.user = "ann"
    assert one.state.user == "ann"
    assert not hasattr(two.state, "user")


def test_waiting_is_left_to_the_engine():
    ctx = context()
    run_to_end(ctx.sleep(1.5), "")
    assert ctx.engine.slept == [1.5]
    assert run_to_end(ctx.offload(divmod, 7, 2), "") == ("offloaded", (3, 1))


def test_an_answer_without_a_draft_says_what_was_returned():
    ctx = context()
    response = ctx.answer(Response("x", 404, {"x-a": "1"}, reason="Gone Fishing"))
    assert ctx.response is response
    assert (response.status, response.body, response.reason) == (404, b"x", "Gone Fishing")
    assert list(response.headers.fields()) == [("x-a", "1")]


def test_a_plain_value_takes_status_and_headers_of_the_draft():
    ctx = context()
    ctx.response.status = 201
    ctx.response.headers["X-A"] = "1"
    ctx.response.headers["content-type"] = "text/csv"
    response = ctx.answer("a,b")
    assert (response.status, response.body) == (201, b"a,b")
    assert list(response.headers.fields()) == [("x-a", "1"), ("content-type", "text/csv")]


def test_a_draft_may_have_a_reason():
    ctx = context()
    ctx.response.reason = "Fine"
    assert ctx.answer("x").reason == "Fine"


def test_a_draft_without_a_status_leaves_that_of_the_value():
    ctx = context()
    ctx.response.headers["x-a"] = "1"
    assert ctx.answer(None).status == 204


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(lambda: ("x", 202, {"x-a": "own", "set-cookie": "o=1"}), id="tuple"),
        pytest.param(
            lambda: Response("x", 202, {"x-a": "own", "set-cookie": "o=1"}), id="response"
        ),
    ],
)
def test_what_is_returned_outright_wins_over_the_draft_and_cookies_add_up(value):
    ctx = context()
    ctx.response.status = 201
    for name, field in [("x-a", "draft"), ("x-b", "1"), ("x-b", "2"), ("set-cookie", "d=2")]:
        ctx.response.headers.add(name, field)
    response = ctx.answer(value())
    assert (response.status, response.headers["x-a"]) == (202, "own")
    assert response.headers.get_all("x-b") == ["1", "2"]
    assert response.headers.get_all("set-cookie") == ["o=1", "d=2"]


def test_a_draft_completes_only_the_first_answer():
    ctx = context()
    ctx.response.headers["x-a"] = "1"
    first = ctx.answer("first")
    second = ctx.answer("second")
    assert ("x-a" in first.headers, "x-a" in second.headers) == (True, False)
    assert ctx.response is second


def test_after_the_answer_the_response_is_the_answer_itself():
    ctx = context()
    draft = ctx.response
    response = ctx.answer("x")
    assert ctx.response is response is not draft
    ctx.response.headers["x-late"] = "1"
    assert ctx.answer(response).headers["x-late"] == "1"


def test_a_response_that_answers_many_requests_collects_nothing_of_them():
    shared = Response("x")
    for number in ("1", "2"):
        ctx = context()
        ctx.response.set_cookie("id", number)
        assert len(ctx.answer(shared).headers.get_all("set-cookie")) == 1
    assert "set-cookie" not in shared.headers


@pytest.mark.parametrize("value", [lambda shared: shared, lambda shared: (shared, 404)])
def test_what_middleware_adds_to_a_shared_response_is_seen_by_one_request_only(value):
    shared = Response("x")
    for _ in range(2):
        ctx = context()
        response = ctx.answer(value(shared))
        response.headers.add("x-seen", "1")
        assert ctx.answer(response) is response
        assert response.headers.get_all("x-seen") == ["1"]
    assert (shared.status, list(shared.headers)) == (200, [])


def test_a_shared_response_that_takes_the_place_of_an_answer_is_not_altered_either():
    shared = Response("sorry", 503)
    ctx = context()
    ctx.answer("x")
    ctx.answer(shared).headers["x-seen"] = "1"
    assert list(shared.headers) == []


def test_the_draft_may_itself_be_the_answer():
    ctx = context()
    ctx.response.status = 201
    ctx.response.set_cookie("id", "7")
    response = ctx.answer(ctx.response)
    assert (response.status, len(response.headers.get_all("set-cookie"))) == (201, 1)


@pytest.mark.parametrize("status", [99, 100, 600, True])
def test_a_status_that_ends_no_request_is_refused(status):
    with pytest.raises(ValueError, match="a final answer has a status from 200 to 599"):
        context().answer(("x", status))
    ctx = context()
    ctx.response.status = status
    with pytest.raises(ValueError, match="a final answer has a status from 200 to 599"):
        ctx.answer("x")


def test_a_cookie_cannot_smuggle_in_attributes():
    with pytest.raises(ValueError, match="must be encoded"):
        Response().set_cookie("id", "7; Domain=elsewhere")


def test_a_number_too_long_to_read_is_a_bad_request():
    with pytest.raises(BadRequest, match="too long to read"):
        context(body=b"1" * 5000).json()


def test_the_path_is_decoded():
    assert context("/a%20b?c").path == "/a b"


def test_the_body_has_one_stream_and_is_not_there_twice():
    ctx = context(body=b"whole")
    assert ctx.stream is ctx.stream
    assert list(ctx.stream) == [b"whole"]
    ctx.request.incoming = IncomingBody()
    with pytest.raises(TypeError, match="take `stream=True` away"):
        _ = ctx.body


def test_a_request_without_a_way_to_its_client_has_none_who_could_leave():
    ctx = context()
    assert not ctx.closed
    ctx.request.link = SimpleNamespace(closed=True)
    assert ctx.closed


def test_what_answers_a_request_made_by_hand_is_sent_without_a_client_to_wait_for():
    app = App()

    @app.get("/")
    async def pieces(ctx):
        await ctx.send("a")
        await ctx.send("b")

    ctx = app.context(Request("GET", "/"), FakeEngine())
    response = run_to_end(app.respond(ctx), advice="")
    assert list(pieces_for_thread(response.body)) == ["a", "b"]
