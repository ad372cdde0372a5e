"""One connection of the crowd: it asks, waits for the whole answer, and asks again.

Rule: the clock of a request starts right before its send and ends with the last byte of its
answer. Whoever waits for a visitor may give up at any time; the visitor does not mind.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, cast

import httptools

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd


class Visitor(asyncio.Protocol):
    """The protocol of one connection."""

    __slots__ = ("_crowd", "_framed", "_parser", "_transport", "gone", "ready", "sent_at")

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._parser: Any = httptools.HttpResponseParser(self)
        self._framed = False  # the answer says where it ends; else the connection's end is its end
        self.sent_at: float | None = None  # None between two requests
        self.ready: asyncio.Future[None] = crowd.loop.create_future()  # answered once, or gone
        self.gone: asyncio.Future[None] = crowd.loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected: asks for the first time."""
        self._transport = cast(asyncio.Transport, transport)
        self._crowd.visitors.add(self)
        self.ask()

    def ask(self) -> None:
        """Sends the request, unless all have been sent."""
        if not self._crowd.take_turn():
            self._transport.close()
            return
        self.sent_at = time.perf_counter()
        self._transport.write(self._crowd.request)

    def data_received(self, data: bytes) -> None:
        """A part of an answer."""
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.fail("protocol")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field: does the answer say where it ends?"""
        if len(name) in (14, 17) and name.lower() in (b"content-length", b"transfer-encoding"):
            self._framed = True

    def on_headers_complete(self) -> None:
        """The head is whole; an answer to HEAD is nothing else."""
        if self._crowd.heads_only:
            self.on_message_complete()

    def on_message_complete(self) -> None:
        """An answer is whole."""
        if self.sent_at is None:
            return
        status = self._parser.get_status_code()
        if status < 200:
            return  # 100 Continue: the answer is still to come
        self._crowd.answered(time.perf_counter() - self.sent_at, status)
        self.sent_at, self._framed = None, False
        keep_alive = self._parser.should_keep_alive()
        if self._crowd.heads_only:
            self._parser = httptools.HttpResponseParser(self)
        if not keep_alive:
            self._transport.close()
        elif self._crowd.began:
            self.ask()
        else:
            self.be_ready()

    def be_ready(self) -> None:
        """Lets the next connection be made."""
        _settle(self.ready)

    def fail(self, kind: str) -> None:
        """Gives up the request in flight."""
        if self.sent_at is not None:
            self._crowd.errors[kind] += 1
            self.sent_at = None
        self._transport.abort()

    def dismiss(self) -> None:
        """Sends it home, whatever it waits for."""
        self._transport.abort()

    def forget(self) -> None:
        """Nobody waits for its connection any more, be it made or not.

        When that is given up in the moment in which it is made, uvloop closes it and never says
        that it was lost.
        """
        self.sent_at = None
        self._crowd.visitors.discard(self)

    def connection_lost(self, error: Exception | None) -> None:
        """The server, or we, have closed."""
        if self.sent_at is not None and not self._crowd.dismissed:
            status = self._parser.get_status_code()
            if error is None and status and not self._framed:
                self._crowd.answered(time.perf_counter() - self.sent_at, status)
            else:
                self._crowd.errors["reset"] += 1
        self._parser = None  # it and its callbacks are a cycle
        self._crowd.visitors.discard(self)
        self.be_ready()
        _settle(self.gone)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():  # whoever waited for it may have been sent home, which cancels it
        future.set_result(None)
