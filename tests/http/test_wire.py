"""How messages are spelled in bytes, and what limits are numbers above 0."""

import math
from dataclasses import fields

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Response
from asyncweb.http.wire import (
    Limits,
    chunk,
    http_date,
    is_host,
    origin_form,
    response_head,
    status_line,
)  # fmt: skip

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
@pytest.mark.parametrize("value", [0, -1, math.nan])
def test_every_limit_is_a_number_above_0(name, value):
    with pytest.raises(ValueError, match=rf"Limits\({name}={value}\): expected a number above 0"):
        Limits(**{name: value})


def test_the_limits_of_the_documentation_are_on_by_default():
    limits = Limits()
    assert (limits.target_bytes, limits.head_bytes, limits.header_count) == (8192, 32768, 100)
    assert (limits.body_bytes, limits.pipelined_requests) == (16 * 2**20, 16)
    assert (limits.idle_s, limits.head_s, limits.body_s, limits.write_s) == (75, 20, 20, 60)


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


@pytest.mark.parametrize(
    ("method", "target", "form"),
    [
        ("GET", b"/", "/"),
        ("GET", b"/a%20b?c=d", "/a%20b?c=d"),
        ("GET", b"//a", "//a"),
        ("OPTIONS", b"*", "*"),
        ("GET", b"http://host", "/"),
        ("GET", b"HTTPS://host:8/a?b", "/a?b"),
        ("GET", b"http://[::1]:8/a", "/a"),
        ("GET", b"http://host?a=b", "/?a=b"),
    ],
)
def test_a_target_is_taken_as_path_and_query(method, target, form):
    assert origin_form(method, target) == form


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", b""),
        ("GET", b"*"),
        ("GET", b"a"),
        ("GET", b"/a#b"),
        ("GET", b"/a b"),
        ("GET", b"/\xc3\xa9"),
        ("GET", b"ftp://host/"),
        ("GET", b"http:///a"),
        ("GET", b"http://user@host/"),
        ("GET", b"http://host/a#b"),
        ("CONNECT", b"host:443"),
    ],
)
def test_a_target_of_another_form_is_400(method, target):
    with pytest.raises(ProtocolError, match="the request target is neither /path") as caught:
        origin_form(method, target)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "value", [b"host", b"a.b-c:80", b"127.0.0.1:", b"[::1]", b"[::1]:80", b"", b" host\t", b"%41"]
)
def test_a_host_is_a_name_or_an_address_with_an_optional_port(value):
    assert is_host(value)


@pytest.mark.parametrize(
    "value",
    [b"a b", b"a/b", b"a:b", b"a:1:2", b"::1", b"[x]", b"[::1", b"a@b", b"\xc3\xa9", b"a,b c"],
)
def test_a_host_is_nothing_else(value):
    assert not is_host(value)
