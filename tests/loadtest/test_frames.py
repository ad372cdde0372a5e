"""Messages in a stream of frames: whole, in pieces, among pings, and what is none of it."""

import pytest

from asyncweb.loadtest.answers import Heads, NoAnswer
from asyncweb.loadtest.frames import Messages
from tests.websocket_peer import (
    BINARY,
    CLOSE,
    CONTINUATION,
    FIN,
    PING,
    PONG,
    RSV1,
    TEXT,
    closing,
    frame,
)


def plain(*arguments, **settings):
    return frame(*arguments, **settings, masked=False)


HELLO = plain(TEXT, b"hello")
STREAM = b"".join(
    [
        HELLO,
        plain(BINARY),
        plain(PING, b"there?"),
        plain(TEXT, b"x" * 300),
        plain(TEXT, b"in ", bits=0) + plain(PING) + plain(CONTINUATION, b"parts"),
        plain(TEXT, bits=0) + plain(CONTINUATION),
        plain(PONG, b"unasked"),
        plain(BINARY, b"y" * 70_000),
    ]
)


def counted(pieces):
    messages = Messages(Heads())
    return sum(len(messages.feed(piece)) for piece in pieces), messages


def test_messages_are_counted_however_they_are_cut():
    for step in (1, 2, 3, 7, 1000, len(STREAM)):
        count, messages = counted(STREAM[at : at + step] for at in range(0, len(STREAM), step))
        assert (count, len(messages.replies)) == (6, 2)


def test_a_ping_is_answered_with_what_it_said():
    _, messages = counted([plain(PING, b"")])
    assert messages.replies[0][:2] == bytes([FIN | PONG, 0x80])


def test_what_comes_before_a_goodbye_counts_and_nothing_behind_it():
    count, messages = counted([HELLO + plain(CLOSE, closing(1001)[6:]) + HELLO, HELLO])
    assert count == 1
    assert messages.is_closed and len(messages.replies) == 1


def test_a_message_without_an_end_is_not_kept():
    _, messages = counted([plain(BINARY, said=2**62)])
    for _ in range(100):
        assert not messages.feed(b"x" * 100_000)
    assert messages._rest == b""


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        frame(TEXT, b"masked"),
        plain(TEXT, b"compressed", bits=FIN | RSV1),
        plain(3, b"reserved"),
        plain(11, b"reserved"),
        plain(CONTINUATION, b"of nothing"),
        plain(TEXT, b"a", bits=0) + plain(TEXT, b"b"),
        plain(PING, b"x" * 126),
        plain(PING, b"x", bits=0),
    ],
)
def test_what_is_no_message_is_refused(data):
    with pytest.raises(NoAnswer):
        counted([data])
    with pytest.raises(NoAnswer):
        counted(data[at : at + 1] for at in range(len(data)))
