"""One client's conversation: whose turn it is, how answers are framed, and when it ends."""

import pytest

from asyncweb.connection import Connection
from asyncweb.errors import ProtocolError
from asyncweb.http.known import Known
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Response

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
TOP = f"HTTP/1.1 200 OK\r\ndate: {DATE}\r\n".encode()


def ask(method=b"GET", version=b"1.1", fields=b""):
    return b"%b / HTTP/%b\r\nHost: t\r\n%b\r\n" % (method, version, fields)


def talking(*pieces, keep_alive=True, **limits):
    connection = Connection(Limits(**limits), keep_alive)
    for piece in pieces:
        connection.receive(piece)
    return connection


def asked(data, **settings):
    connection = talking(data, **settings)
    assert connection.next_request() is not None
    return connection


def streamed(connection, response, *pieces):
    sent = [connection.reply(response, DATE), *map(connection.piece, pieces)]
    return b"".join([*sent, connection.finish()])


CLOSES, STAYS = b"connection: close\r\n", b"connection: keep-alive\r\n"
KEPT = ask(version=b"1.0", fields=b"Connection: keep-alive\r\n")


@pytest.mark.parametrize(
    ("data", "body", "headers", "length", "said"),
    [
        (ask(), "hi", {}, 2, b""),
        (ask(), "", {}, 0, b""),
        (ask(), "hi", {"content-length": "7"}, 2, b""),
        (ask(b"HEAD"), "hi", {}, 2, b""),
        (ask(b"HEAD"), "", {"content-length": "7"}, 7, b""),
        (ask(), "hi", {"connection": "close"}, 2, CLOSES),
        (ask(fields=b"Connection: close\r\n"), "hi", {}, 2, CLOSES),
        (ask(version=b"1.0"), "hi", {}, 2, CLOSES),
        (KEPT, "hi", {}, 2, STAYS),
    ],
)
def test_a_whole_answer_has_a_length_and_says_whether_we_stay(data, body, headers, length, said):
    connection = asked(data)
    sent = b"" if data.startswith(b"HEAD") else body.encode()
    head = TOP + b"content-length: %d\r\n%b\r\n" % (length, said)
    assert connection.reply(Response(body, headers=headers), DATE) == head + sent
    assert (connection.closing, connection.answering) == (said == CLOSES, False)


@pytest.mark.parametrize(("status", "phrase"), [(204, b"No Content"), (304, b"Not Modified")])
def test_an_answer_that_cannot_have_a_body_has_neither_body_nor_length(status, phrase):
    connection = asked(ask())
    answer = connection.reply(Response("dropped", status, {"content-length": "7"}), DATE)
    assert answer == b"HTTP/1.1 %d %b\r\ndate: %b\r\n\r\n" % (status, phrase, DATE.encode())
    assert not connection.wants_body


def test_keep_alive_can_be_turned_off():
    connection = asked(ask(), keep_alive=False)
    assert b"\r\nconnection: close\r\n" in connection.reply(Response("hi"), DATE)
    assert connection.closing


def test_a_stream_is_sent_in_chunks_and_empty_pieces_are_left_out():
    connection = asked(ask())
    answer = streamed(connection, Response(iter(())), b"one", "", "zwölf")
    chunks = b"3\r\none\r\n6\r\nzw\xc3\xb6lf\r\n0\r\n\r\n"
    assert answer == TOP + b"transfer-encoding: chunked\r\n\r\n" + chunks
    assert not connection.closing


def test_a_stream_may_declare_its_length():
    response = Response(iter(()), headers={"content-length": "5"})
    answer = streamed(asked(ask()), response, b"one", "tw")
    assert answer == TOP + b"content-length: 5\r\n\r\nonetw"


def test_a_stream_to_http_1_0_ends_with_the_connection():
    connection = asked(KEPT)
    answer = streamed(connection, Response(iter(())), b"one", b"two")
    assert answer == TOP + b"connection: close\r\n\r\nonetwo"
    assert connection.closing


@pytest.mark.parametrize(
    ("version", "headers", "fields"),
    [
        (b"1.1", {}, b"transfer-encoding: chunked\r\n"),
        (b"1.1", {"content-length": "5"}, b"content-length: 5\r\n"),
        (b"1.0", {}, b"connection: keep-alive\r\n"),
    ],
)
def test_head_of_a_stream_has_the_same_head_and_no_body(version, headers, fields):
    connection = asked(ask(b"HEAD", version, b"Connection: keep-alive\r\n"))
    response = Response(iter(()), headers=headers)
    assert connection.reply(response, DATE) == TOP + fields + b"\r\n"
    assert not connection.wants_body
    assert connection.finish() == b""
    assert not connection.closing


def test_a_stream_is_being_answered_until_it_is_finished():
    connection = asked(ask() + ask(b"PUT"))
    connection.reply(Response(iter(())), DATE)
    assert connection.wants_body
    assert (connection.answering, connection.next_request()) == (True, None)
    connection.finish()
    assert connection.next_request().method == "PUT"


def test_a_stream_longer_or_shorter_than_it_declared_is_an_error():
    connection = asked(ask())
    connection.reply(Response(iter(()), headers={"content-length": "3"}), DATE)
    assert connection.piece(b"ab") == b"ab"
    with pytest.raises(ValueError, match="the stream ended 1 bytes before its Content-Length"):
        connection.finish()
    with pytest.raises(ValueError, match="longer than the Content-Length it declared"):
        connection.piece(b"cd")


def test_a_stream_yields_bytes_or_text_and_nothing_else():
    connection = asked(ask())
    connection.reply(Response(iter(())), DATE)
    with pytest.raises(TypeError, match="a stream yielded int; it may yield bytes or str"):
        connection.piece(7)


def test_requests_are_handed_out_in_order_and_one_at_a_time():
    connection = talking(ask(b"GET") + ask(b"PUT"), ask(b"POST"), pipelined_requests=2)
    methods = []
    while request := connection.next_request():
        assert connection.next_request() is None
        methods.append(request.method)
        connection.reply(Response(), DATE)
    assert methods == ["GET", "PUT", "POST"]
    assert connection.idle


def test_a_client_that_sends_more_than_may_wait_is_full_until_it_is_answered():
    connection = talking(ask(), ask(b"PUT"), pipelined_requests=1)
    assert connection.full
    for _ in range(2):
        connection.next_request()
        connection.reply(Response(), DATE)
    assert (connection.full, connection.idle) == (False, True)


def test_an_empty_line_that_waited_for_room_is_no_reason_to_stay():
    """It is the client's last: behind it there will be nothing to answer."""
    connection = talking(ask(), b"\r\n", pipelined_requests=1)
    connection.end()
    connection.next_request()
    connection.reply(Response(), DATE)
    assert not connection.closing
    assert (connection.next_request(), connection.closing) == (None, True)


def test_a_refusal_comes_after_the_requests_before_it_and_closes():
    connection = talking(ask(), b"GARBAGE\r\n\r\n")
    assert connection.next_request().method == "GET"
    assert b"connection" not in connection.reply(Response(), DATE)
    refusal = connection.next_request()
    assert (type(refusal), refusal.status) == (ProtocolError, 400)
    answer = connection.reply(Response("no", 400), DATE)
    assert answer.endswith(b"content-length: 2\r\nconnection: close\r\n\r\nno")
    assert (connection.closing, connection.next_request()) == (True, None)


def test_a_streamed_answer_to_a_refusal_ends_with_the_connection():
    connection = asked(b"GARBAGE\r\n\r\n")
    answer = streamed(connection, Response(iter(())), b"no")
    assert answer == TOP + b"connection: close\r\n\r\nno"


def test_nothing_is_heard_once_the_conversation_is_closing():
    connection = asked(ask())
    connection.reply(Response(headers={"connection": "close"}), DATE)
    connection.receive(ask())
    assert connection.next_request() is None
    assert connection.idle


def test_what_was_asked_is_forgotten_when_the_conversation_is_closed():
    connection = talking(ask())
    connection.close()
    assert (connection.closing, connection.next_request(), connection.idle) == (True, None, True)


HALF_BODY = ask(b"PUT", fields=b"Content-Length: 9\r\n") + b"12345678"


@pytest.mark.parametrize(
    ("data", "waits_for", "patience_s"),
    [
        (b"", "nothing", 25.0),
        (b"GE", "head", 20.0),
        (HALF_BODY, "body", 20.0 + 8 / 4),
        (ask(), None, None),
    ],
)
def test_patience_depends_on_what_the_client_is_to_send(data, waits_for, patience_s):
    connection = talking(*[data] if data else [], body_bytes_per_s=4)
    assert (connection.waits_for, connection.patience_s) == (waits_for, patience_s)
    assert connection.idle is (waits_for == "nothing")


def test_a_handshake_has_the_patience_of_a_head_and_ends_without_a_word():
    connection = talking()
    connection.shaking_hands = True
    assert (connection.waits_for, connection.patience_s) == ("handshake", 20.0)
    connection.expire()
    assert (connection.closing, connection.next_request()) == (True, None)


def test_it_stays_the_handlers_turn_while_a_request_is_answered():
    connection = asked(ask() + b"GE")
    assert (connection.waits_for, connection.patience_s) == (None, None)
    connection.reply(Response(), DATE)
    assert (connection.waits_for, connection.idle) == ("head", False)


def test_an_idle_client_is_let_go_without_a_word():
    connection = talking()
    connection.expire()
    assert (connection.closing, connection.next_request()) == (True, None)


@pytest.mark.parametrize(("data", "late"), [(b"GE", "head"), (HALF_BODY, "body")])
def test_a_slow_client_is_told_408(data, late):
    connection = talking(data)
    connection.expire()
    refusal = connection.next_request()
    assert (refusal.status, str(refusal)) == (408, f"the {late} took too long to arrive")
    assert not connection.closing


def test_a_client_that_waits_for_its_answer_does_not_expire():
    connection = talking(ask())
    connection.expire()
    assert not connection.closing
    assert connection.next_request().method == "GET"
    assert connection.next_request() is None


EXPECTING = ask(b"PUT", fields=b"Content-Length: 2\r\nExpect: 100-continue\r\n")


def test_100_continue_is_said_once():
    connection = talking(EXPECTING)
    assert connection.take_continue() == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert connection.take_continue() == b""


def test_100_continue_waits_for_the_answers_before_it():
    connection = talking(ask() + EXPECTING)
    assert connection.take_continue() == b""
    connection.next_request()
    assert connection.take_continue() == b""
    connection.reply(Response(), DATE)
    assert connection.take_continue() == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_100_continue_is_not_said_after_an_answer_that_closes():
    connection = talking(KEPT + EXPECTING)
    connection.next_request()
    streamed(connection, Response(iter(())), b"its end is that of the connection")
    assert connection.take_continue() == b""


@pytest.mark.parametrize(
    "data", [b"GE", ask(b"PUT", fields=b"Content-Length: 2\r\n"), EXPECTING + b"x"]
)
def test_100_continue_is_not_said_to_who_does_not_wait_for_it(data):
    assert talking(data).take_continue() == b""


@pytest.mark.parametrize(
    ("pieces", "closing"),
    [
        ([ask()], True),
        ([ask() + ask()], False),
        ([ask() + b"GE"], False),
        ([ask(), ask()], False),
    ],
)
def test_draining_closes_with_the_answer_to_the_last_request_received(pieces, closing):
    connection = talking(*pieces, pipelined_requests=1)
    connection.next_request()
    connection.draining = True
    answer = connection.reply(Response(), DATE)
    assert (connection.closing, b"connection: close" in answer) == (closing, closing)


def test_the_head_of_a_pipelined_request_has_the_limit_of_any_other():
    long = ask(fields=b"A: " + b"a" * 300 + b"\r\n")
    for pieces in ([ask() + long], [ask(), long]):
        connection = talking(*pieces, head_bytes=100)
        assert connection.next_request().method == "GET"
        connection.reply(Response(), DATE)
        assert connection.next_request().status == 431


def test_no_100_continue_is_said_once_the_body_is_there():
    fields = b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"
    connection = asked(ask(b"POST", fields=fields) + b"0\r\n\r\n")
    connection.reply(Response(), DATE)
    assert connection.take_continue() == b""


def test_the_answer_to_a_body_that_broke_off_closes():
    connection = Connection(Limits(), streams=lambda request: True)
    connection.receive(ask(b"POST", fields=b"Transfer-Encoding: chunked\r\n") + b"5\r\nhe")
    body = connection.next_request().incoming
    connection.receive(b"llo!\r\n")
    assert (body.take(), body.broken) == (b"hello", True)
    with pytest.raises(ProtocolError):
        body.take()
    assert CLOSES in connection.reply(Response("no", 400), DATE)
    assert (connection.closing, connection.client_goes_on) == (True, True)


def test_a_length_that_is_no_number_of_the_body_is_not_sent():
    assert b"content-length: 0\r\n" in asked(ask()).reply(
        Response(headers={"content-length": "5"}), DATE
    )
    squared = Response(iter([b"x"]), headers={"content-length": "\xb2"})
    assert b"transfer-encoding: chunked\r\n" in asked(ask()).reply(squared, DATE)


SAME = ask()


def served(connection):
    """`connection`, with the request that is next answered."""
    assert connection.next_request() is not None
    connection.reply(Response("hi"), DATE)
    return connection


def test_a_request_that_came_before_is_taken_at_once():
    connection = served(talking(SAME))
    request = connection.alone(SAME)
    assert (request.method, request.target, request.headers["host"]) == ("GET", "/", "t")
    assert (connection.answering, connection.taken) == (True, 2)
    connection.reply(Response("hi"), DATE)
    assert connection.idle and not connection.closing


def test_a_request_unlike_any_before_is_taken_at_once_too():
    connection = served(talking(SAME))
    request = connection.alone(SAME.replace(b"/", b"/other", 1))
    assert (request.target, request.headers["host"]) == ("/other", "t")


def test_a_last_request_that_came_before_closes_like_the_first():
    known, last = Known(Limits()), ask(fields=b"Connection: close\r\n")
    for take in ("receive", "alone"):
        connection = Connection(Limits(), known=known)
        getattr(connection, take)(last)
        if take == "receive":
            connection.next_request()
        assert CLOSES in connection.reply(Response("hi"), DATE)
        connection.receive(SAME)
        assert (connection.closing, connection.next_request()) == (True, None)


UPGRADE = ask(fields=b"Connection: upgrade\r\nUpgrade: chat\r\n")
BODY = ask(b"POST", fields=b"Content-Length: 2\r\n")


@pytest.mark.parametrize(
    ("connection", "data"),
    [
        (served(talking(SAME)), b"GET / HTTP/1.1\r\n\r\n"),  # refused, after all before it
        (served(talking(SAME)), SAME[:-1]),
        (served(talking(SAME)), SAME * 2),
        (asked(SAME), SAME),  # the first is not answered
        (served(talking(SAME, SAME)), SAME),
        (served(talking(SAME, SAME[:9])), SAME),
        (served(talking(SAME, b"\r\n")), SAME),
        (served(talking(BODY + b"ab", BODY)), SAME),
        (served(talking(BODY + b"ab")), BODY),
        (served(talking(UPGRADE)), UPGRADE),
        (served(talking(SAME, ask(fields=b"Connection: close\r\n"))), SAME),
        (served(talking(SAME, b"no request\r\n\r\n")), SAME),
    ],
)
def test_whatever_else_is_there_goes_the_whole_way(connection, data):
    assert connection.alone(data) is None
