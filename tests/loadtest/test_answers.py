"""Answers told apart: however they are cut, however they are framed, and never what is none."""

import itertools

import pytest

from asyncweb.loadtest.answers import LONGEST_HEAD_BYTES, Answers, Heads, NoAnswer

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
CHUNKED = b"HTTP/1.1 201 Made\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"
LAST = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
STATUS = {LENGTH: 200, CHUNKED: 201, NOT_MODIFIED: 304, LAST: 404}


def told(answers, *pieces):
    return [(head.status, head.stays) for piece in pieces for head in answers.feed(piece)]


THREE = list(itertools.product([LENGTH, CHUNKED, INTERIM, NOT_MODIFIED], repeat=3))


@pytest.mark.parametrize("kinds", THREE)
def test_answers_are_the_same_however_they_are_cut(kinds):
    data = b"".join(kinds) + LAST
    expected = [(STATUS[kind], kind is not LAST) for kind in (*kinds, LAST) if kind in STATUS]
    heads = Heads()  # which knows more with each time
    for cut in range(len(data)):
        assert told(Answers(heads), data[:cut], data[cut:]) == expected
    assert told(Answers(heads), *(data[at : at + 1] for at in range(len(data)))) == expected
    assert told(Answers(heads), *kinds, LAST) == expected


def test_answers_to_head_have_no_body_whatever_they_say():
    heads = Heads(of_head=True)
    for _ in range(2):
        assert told(Answers(heads), LENGTH[:-2], LENGTH[:-2]) == [(200, True), (200, True)]


def test_kinds_of_requests_may_take_turns_on_one_connection():
    plain, of_head = Heads(), Heads(of_head=True)
    answers = Answers(plain)
    for _ in range(2):
        answers.heads = plain
        assert told(answers, LENGTH) == [(200, True)]
        answers.heads = of_head
        assert told(answers, LENGTH[:-2]) == [(200, True)]


def test_kinds_of_requests_may_take_turns_within_what_comes_at_once():
    plain, of_head = Heads(), Heads(of_head=True)
    answers, turns = Answers(of_head), itertools.cycle([plain, of_head])
    read = []
    for head in answers.feed((LENGTH[:-2] + LENGTH) * 2):
        read.append(head.status)
        answers.heads = next(turns)
    assert read == [200] * 4


def test_a_body_without_a_length_ends_with_its_connection():
    answers = Answers(Heads())
    assert told(answers, b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo") == []
    last = answers.end()
    assert (last.status, last.stays) == (200, False)


@pytest.mark.parametrize(
    "data", [b"", LENGTH, LENGTH[:-1], LENGTH[:9], CHUNKED[:-3], CHUNKED, CHUNKED + b"HTTP/1.1 2"]
)
def test_the_end_of_a_connection_ends_no_other_answer(data):
    answers = Answers(Heads())
    told(answers, data)
    assert answers.end() is None


@pytest.mark.parametrize(
    "data",
    [
        b"?",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        CHUNKED[:-12] + b"many\r\n",
        LENGTH + b"?",
        b"HTTP/1.1 200 OK\r\nx: " + b"x" * LONGEST_HEAD_BYTES,
    ],
)
def test_what_is_no_answer_is_refused(data):
    with pytest.raises(NoAnswer):
        told(Answers(Heads()), data)


def test_many_different_heads_are_not_all_remembered():
    heads, answers = Heads(), Answers(Heads())
    answers.heads = heads
    for number in range(1000):
        data = b"HTTP/1.1 200 OK\r\nx: %d\r\nContent-Length: 2\r\n\r\nhi" % number
        assert told(answers, data) == [(200, True)]
    assert len(heads._known) <= 256
