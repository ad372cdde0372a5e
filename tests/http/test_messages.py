"""What a request says of itself, and what a handler means by what it returns."""

import json
from datetime import date
from math import nan

import pytest

from asyncweb.errors import BadRequest
from asyncweb.http.messages import Request, Response
from asyncweb.http.target import percent_decode


def meaning(value):
    response = Response.of(value)
    return response.status, response.headers.get("content-type"), response.body


def test_a_request_takes_its_target_apart_at_the_first_question_mark():
    request = Request("GET", "/caf%C3%A9?a=1?2")
    assert (request.raw_path, request.path) == ("/caf%C3%A9", "/café")
    assert request.query_string == "a=1?2"


def test_a_request_without_a_query_has_an_empty_one():
    assert Request("GET", "/a").query_string == ""


def test_the_headers_of_a_request_are_decoded_once():
    request = Request("GET", "/", [(b"Host", b" t ")])
    assert request.headers["host"] == "t"
    assert request.headers is request.headers


def test_a_request_shows_its_method_and_target():
    assert repr(Request("GET", "/a?b")) == "<Request GET /a?b>"


def test_a_request_made_again_knows_nothing_of_what_was_done_to_the_first():
    first = Request("POST", "/a?b=1", [(b"A", b"1")], b"body", "1.0", False)
    first.headers.add("x", "y")
    first.link, first.raw_path, first.query_string = object(), "/changed", "changed"
    second = first.again()
    assert (second.method, second.target, second.raw_path) == ("POST", "/a?b=1", "/a")
    assert (second.query_string, second.body, second.version) == ("b=1", b"body", "1.0")
    assert second.keep_alive is False
    assert second.link is None
    assert list(second.headers.fields()) == [("a", "1")]


@pytest.mark.parametrize(
    ("text", "decoded"), [("/a+b", "/a+b"), ("/a%2Fb", "/a/b"), ("%C3%A9", "é"), ("/%zz", "/%zz")]
)
def test_percent_signs_are_decoded_as_utf_8(text, decoded):
    assert percent_decode(text) == decoded


def test_a_path_that_is_not_utf_8_is_a_bad_request():
    with pytest.raises(BadRequest, match=r"'/%FF' decodes to bytes that are not UTF-8"):
        percent_decode("/%FF")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("héllo", (200, "text/plain; charset=utf-8", "héllo".encode())),
        (b"\x00", (200, "application/octet-stream", b"\x00")),
        (bytearray(b"ab"), (200, "application/octet-stream", b"ab")),
        (memoryview(b"ab"), (200, "application/octet-stream", b"ab")),
        ({"a": ["é", None]}, (200, "application/json", '{"a":["é",null]}'.encode())),
        ([1, 2.5], (200, "application/json", b"[1,2.5]")),
        (None, (204, None, b"")),
        (("made", 201), (201, "text/plain; charset=utf-8", b"made")),
        (({"a": 1}, 202, {}), (202, "application/json", b'{"a":1}')),
        ((None, 404), (404, "text/plain; charset=utf-8", b"")),
        (("a,b", 200, {"Content-Type": "text/csv"}), (200, "text/csv", b"a,b")),
    ],
)
def test_what_a_handler_returns_has_one_meaning(value, expected):
    assert meaning(value) == expected


def test_a_response_is_taken_as_it_is():
    response = Response(b"x", 404)
    assert Response.of(response) is response


def test_an_iterator_is_streamed_as_text():
    pieces = iter(["a"])
    response = Response.of(pieces)
    assert (response.status, response.streams, response.body) == (200, True, pieces)
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_an_async_generator_is_streamed_too():
    async def pieces():
        yield "a"

    generator = pieces()
    response = Response.of(generator)
    assert response.streams
    assert response.body is generator


def test_the_headers_of_a_tuple_replace_and_may_repeat():
    response = Response.of(("x", 200, [("content-type", "a/b"), ("x-a", "1"), ("x-a", "2")]))
    assert list(response.headers.fields()) == [
        ("content-type", "a/b"), ("x-a", "1"), ("x-a", "2"),
    ]  # fmt: skip


def test_a_tuple_leaves_the_response_in_it_as_it_was():
    page = Response.html("<p>Hello")
    response = Response.of((page, 404, {"x-a": "1"}))
    assert (response.status, response.body, response.headers["x-a"]) == (404, page.body, "1")
    assert (page.status, list(page.headers)) == (200, ["content-type"])


@pytest.mark.parametrize(
    "response", [Response(), Response("x", 404, {"x-a": "1"}), Response.json({}), Response.of("x")]
)
def test_a_copy_says_the_same_and_is_changed_alone(response):
    fields = list(response.copy().headers.fields())
    assert fields == list(response.headers.fields())
    twin = response.copy()
    assert (twin.status, twin.body) == (response.status, response.body)
    twin.headers.add("x-late", "1")
    assert list(response.headers.fields()) == fields


@pytest.mark.parametrize("value", [(), ("x",), ("x", "200"), ("x", 200, {}, 1)])
def test_a_tuple_of_another_shape_is_refused(value):
    with pytest.raises(TypeError, match=r"a tuple is \(body, status\[, headers\]\)"):
        Response.of(value)


@pytest.mark.parametrize("value", [1, True, 1.5, {1}, object()])
def test_a_value_without_a_meaning_is_refused_by_its_type(value):
    with pytest.raises(TypeError, match=f"a handler returned {type(value).__name__}; it may"):
        Response.of(value)


def test_a_forgotten_await_is_named_and_leaves_no_coroutine_behind():
    async def handler():
        return "x"

    coroutine = handler()
    with pytest.raises(TypeError, match="write `async def` and `await` it"):
        Response.of(coroutine)
    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        coroutine.send(None)


@pytest.mark.parametrize("status", [-1, 0, 100, 199, 600, 200.5, "200", True, None])
def test_a_status_that_is_no_final_answer_is_refused(status):
    with pytest.raises(ValueError, match="a final answer has a status from 200 to 599"):
        Response(status=status)


@pytest.mark.parametrize("status", [200, 599])
def test_the_first_and_the_last_status_are_allowed(status):
    assert Response(status=status).status == status


def test_a_content_type_among_the_headers_wins():
    response = Response("x", headers={"Content-Type": "a/b"}, content_type="c/d")
    assert response.headers.get_all("content-type") == ["a/b"]


def test_a_response_without_a_content_type_says_none():
    response = Response("é")
    assert (response.body, list(response.headers)) == ("é".encode(), [])


def test_json_knows_no_nan_and_no_objects():
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        Response.json(float("nan"))
    with pytest.raises(TypeError, match="not JSON serializable"):
        Response.json(object())
    for value, kind in ((date(2000, 1, 1), TypeError), ({1: {2}}, TypeError), ([nan], ValueError)):
        with pytest.raises(kind, match=r"spell what is none of them first, as .*isoformat"):
            Response.json({"d": value})


def test_json_may_have_another_status():
    response = Response.json("é", 422)
    assert (response.status, json.loads(response.body)) == (422, "é")
    assert response.headers["content-type"] == "application/json"


def test_a_page_is_html():
    response = Response.html("<p>", 404)
    assert (response.status, response.body) == (404, b"<p>")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert Response.html("<p>").status == 200


def test_a_redirect_names_its_location():
    response = Response.redirect("/there")
    assert (response.status, response.headers["location"]) == (302, "/there")
    assert Response.redirect("/there", 308).status == 308


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("https://e.example/a?b=c&d=%20#e", "https://e.example/a?b=c&d=%20#e"),
        ("/caf\u00e9 au lait", "/caf%C3%A9%20au%20lait"),
        ("/\r\nSet-Cookie: a=b\0", "/%0D%0ASet-Cookie:%20a=b%00"),
        ("/\\\\elsewhere.example", "/%5C%5Celsewhere.example"),
    ],
)
def test_a_redirect_holds_nothing_but_its_location(location, sent):
    assert Response.redirect(location).headers["location"] == sent


@pytest.mark.parametrize("status", [200, 300, 304, 404])
def test_a_redirect_has_a_status_that_redirects(status):
    with pytest.raises(ValueError, match="expected one of 301, 302, 303, 307, 308"):
        Response.redirect("/", status)


def test_a_reason_is_kept_and_splits_no_answer():
    assert Response("", 299, reason="Fine").copy().reason == "Fine"
    for reason in ("a\r\nb: c", "\0", "\u20ac"):
        with pytest.raises(ValueError, match="expected Latin-1 text without control characters"):
            Response(reason=reason)


def test_json_says_half_a_surrogate_pair_in_ascii():
    assert Response.json(["\ud800", "é"]).body == rb'["\ud800","\u00e9"]'


def test_a_cookie_is_for_the_whole_site_unless_told_otherwise():
    response = Response()
    response.set_cookie("id", "7")
    response.set_cookie("b", "1", max_age=60, path="/x", httponly=True, samesite="Strict")
    assert response.headers.get_all("set-cookie") == [
        "id=7; Path=/; SameSite=Lax",
        "b=1; Max-Age=60; Path=/x; HttpOnly; SameSite=Strict",
    ]


def test_a_response_shows_its_size_or_that_it_streams():
    assert repr(Response("four")) == "<Response 200, 4 bytes>"
    assert repr(Response(iter(()), 206)) == "<Response 206, streamed>"
