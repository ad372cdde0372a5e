"""More of the same, with other numbers."""

import random

import pytest

from asyncweb.grading import Mistake, believes, same, task


def cut(data, dice):
    """`data` in up to seven pieces."""
    places = sorted(dice.sample(range(1, len(data)), 6))
    return [data[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]


@task("1.1")
def test_a_head_is_read_whatever_the_cuts(work, given, seed):
    dice = random.Random(seed)
    head = b"GET /%d HTTP/1.1\r\nHost: localhost" % dice.randrange(1000)
    pieces = cut(head + b"\r\n\r\n", dice)
    with believes("cut", Mistake, cut=f"{pieces[-2]!r} and {pieces[-1]!r}"):
        head_read, _ = work.read_head(given.Connection(*pieces))
    given.same_whole(head_read, head, pieces=7)


@task("1.2")
def test_a_length_is_found_among_other_headers(work):
    same(
        work.body_length(b"POST / HTTP/1.1\r\nX-Content-Length: 9\r\nContent-Length: 8\r\nA: 5"), 8
    )


@task("1.3")
def test_a_request_is_read_whatever_the_cuts(work, given, seed):
    dice = random.Random(seed)
    sent = dice.randbytes(dice.randrange(1, 5000))
    head = b"PUT /file HTTP/1.1\r\nHost: localhost\r\ncontent-length: %d" % len(sent)
    pieces = cut(head + b"\r\n\r\n" + sent, dice)
    head_read, body = work.read_request(given.Connection(*pieces))
    same(head_read, head)
    given.same_whole(body, sent, pieces=7)


@task("1.3", label="closed")
def test_a_client_that_closes_in_the_body_is_noticed(work, given):
    head = b"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"
    with pytest.raises(EOFError):
        work.read_request(given.Connection(head + b"five!", closes=True))
