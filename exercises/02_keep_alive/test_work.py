"""What your work.py has to do. You may read this; the points come from a copy of it."""

import pytest

from asyncweb.grading import Mistake, believes, same, task

POST = b"POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello"


@task("2.1")
def test_a_request_in_three_pieces_is_given_whole(work, given):
    connection = given.Connection(POST[:9], POST[9:-3], POST[-3:])
    given.take(work, connection, bytearray(), POST, "one request", "three pieces")


@task("2.1")
def test_two_requests_in_one_piece_are_given_one_by_one(work, given):
    first, second = given.get(b"/1"), given.get(b"/2")
    connection, received = given.Connection(first + second), bytearray()
    given.take(work, connection, received, first)
    given.take(work, connection, received, second)


@task("2.1")
def test_what_was_read_before_is_the_beginning(work, given):
    connection, received = given.Connection(POST[9:] + POST[:20], POST[20:]), bytearray(POST[:9])
    given.take(work, connection, received, POST, pieces="three pieces")
    given.take(work, connection, received, POST, pieces="three pieces")


@task("2.1")
def test_a_client_that_closes_after_a_request_ends_well(work, given):
    connection, received = given.Connection(POST, closes=True), bytearray()
    given.take(work, connection, received, POST, "one request", "one piece")
    with believes("end", EOFError):
        got = work.next_request(connection, received)
    same(got, b"")


@task("2.1")
def test_a_client_that_closes_within_a_request_is_noticed(work, given):
    connection = given.Connection(POST[:-2], closes=True)
    with believes("closed", pytest.fail.Exception, came=POST[-9:-2]), pytest.raises(EOFError):
        work.next_request(connection, bytearray())


@task("2.2")
def test_requests_that_follow_each_other_are_answered_in_order(work, given):
    connection = given.Connection(given.get(b"/1"), given.get(b"/2"), closes=True, asks=True)
    work.serve(connection, given.echo)
    with believes("once", requests=2, answers=len(connection.sent)):
        assert len(connection.sent) != 1
    same(b"".join(connection.sent), b"[/1][/2]")


@task("2.2")
def test_a_client_that_says_close_is_believed(work, given):
    connection = given.Connection(given.get(b"/1", b"Connection: close"), given.get(b"/2"))
    with believes("stays", Mistake):
        work.serve(connection, given.echo)
        assert len(connection.sent) < 2
    same(b"".join(connection.sent), b"[/1]")


@task("2.2")
def test_the_connection_is_closed_when_the_client_has_closed(work, given):
    connection = given.Connection(given.get(b"/1"), closes=True)
    work.serve(connection, given.echo)
    with believes("open", why="the client has nothing more to ask"):
        assert not connection.is_open


@task("2.3")
def test_answers_that_are_ready_in_order_go_out_at_once(work):
    replies = work.Replies()
    same([replies.ready(number, b"%d" % number) for number in range(3)], [b"0", b"1", b"2"])


@task("2.3")
def test_an_answer_that_is_too_early_waits_for_its_turn(work):
    replies = work.Replies()
    early = [replies.ready(2, b"two"), replies.ready(1, b"one")]
    with believes("order", number=2, before=0):
        assert early[0] != b"two"
    same(early, [b"", b""])
    got = replies.ready(0, b"zero")
    if type(got) is bytes and b"zeroonetwo".startswith(got) and got != b"zeroonetwo":
        raise Mistake("stuck", got=got, kept=b"zeroonetwo".removeprefix(got))
    same(got, b"zeroonetwo")
