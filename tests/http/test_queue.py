"""Requests wait in their order; one whose head is repeated is read once, and fresh each time."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asyncweb.errors import ProtocolError
from asyncweb.http import known as known_module
from asyncweb.http.head import Head
from asyncweb.http.known import LONGEST_BYTES, MOST, Known
from asyncweb.http.limits import Limits
from asyncweb.http.parser import RequestParser

GET = b"GET /a?b=c HTTP/1.1\r\nHost: t\r\nX-A: 1\r\n\r\n"
POST = b"POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nGET "
CHUNKS = (
    b"PUT /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"
)
MESSAGES = {
    GET: ("GET", "/a?b=c", b"", ["host", "x-a"]),
    POST: ("POST", "/p", b"GET ", ["host", "content-length"]),
    CHUNKS: ("PUT", "/c", b"abcde", ["host", "transfer-encoding"]),
}


def numbered(number):
    return b"GET /%d HTTP/1.1\r\nHost: t\r\n\r\n" % number


def drained(parser):
    """All that was understood, taken as answers make room for more."""
    requests = []
    while parser.queue:
        requests += parser.queue
        parser.queue.clear()
        parser.feed_waiting()
    return requests


def targets(requests):
    return [request.target for request in requests]


def shown(request):
    return request.method, request.target, request.body, list(request.headers)


@pytest.fixture
def parsed(monkeypatch):
    """The heads that were read, and not known already."""
    heads = []

    def noted(data, *more):
        heads.append(data)
        return Head(data, *more)

    monkeypatch.setattr(known_module, "Head", noted)
    return heads


@pytest.mark.parametrize("data", MESSAGES)
def test_a_repeated_request_is_understood_as_before_and_not_parsed_again(data, parsed):
    parser = RequestParser(Limits())
    for _ in range(3):
        parser.feed(data)
        assert [shown(request) for request in drained(parser)] == [MESSAGES[data]]
    assert len(parsed) == 1


def test_a_repeated_request_knows_nothing_of_what_was_done_to_the_first():
    parser = RequestParser(Limits())
    for _ in range(3):
        parser.feed(POST)
        (request,) = drained(parser)
        assert (request.method, request.raw_path, request.body) == ("POST", "/p", b"GET ")
        assert (request.link, "x" in request.headers, request.keep_alive) == (None, False, True)
        request.method, request.raw_path, request.body = "GET", "/changed", b"changed"
        request.link, request.keep_alive = object(), False
        request.headers.add("x", "y")


def test_a_repeated_request_does_not_jump_the_queue_of_those_that_wait():
    parser = RequestParser(Limits(pipelined_requests=1))
    for data in (GET, numbered(1), numbered(2), GET):
        parser.feed(data)
    assert targets(drained(parser)) == ["/a?b=c", "/1", "/2", "/a?b=c"]


def test_a_repeated_request_waits_behind_bytes_not_yet_parsed():
    parser = RequestParser(Limits(pipelined_requests=1))
    parser.feed(GET)
    parser.feed(numbered(1))
    parser.queue.clear()
    parser.feed(GET)
    assert targets(drained(parser)) == ["/1", "/a?b=c"]


def test_the_bytes_of_a_request_inside_a_body_are_a_body():
    parser = RequestParser(Limits())
    parser.feed(GET)
    parser.feed(b"POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n" % len(GET))
    parser.feed(GET)
    assert [request.body for request in drained(parser)] == [b"", GET]


def test_the_end_of_one_request_repeated_is_not_that_request():
    parser = RequestParser(Limits())
    for piece in (GET[:9], GET[9:], GET[9:], b"\r\n\r\n"):
        parser.feed(piece)
    first, refusal = drained(parser)
    assert (first.target, refusal.status) == ("/a?b=c", 400)


def test_a_request_after_an_empty_line_does_not_make_its_line_a_known_field():
    known = Known(Limits())
    line, forged = b"GET /a HTTP/1.1\r\nHost: t\r\n\r\n", b"POST /b HTTP/1.1\r\n"
    for data in (b"\r\n" + line, line):
        parser = RequestParser(Limits(), known=known)
        parser.feed(data)
        assert targets(drained(parser)) == ["/a"]
    parser = RequestParser(Limits(), known=known)
    parser.feed(forged + line)
    assert [refusal.status for refusal in drained(parser)] == [400]


def test_what_one_client_has_sent_is_known_when_another_does(parsed):
    known = Known(Limits())
    for data in (GET, GET, GET.replace(b"GET", b"HEAD"), GET):
        parser = RequestParser(Limits(), known=known)
        parser.feed(data)
        assert [request.method for request in drained(parser)] == [data.split()[0].decode()]
    assert len(parsed) == 2


def test_no_more_is_remembered_than_there_is_room_for():
    known = Known(Limits())
    for number in range(3 * MOST):
        parser = RequestParser(Limits(), known=known)
        parser.feed(numbered(number))
        assert targets(drained(parser)) == [f"/{number}"]
    assert len(known._heads) <= MOST and len(known._alike) <= MOST


def test_a_known_request_that_ends_the_conversation_ends_each_of_them():
    known = Known(Limits())
    last = b"GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"
    for _ in range(2):
        parser = RequestParser(Limits(), known=known)
        parser.feed(last)
        parser.feed(last)
        assert (targets(drained(parser)), parser.said_more) == (["/"], True)


def test_empty_lines_are_counted_before_each_request_known_or_not():
    for line in (b"\r\n", b"\r\n\r\n"):
        parser = RequestParser(Limits())
        for piece in (GET, line, GET, line, GET, line, GET):
            parser.feed(piece)
        assert targets(drained(parser)) == ["/a?b=c"] * 4
    long = GET.replace(b"/a", b"/" + b"a" * LONGEST_BYTES)
    for pieces in (
        [b"\r\n" + GET, b"\r\n", b"\r\n", b"\r\n" + GET],
        [GET + b"\r\n", long, GET + b"\r\n", b"\r\n\r\n" + GET],
    ):
        parser = RequestParser(Limits())
        for piece in pieces:
            parser.feed(piece)
        *before, refusal = drained(parser)
        assert (len(before), refusal.status) == (b"".join(pieces).count(b"GET") - 1, 400)


def test_a_large_head_is_parsed_each_time(parsed):
    parser = RequestParser(Limits())
    for times in (1, 2, 3):
        parser.feed(GET.replace(b"/a", b"/" + b"a" * LONGEST_BYTES))
        assert (len(drained(parser)), len(parsed)) == (1, times)


def test_what_follows_a_request_that_closes_is_no_request():
    parser = RequestParser(Limits())
    for _ in range(2):
        parser.feed(b"GET / HTTP/1.0\r\n\r\n")
    assert targets(drained(parser)) == ["/"]
    assert parser.said_more


def test_requests_beyond_the_limit_wait_unparsed_until_there_is_room():
    parser = RequestParser(Limits(pipelined_requests=2))
    fullness = []
    for number in range(4):
        parser.feed(numbered(number))
        fullness.append((len(parser.queue), parser.full))
    assert fullness == [(1, False), (2, True), (2, True), (2, True)]
    assert parser.unparsed == numbered(2) + numbered(3)
    parser.feed_waiting()
    assert targets(parser.queue) == ["/0", "/1"]
    assert targets(drained(parser)) == ["/0", "/1", "/2", "/3"]
    assert not parser.full


@pytest.mark.parametrize(
    ("rest", "end"),
    [(b"2\r\nhi\r\n0\r\n\r\n" + GET, b""), (b"2\r\nhi\r\nx\r\n", 400), (b"2\r\nhi\r\n0\r\n", 400)],
    ids=["whole", "malformed", "cut short"],
)
def test_a_body_taken_in_pieces_needs_no_room_in_the_queue(rest, end):
    parser = RequestParser(Limits(pipelined_requests=1), streams=lambda request: True)
    parser.feed(CHUNKS[: CHUNKS.index(b"3")] + rest)
    parser.end()
    (request,) = parser.queue
    assert request.incoming.take() == b"hi"
    try:
        assert request.incoming.take() == end
    except ProtocolError as error:
        assert error.status == end


def test_a_refusal_is_the_last_in_the_queue_and_forgets_what_waited():
    parser = RequestParser(Limits(pipelined_requests=1))
    parser.feed(GET)
    parser.feed(numbered(1))
    refusal = ProtocolError(408, "late")
    parser.refuse(refusal)
    parser.feed(GET)
    first, last = drained(parser)
    assert (first.target, last) == ("/a?b=c", refusal)


def test_a_closed_parser_holds_nothing_and_hears_nothing():
    parser = RequestParser(Limits(pipelined_requests=1))
    parser.feed(GET)
    parser.feed(numbered(1))
    parser.close()
    parser.feed(GET)
    assert (parser.queue, parser.unparsed, parser.full) == ([], b"", False)


@settings(deadline=None, database=None)
@given(data=st.data())
def test_any_cut_of_valid_requests_gives_the_same_requests(data):
    messages = data.draw(st.lists(st.sampled_from(list(MESSAGES)), min_size=1, max_size=8))
    stream = b"".join(messages)
    places = st.integers(min_value=1, max_value=len(stream) - 1)
    cuts = [0, *sorted(data.draw(st.sets(places, max_size=20))), len(stream)]
    parser = RequestParser(Limits(pipelined_requests=data.draw(st.integers(1, 9))))
    requests = []
    for start, end in itertools.pairwise(cuts):
        parser.feed(stream[start:end])
        if data.draw(st.booleans()):
            requests += drained(parser)
    requests += drained(parser)
    assert [shown(request) for request in requests] == [MESSAGES[message] for message in messages]
