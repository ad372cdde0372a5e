"""How a WebSocket ends, frame by frame and without a server."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from asyncweb.coroutine import run_to_end
from asyncweb.errors import ClientGone
from asyncweb.frames import FrameChannel
from asyncweb.http.limits import Limits
from asyncweb.http.websocket import Accepted, close_frame
from tests.websocket_peer import TEXT, closing, frame

NOTHING_MORE = b""


class Line:
    """A ByteStream on which the client says `pieces`, one at a time; `sent` is what it is told."""

    has_room = True
    lock = nullcontext()
    home = SimpleNamespace(limits=Limits(), now=lambda: 0.0)

    def __init__(self, *pieces):
        self.pieces = [*pieces]
        self.sent = b""

    async def room(self):
        """There is always some."""

    async def read(self):
        return self.pieces.pop(0)

    def read_now(self):
        return self.pieces.pop(0)

    def put(self, data):
        self.sent += data


def received(channel):
    return run_to_end(channel.receive(), "")


@pytest.mark.parametrize("behind", [closing(1000), frame(3)], ids=["a goodbye", "another breach"])
def test_text_that_is_not_utf_8_is_a_breach_whatever_came_with_it(behind):
    line = Line(frame(TEXT, b"first") + frame(TEXT, b"\xff") + behind)
    channel = FrameChannel(line, Accepted({}))
    assert [received(channel), received(channel)] == ["first", None]
    assert (channel.close_code, channel.is_broken) == (1007, True)
    assert line.sent == close_frame(1007, "byte 0 of a text is not UTF-8")


@pytest.mark.parametrize(
    ("last_word", "code", "answer"),
    [(closing(4001), 4001, close_frame(4001, "")), (NOTHING_MORE, 1006, b"")],
    ids=["a goodbye", "no goodbye"],
)
def test_a_ping_to_a_client_that_has_ended_is_told_that_it_is_gone(last_word, code, answer):
    line = Line(frame(TEXT, b"unheard"), last_word)
    channel = FrameChannel(line, Accepted({}))
    for _ in range(2):
        channel.look(now=0.0)  # the handler is at work, so the engine hears the client
    with pytest.raises(ClientGone, match=f"this WebSocket is closed: {code}"):
        run_to_end(channel.ping(), "")
    assert line.sent == answer
    assert [received(channel), received(channel)] == ["unheard", None]
