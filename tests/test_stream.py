"""A body as its handler reads it: pieces once, in order, and an end."""

import pytest

from asyncweb.connection import Connection
from asyncweb.coroutine import run_to_end
from asyncweb.errors import NeedsEventLoop, ProtocolError
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request, Response
from asyncweb.stream import ADVICE, BodyStream

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
HEAD = b"POST / HTTP/1.1\r\nHost: t\r\n"
SIZED = HEAD + b"Content-Length: 10\r\n\r\n"
HELD_BACK = HEAD + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"


class Script:
    """A Link that brings one thing after the other."""

    address, closed = ("127.0.0.1", 1), False

    def __init__(self, *steps):
        self.steps = list(steps)
        self.wanted = []

    async def more(self, body):
        self.wanted.append(body.wanted)
        step = self.steps.pop(0)
        if isinstance(step, bytes):
            body.put(step)
        else:
            body.end(step)


class Suspended:
    """A Link that waits for ever."""

    def __await__(self):
        yield self

    async def more(self, body):
        await self


def streaming(link):
    request = Request("POST", "/")
    request.incoming, request.link = IncomingBody(), link
    return request, BodyStream(request)


def test_pieces_come_as_they_arrive_and_the_body_is_wanted_only_meanwhile():
    link = Script(b"one", b"two", None)
    request, stream = streaming(link)
    assert list(stream) == [b"one", b"two"]
    assert list(stream) == []
    assert link.wanted == [True] * 3
    assert not request.incoming.wanted


def test_the_rest_is_read_at_once():
    _, stream = streaming(Script(b"one", b"two", None))
    assert next(stream) == b"one"
    assert run_to_end(stream.read(), "") == b"two"
    assert run_to_end(stream.read(), "") == b""


def test_what_breaks_the_body_off_is_raised():
    _, stream = streaming(Script(b"one", ProtocolError(408, "late")))
    assert next(stream) == b"one"
    with pytest.raises(ProtocolError, match="late"):
        next(stream)


def test_who_cannot_wait_is_told_how():
    request, stream = streaming(Suspended())
    request.incoming.put(b"here")
    assert next(stream) == b"here"
    with pytest.raises(NeedsEventLoop, match=r"async for piece in ctx\.stream"):
        next(stream)
    assert "async def" in ADVICE
    assert not request.incoming.wanted


def test_a_second_reader_does_not_end_the_wait_of_the_first():
    request, stream = streaming(Suspended())
    first, second = stream.read(), BodyStream(request).read()
    first.send(None)
    second.send(None)
    second.close()
    assert request.incoming.wanted
    first.close()
    assert not request.incoming.wanted


def test_a_body_that_is_whole_is_one_piece():
    assert list(BodyStream(Request("POST", "/", body=b"whole"))) == [b"whole"]
    assert list(BodyStream(Request("POST", "/"))) == []


# ---------------------------------------------------------------------- and its conversation


def talking(*pieces, **limits):
    connection = Connection(Limits(**limits), True, lambda request: request.method == "POST")
    for piece in pieces:
        connection.receive(piece)
    return connection


def test_a_body_is_waited_for_only_while_its_handler_wants_it():
    connection = talking(SIZED + b"x" * 5, body_s=3.0, body_bytes_per_s=5)
    request = connection.next_request()
    assert (connection.waits_for, connection.patience_s) == (None, None)
    request.incoming.wanted = True
    assert (connection.waits_for, connection.patience_s) == ("body", 4.0)
    connection.expire()
    assert request.incoming.take() == b"x" * 5
    with pytest.raises(ProtocolError, match="took too long"):
        request.incoming.take()


@pytest.mark.parametrize("fault", [None, 408])
def test_the_answer_to_a_body_that_was_not_read_to_its_end_is_the_last(fault):
    connection = talking(SIZED + b"first")
    connection.next_request()
    if fault:
        connection.refuse(ProtocolError(fault, "late"))
    assert b"\r\nconnection: close\r\n" in connection.reply(Response("hi"), DATE)
    assert connection.closing
    assert connection.client_goes_on
    assert connection.next_request() is None


def test_a_body_that_was_whole_in_time_leaves_the_connection_open():
    connection = talking(SIZED + b"firstother" + GET)
    connection.next_request()
    assert b"connection" not in connection.reply(Response("hi"), DATE)
    assert connection.next_request().method == "GET"


def test_a_body_held_back_is_asked_for_when_it_is_wanted():
    connection = talking(HELD_BACK)
    request = connection.next_request()
    assert connection.take_continue() == b""
    request.incoming.wanted = True
    assert connection.take_continue().startswith(b"HTTP/1.1 100")
    assert connection.take_continue() == b""


def test_a_streamed_answer_asks_for_the_body_held_back_before_it_begins():
    connection = talking(HELD_BACK)
    request = connection.next_request()
    said = connection.reply(Response(iter(())), DATE)
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    request.incoming.wanted = True
    assert connection.take_continue() == b""


def test_a_whole_answer_does_not_ask_for_the_body_it_has_not_needed():
    connection = talking(HELD_BACK)
    connection.next_request()
    assert connection.reply(Response("no", 403), DATE).startswith(b"HTTP/1.1 403")
    assert connection.take_continue() == b""


def test_a_streamed_answer_before_it_leaves_a_body_held_back_to_its_own_handler():
    connection = talking(GET + HELD_BACK)
    connection.next_request()
    assert connection.reply(Response(iter(())), DATE).startswith(b"HTTP/1.1 200")
    connection.finish()
    connection.next_request().incoming.wanted = True
    assert connection.take_continue().startswith(b"HTTP/1.1 100")


def test_the_client_that_sends_no_more_is_answered_and_then_let_go():
    connection = talking(GET)
    connection.end()
    assert not connection.closing
    connection.next_request()
    connection.reply(Response("hi"), DATE)
    assert connection.closing
    silent = talking()
    silent.end()
    assert silent.closing


def test_the_last_request_that_a_connection_may_make_is_told_so():
    connection = talking(GET * 3, requests_per_connection=2)
    connection.next_request()
    assert b"connection" not in connection.reply(Response("hi"), DATE)
    connection.next_request()
    assert b"\r\nconnection: close\r\n" in connection.reply(Response("hi"), DATE)


def test_a_205_says_that_it_has_no_content():
    connection = talking(GET)
    connection.next_request()
    said = connection.reply(Response("dropped", 205), DATE)
    assert said.endswith(b"content-length: 0\r\n\r\n")
    assert not connection.ends_by_closing


def test_a_client_of_http_1_0_takes_the_end_of_the_connection_for_that_of_a_stream():
    connection = talking(b"GET / HTTP/1.0\r\n\r\n")
    connection.next_request()
    connection.reply(Response(iter(())), DATE)
    assert connection.ends_by_closing
    connection.finish()
    assert not connection.ends_by_closing
