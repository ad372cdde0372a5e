"""One connection of the crowd: it asks, waits for the whole answer, and asks again.

Rule: the clock of a request starts when it is due, or else right before its send, and ends with the
last byte of its answer. Whoever waits for a visitor may give up at any time; the visitor does not
mind.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, cast

from asyncweb.loadtest.answers import Answers, Head, Heads, NoAnswer
from asyncweb.loadtest.frames import Messages

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd

Asked = tuple[float, float, Heads]  # when it was due, when sent, what its answer may begin with


class Visitor(asyncio.Protocol):
    """The protocol of one connection."""

    __slots__ = (
        "_answers",
        "_crowd",
        "_leaves",
        "_transport",
        "asked",
        "gone",
        "is_gone",
        "ready",
    )

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._answers: Answers | Messages = Answers(crowd.heads)
        self.asked: deque[Asked] = deque()  # what is in flight, the oldest first
        self._leaves = False  # it asks no more, and leaves when it has been answered
        self.is_gone = False
        self.ready: asyncio.Future[None] = crowd.loop.create_future()  # answered once, or gone
        self.gone: asyncio.Future[None] = crowd.loop.create_future()

    @property
    def sent_at(self) -> float | None:
        """When the oldest request in flight was sent; None between two requests."""
        return self.asked[0][1] if self.asked else None

    @property
    def can_ask(self) -> bool:
        """Whether its connection is there, and nobody has begun to close it."""
        return not (self.is_gone or self._transport.is_closing())

    @property
    def server_address(self) -> str:
        """The address that its connection leads to; "" when that is cut already."""
        address: tuple[str, int] | None = self._transport.get_extra_info("peername")
        return address[0] if address else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected: may ask for the first time."""
        self._transport = cast(asyncio.Transport, transport)
        self._crowd.arrived(self)

    async def opened(self) -> None:
        """Returns when it may ask: as soon as it is connected."""

    def ask(self, due_at: float = 0.0) -> None:
        """Sends a request, which was due then or is due now."""
        request, heads = self._crowd.next_request()
        if not self.asked:
            self._answers.heads = heads
        now = time.perf_counter()
        self.asked.append((due_at or now, now, heads))
        self._crowd.tally.sent_bytes += len(request)
        self._transport.write(request)

    def leave(self) -> None:
        """Asks no more."""
        self._leaves = True
        if not self.asked:
            self.is_gone = True  # an open loop may hold it for idle until the connection is lost
            self._part()

    def data_received(self, data: bytes) -> None:
        """A part of an answer."""
        self._crowd.tally.received_bytes += len(data)
        try:
            for head in self._answers.feed(data):
                self._answered(head)
        except NoAnswer as error:
            self.fail(error.kind)

    def _answered(self, head: Head) -> None:
        if not self.asked or head.status == 101:
            self.fail("protocol")
            return
        due_at, sent_at, _ = self.asked.popleft()
        if self.asked:
            self._answers.heads = self.asked[0][2]
        self._crowd.answered(due_at, sent_at, head.status)
        if not head.stays or self._leaves:
            if not (head.stays and self.asked):
                self._part()
        elif self._crowd.began:
            self._crowd.pace.free(self)
        else:
            self.be_ready()

    def be_ready(self) -> None:
        """Lets the next connection be made."""
        _settle(self.ready)

    def fail(self, kind: str) -> None:
        """Gives up what is in flight, and the connection."""
        self._lose(kind)
        self._transport.abort()

    def dismiss(self) -> None:
        """Sends it home, whatever it waits for."""
        self._transport.abort()

    def forget(self) -> None:
        """Nobody waits for its connection any more, be it made or not.

        When that is given up in the moment in which it is made, uvloop closes it and never says
        that it was lost.
        """
        self.asked.clear()
        self.is_gone = True
        self._crowd.visitors.discard(self)

    def connection_lost(self, error: Exception | None) -> None:
        """The server, or we, have closed."""
        if self.asked and not self._crowd.dismissed:
            last = self._answers.end() if error is None else None
            if last is not None:
                due_at, sent_at, _ = self.asked.popleft()
                self._crowd.answered(due_at, sent_at, last.status)
            self._crowd.door.lost(error, len(self.asked))
        self.forget()
        self.be_ready()
        _settle(self.gone)

    def _lose(self, kind: str) -> None:
        self._crowd.failed(kind, len(self.asked))
        self.asked.clear()

    def _part(self) -> None:
        self._transport.close()


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():  # whoever waited for it may have been sent home, which cancels it
        future.set_result(None)
