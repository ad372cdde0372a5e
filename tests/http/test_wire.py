"""How answers are spelled in bytes."""

import pytest

from asyncweb.http.dates import http_date
from asyncweb.http.messages import Response
from asyncweb.http.wire import answer_start, chunk, status_line

DATE, NOW = "Sun, 06 Nov 1994 08:49:37 GMT", 784111777


@pytest.mark.parametrize(
    ("seconds", "spelled"),
    [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784111777, DATE),
        (784111777.9, DATE),
        (1709210096, "Thu, 29 Feb 2024 12:34:56 GMT"),
    ],
)
def test_a_date_is_spelled_as_rfc_9110_does(seconds, spelled):
    assert http_date(seconds) == spelled


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (200, "HTTP/1.1 200 OK\r\n"),
        (404, "HTTP/1.1 404 Not Found\r\n"),
        (599, "HTTP/1.1 599 \r\n"),
    ],
)
def test_a_status_without_a_phrase_has_an_empty_one(status, line):
    assert status_line(status) == line


def test_a_status_line_has_the_reason_it_is_given():
    assert status_line(200, "Fine") == "HTTP/1.1 200 Fine\r\n"
    assert status_line(404, "") == "HTTP/1.1 404 \r\n"
    with pytest.raises(ValueError, match="without control characters"):
        status_line(200, "a\r\nb: c")


def start(response, asked=("GET", "1.1"), is_last=False):
    return answer_start(response, DATE, asked, is_last)


def fields(response):
    """The lines between the status line and those that every answer has."""
    lines = start(response)[0].decode("latin-1").split("\r\n")[1:-2]
    return [line for line in lines if not line.startswith((f"date: {DATE}", "content-length"))]


def test_an_answer_starts_with_the_status_line_and_the_fields():
    response = Response(status=201, headers=[("b", "1"), ("A", "2"), ("b", "3")])
    lines = ["HTTP/1.1 201 Created", "b: 1", "a: 2", "b: 3", f"date: {DATE}", "content-length: 0"]
    told = "".join(f"{line}\r\n" for line in lines).encode()
    assert start(response) == (told + b"\r\n", "length", False, "")


def test_a_start_is_the_same_whether_or_not_somebody_looked_at_the_fields():
    seen, unseen = Response.of("text"), Response.of("text")
    assert seen.headers["content-type"] == "text/plain; charset=utf-8"
    assert start(seen) == start(unseen)
    seen.headers["x-more"] = "1"
    assert fields(seen) == [*fields(unseen), "x-more: 1"]


def test_starts_that_differ_in_one_thing_are_not_taken_for_each_other():
    response = Response.of("text")
    starts = {
        start(response),
        start(response, is_last=True),
        start(response, ("GET", "1.0")),
        start(response, ("HEAD", "1.1")),
        start(response, ("HEAD", "")),  # refused
        start(Response.of("other text")),
        start(Response.of(b"text")),
        answer_start(response, "another date", ("GET", "1.1"), False),
    }
    assert len(starts) == 8


def test_a_handler_may_give_its_own_date():
    response = Response(headers={"Date": "yesterday"})
    assert b"date: yesterday\r\n" in start(response)[0]
    assert DATE.encode() not in start(response)[0]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (http_date(NOW - 1), http_date(NOW - 1)),
        (DATE, DATE),
        (http_date(NOW + 1), DATE),
        ("yesterday", "yesterday"),
    ],
)
def test_nothing_was_last_modified_after_the_date_of_its_answer(told, said):
    assert fields(Response(headers={"last-modified": told})) == [f"last-modified: {said}"]


def test_a_date_of_the_handlers_own_is_the_one_that_counts():
    response = Response(headers={"last-modified": DATE, "date": http_date(0)})
    assert f"last-modified: {http_date(0)}" in fields(response)


@pytest.mark.parametrize(
    ("name", "value", "declared", "closes"),
    [
        ("content-length", "12", "12", False),
        ("content-length", "9" * 5000, "9" * 5000, False),
        ("content-length", "-1", "", False),
        ("content-length", "many", "", False),
        ("connection", "Close", "", True),
        ("connection", "keep-alive", "", False),
        ("transfer-encoding", "gzip", "", False),
        ("keep-alive", "timeout=5", "", False),
        ("upgrade", "h2c", "", False),
    ],
)
def test_what_the_connection_writes_is_heard_and_left_out(name, value, declared, closes):
    response = Response(headers={name: value})
    assert start(response)[1:] == ("length", closes, declared)
    assert fields(response) == (["connection: close"] if closes else [])


@pytest.mark.parametrize(
    ("data", "spelled"),
    [(b"", b""), (b"abc", b"3\r\nabc\r\n"), (b"x" * 26, b"1a\r\n" + b"x" * 26 + b"\r\n")],
)
def test_a_chunk_begins_with_its_size_and_is_never_empty(data, spelled):
    assert chunk(data) == spelled
