"""A body that is taken while it arrives: what has come, what waits, and why the rest never will."""

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.limits import Limits
from asyncweb.http.parser import RequestParser

HEAD = b"POST / HTTP/1.1\r\nHost: t\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SIZED = HEAD + b"Content-Length: 10\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


def fed(*pieces, **limits):
    parser = RequestParser(Limits(**limits), lambda request: request.method == "POST")
    for piece in pieces:
        parser.feed(piece)
    return parser


def fault_of(body):
    with pytest.raises(ProtocolError) as caught:
        while body.take():
            pass
    return caught.value.status


def test_a_piece_is_handed_out_once():
    body = IncomingBody()
    assert body.take() is None
    body.put(b"one")
    body.put(b"two")
    assert (body.waiting_bytes, body.received_bytes) == (6, 6)
    assert body.take() == b"onetwo"
    assert (body.waiting_bytes, body.received_bytes) == (0, 6)
    assert body.take() is None
    body.end()
    assert [body.take(), body.take()] == [b"", b""]
    assert not body.broken


def test_what_had_come_before_a_body_broke_off_is_handed_out_first():
    body = IncomingBody()
    body.put(b"one")
    body.end(ProtocolError(408, "late"))
    assert body.broken
    assert body.take() == b"one"
    assert [fault_of(body), fault_of(body)] == [408, 408]


@pytest.mark.parametrize(
    ("data", "pieces"),
    [
        (SIZED, [b"first", b"other"]),
        (CHUNKED, [b"5\r\nfirst\r\n", b"5\r\nother\r\n0\r\n\r\n"]),
    ],
)
def test_a_request_is_there_when_its_head_is(data, pieces):
    parser = fed(data)
    (request,) = parser.queue
    assert request.incoming is parser.incoming
    parser.feed(pieces[0])
    assert request.incoming.take() == b"first"
    parser.feed(pieces[1] + GET)
    assert (request.incoming.take(), request.incoming.ended) == (b"other", True)
    assert [item.method for item in parser.queue] == ["POST", "GET"]


def test_a_body_is_read_on_though_no_other_request_may_wait():
    parser = fed(SIZED + b"first", b"other" + GET, pipelined_requests=1)
    (request,) = parser.queue
    assert request.incoming.take() == b"firstother"
    assert parser.full
    parser.queue.clear()
    parser.feed_waiting()
    assert [item.method for item in parser.queue] == ["GET"]


def test_more_than_may_wait_for_the_handler_is_full():
    parser = fed(SIZED + b"firs", buffer_bytes=5)
    assert not parser.full
    parser.feed(b"t")
    assert parser.full
    parser.incoming.take()
    assert not parser.full


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (CHUNKED + b"1\r\nx\r\nzz\r\n", 400),
        (CHUNKED + b"1\r\nxx\r\n", 400),
        (CHUNKED + b"9\r\nx", 413),
    ],
)
def test_a_fault_in_a_body_is_its_handlers_to_hear(data, status):
    parser = fed(data, GET, stream_bytes=8)
    (request,) = parser.queue
    assert fault_of(request.incoming) == status
    assert parser.said_more


def test_a_declared_length_beyond_the_limit_never_reaches_the_handler():
    (refusal,) = fed(SIZED, stream_bytes=9).queue
    assert refusal.status == 413


@pytest.mark.parametrize("waiting", [1, 16])
def test_the_end_of_the_client_ends_its_body(waiting):
    parser = fed(SIZED + b"first", pipelined_requests=waiting)
    parser.end()
    (request,) = parser.queue
    assert request.incoming.take() == b"first"
    assert fault_of(request.incoming) == 400
    assert parser.incoming is None


def test_the_end_of_the_client_in_a_head_is_a_refusal_and_between_two_requests_none():
    halfway = fed(GET, b"GET / HT")
    halfway.end()
    assert [getattr(item, "status", "GET") for item in halfway.queue] == ["GET", 400]
    whole = fed(GET)
    whole.end()
    assert len(whole.queue) == 1
    assert not whole.over
    whole.queue.clear()
    assert whole.over


def test_a_parser_that_is_closed_tells_who_takes_the_body():
    parser = fed(SIZED + b"first")
    body = parser.incoming
    parser.close()
    assert fault_of(body) == 400
    assert parser.incoming is None
