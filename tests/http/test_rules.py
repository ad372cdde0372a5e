"""Every rule of `rules.py`, fed whole, byte by byte, cut in two at every place, and with a tail."""

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits
from asyncweb.http.parser import RequestParser
from tests.http.rules import ACCEPTED, LAST, REFUSED, Accepted, get

TAIL = get(line=b"GET /tail HTTP/1.1")
OTHER_LINES = (
    b"GET /other HTTP/1.1",
    b"POST / HTTP/1.1",
    b"GET / HTTP/1.0",
    b"GET http://other/ HTTP/1.1",
    b"OPTIONS * HTTP/1.1",
)
TAIL_UNDERSTOOD = Accepted("", "", TAIL, target="/tail").understood


def parser_of(*pieces, **limits):
    parser = RequestParser(Limits(**limits))
    for piece in pieces:
        parser.feed(piece)
    return parser


def seen(item):
    if isinstance(item, ProtocolError):
        return item.status
    host = item.headers.get("host")
    return item.method, item.target, item.body, item.version, item.keep_alive, host


def understood(*pieces, **limits):
    parser = parser_of(*pieces, **limits)
    while parser.held and parser.unparsed:  # an upgrade is answered, and in HTTP
        parser.go_on()
    return [seen(item) for item in parser.queue]


def byte_by_byte(data):
    return [data[at : at + 1] for at in range(len(data))]


def named(rule):
    return f"{rule.section}: {rule.rule}"


rules = pytest.mark.parametrize


@rules("rule", [*ACCEPTED, *LAST], ids=named)
def test_an_allowed_request_is_understood_however_it_comes(rule):
    assert understood(rule.data) == [rule.understood]
    assert understood(*byte_by_byte(rule.data)) == [rule.understood]
    for cut in range(1, len(rule.data)):
        assert understood(rule.data[:cut], rule.data[cut:]) == [rule.understood], cut


@rules("line", OTHER_LINES, ids=bytes.decode)
@rules("rule", [*ACCEPTED, *LAST, *REFUSED], ids=named)
def test_the_same_fields_under_another_line_are_read_as_if_they_were_new(rule, line):
    begin, _, fields = rule.data.lstrip(b"\r\n").partition(b"\r\n")
    for first, second in ((begin, line), (line, begin)):
        before = understood(first + b"\r\n" + fields)
        if len(before) == 1 and before[0] != 400:
            expected = understood(second + b"\r\n" + fields)
            both = understood(first + b"\r\n" + fields, second + b"\r\n" + fields)
            closes = isinstance(before[0], int) or not before[0][4]
            assert both == before + ([] if closes else expected), (first, second)


@rules("rule", ACCEPTED, ids=named)
def test_what_follows_an_allowed_request_is_the_next_one(rule):
    both = [rule.understood, TAIL_UNDERSTOOD]
    assert understood(rule.data + TAIL) == both
    assert understood(*byte_by_byte(rule.data + TAIL)) == both
    assert understood(TAIL + rule.data) == both[::-1]
    for cut in range(1, len(rule.data + TAIL)):
        assert understood((rule.data + TAIL)[:cut], (rule.data + TAIL)[cut:]) == both, cut


@rules("rule", LAST, ids=named)
def test_what_follows_the_last_request_is_not_answered(rule):
    # RFC 9112 9.6: "MUST NOT process any further requests received on that connection".
    assert understood(rule.data + TAIL) == [rule.understood]
    assert understood(*byte_by_byte(rule.data + TAIL)) == [rule.understood]
    assert parser_of(rule.data + TAIL).said_more
    assert parser_of(rule.data, TAIL).said_more
    assert not parser_of(rule.data).said_more


@rules("rule", REFUSED, ids=named)
def test_what_the_rules_forbid_is_refused_once_however_it_comes(rule):
    data, limits, refused = rule.data, rule.limits, [rule.status]
    assert understood(data, **limits) == refused
    assert understood(*byte_by_byte(data), **limits) == refused
    for cut in range(1, len(data)):
        assert understood(data[:cut], data[cut:], **limits) == refused, cut


@rules("rule", REFUSED, ids=named)
def test_nothing_around_a_refusal_changes_it(rule):
    data, limits, both = rule.data, rule.limits, [TAIL_UNDERSTOOD, rule.status]
    assert understood(TAIL + data, **limits) == both
    assert understood(*byte_by_byte(TAIL + data), **limits) == both
    for cut in range(1, len(TAIL + data)):
        assert understood((TAIL + data)[:cut], (TAIL + data)[cut:], **limits) == both, cut
    parser = parser_of(TAIL + data, TAIL, TAIL * 100, **limits)
    assert [seen(item) for item in parser.queue] == both
    assert parser.unparsed == b""


def test_what_is_exactly_as_large_as_its_limit_is_accepted():
    allowed = understood(TAIL)
    assert understood(TAIL, target_bytes=5, head_bytes=len(TAIL), header_count=1) == allowed
    assert understood(TAIL, target_bytes=4) == [414]
    assert understood(TAIL, head_bytes=len(TAIL) - 1) == [431]
    body = b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody"
    assert understood(body, body_bytes=4)[0][2] == b"body"


def test_the_head_of_a_request_is_measured_without_those_before_it():
    parser = parser_of(TAIL * 3, head_bytes=len(TAIL))
    assert [item.target for item in parser.queue] == ["/tail"] * 3
