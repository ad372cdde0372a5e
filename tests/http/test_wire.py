"""How answers are spelled in bytes."""

import pytest

from asyncweb.http.dates import http_date
from asyncweb.http.messages import Response
from asyncweb.http.wire import chunk, response_head, status_line

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


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


def test_a_head_is_the_status_line_the_fields_and_the_date():
    response = Response(status=201, headers=[("b", "1"), ("A", "2"), ("b", "3")])
    lines = f"HTTP/1.1 201 Created\r\nb: 1\r\na: 2\r\nb: 3\r\ndate: {DATE}\r\n"
    assert response_head(response, DATE) == (lines, "", False)


def test_a_handler_may_give_its_own_date():
    head, _, _ = response_head(Response(headers={"Date": "yesterday"}), DATE)
    assert head == "HTTP/1.1 200 OK\r\ndate: yesterday\r\n"


@pytest.mark.parametrize(
    ("name", "value", "declared", "says_close"),
    [
        ("content-length", "12", "12", False),
        ("content-length", "-1", "", False),
        ("content-length", "many", "", False),
        ("connection", "Close", "", True),
        ("connection", "keep-alive", "", False),
        ("transfer-encoding", "gzip", "", False),
        ("keep-alive", "timeout=5", "", False),
        ("upgrade", "h2c", "", False),
    ],
)
def test_what_the_connection_writes_is_heard_and_left_out(name, value, declared, says_close):
    head, *said = response_head(Response(headers={name: value}), DATE)
    assert head == f"HTTP/1.1 200 OK\r\ndate: {DATE}\r\n"
    assert said == [declared, says_close]


@pytest.mark.parametrize(
    ("data", "spelled"),
    [(b"", b""), (b"abc", b"3\r\nabc\r\n"), (b"x" * 26, b"1a\r\n" + b"x" * 26 + b"\r\n")],
)
def test_a_chunk_begins_with_its_size_and_is_never_empty(data, spelled):
    assert chunk(data) == spelled
