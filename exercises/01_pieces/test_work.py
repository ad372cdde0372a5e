"""What your work.py has to do. You may read this; the points come from a copy of it."""

import pytest

from asyncweb.grading import Mistake, believes, same, task

HEAD = b"POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11"
END = b"\r\n\r\n"
BODY = b"hello world"


@task("1.1")
def test_a_head_in_one_piece_is_read(work, given):
    head, _ = work.read_head(given.Connection(HEAD + END))
    same(head, HEAD)


@task("1.1")
def test_a_head_in_three_pieces_is_read_whole(work, given):
    connection = given.Connection(HEAD[:9], HEAD[9:30], HEAD[30:] + END)
    with believes("M14", ValueError, IndexError, pieces=3, got="an error"):
        head, _ = work.read_head(connection)
    given.same_whole(head, HEAD, pieces=3)


@task("1.1")
def test_the_blank_line_may_be_cut_anywhere(work, given):
    for at in range(1, len(END)):
        connection = given.Connection(HEAD + END[:at], END[at:])
        with believes("cut", Mistake, ValueError, IndexError, cut=f"{END[:at]!r} and {END[at:]!r}"):
            head, _ = work.read_head(connection)
        given.same_whole(head, HEAD, pieces=2)


@task("1.1")
def test_what_follows_the_head_is_not_lost(work, given):
    connection = given.Connection(HEAD + END + BODY)
    _, rest = work.read_head(connection)
    kept = rest + b"".join(connection.left)
    with believes("rest", sent=BODY, kept=kept):
        same(kept, BODY)


@task("1.1", label="closed")
def test_a_client_that_closes_in_the_head_is_noticed(work, given):
    with pytest.raises(EOFError):
        work.read_head(given.Connection(HEAD, closes=True))


@task("1.2")
def test_the_length_of_the_body_is_found(work):
    same(work.body_length(HEAD), 11)


@task("1.2")
def test_a_request_without_content_length_has_no_body(work):
    same(work.body_length(b"GET / HTTP/1.1\r\nHost: localhost"), 0)


@task("1.2")
@pytest.mark.parametrize(
    "line", [b"content-length: 7", b"CONTENT-LENGTH:7", b"Content-Length:  7 "]
)
def test_a_header_may_be_written_in_many_ways(work, line):
    with believes("case", ValueError, IndexError, line=line):
        length = work.body_length(b"POST / HTTP/1.1\r\nHost: a\r\n" + line)
        assert length != 0
    same(length, 7)


@task("1.3")
def test_a_body_in_three_pieces_is_read_whole(work, given):
    connection = given.Connection(HEAD + END + BODY[:2], BODY[2:5], BODY[5:])
    head, body = work.read_request(connection)
    same(head, HEAD)
    given.same_whole(body, BODY, pieces=3)


@task("1.3")
def test_the_next_request_is_not_part_of_this_body(work, given):
    connection = given.Connection(HEAD + END + BODY + b"GET / HTTP/1.1\r\n")
    with believes("next"):
        _, body = work.read_request(connection)
        same(body, BODY)
