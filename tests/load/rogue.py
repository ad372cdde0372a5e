"""One stay of one bad client: what it does on a connection, what it hears, how long it may stay.

Rule: the clock of a stay begins when the connection is made, and ends when our system knows that
the server has let go, or when the client itself leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import Iterable
from typing import Self, cast

from asyncweb.lab.sources import connected
from tests.load.address import is_established, reset_on_close

LOOK_EVERY_S = 0.25  # at the state of a connection that is not read
HEARD_BYTES = 65_536
SIP_BYTES = 1024
_STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ")


class Stay(asyncio.Protocol):
    """A connection in the hands of a bad client."""

    def __init__(self, own: socket.socket, stubborn: bool = False):
        self._own = own  # ours to read from, past the transport
        self._stubborn = stubborn  # goes on when the server has said its last word
        self._heard = b""
        self._gone = asyncio.get_running_loop().create_future()
        self._ending = "left"
        self._began = time.monotonic()
        self._ended: float | None = None

    @classmethod
    async def begin(
        cls, source: str, port: int, receive_bytes: int | None = None, stubborn: bool = False
    ) -> Self:
        """Connects. Raises OSError when the server lets nobody in."""
        sock = await connected(source, ("127.0.0.1", port), receive_bytes)
        loop = asyncio.get_running_loop()
        _, stay = await loop.create_connection(lambda: cls(sock, stubborn), sock=sock)
        return stay

    # ------------------------------------------------------------------ what it came to

    @property
    def seconds(self) -> float:
        """How long the connection was held, so far or in all."""
        return (self._ended or time.monotonic()) - self._began

    @property
    def outcome(self) -> str:
        """The status that was heard, or how it ended: "408", "cut", "closed", "200, cut"."""
        status = _STATUS.match(self._heard)
        if status is None:
            return self._ending
        said = status[1].decode()
        return f"{said}, cut" if self._ending == "cut" and said < "400" else said

    @property
    def gone(self) -> bool:
        """Whether the server has let go."""
        return self._gone.done()

    # ------------------------------------------------------------------ what it does

    def send(self, data: bytes) -> None:
        """Sends, as far as the connection still is."""
        if not self.gone:
            self._transport.write(data)

    async def trickle(self, pieces: Iterable[bytes], every_s: float) -> None:
        """Sends piece by piece until there is no more, or the server has let go."""
        for piece in pieces:
            if self.gone:
                return
            if self._transport.get_write_buffer_size() < HEARD_BYTES:
                self._transport.write(piece)
            await self.stay(every_s)

    async def stay(self, seconds: float) -> None:
        """Stays for so long at most."""
        if seconds == 0:
            await asyncio.sleep(0)
        elif not self.gone:
            await asyncio.wait((self._gone,), timeout=seconds)

    async def until_gone(self) -> None:
        """Returns when the server has let go."""
        await asyncio.wait((self._gone,))

    async def until_cut(self) -> None:
        """The same for a client that does not read."""
        while not self.gone and is_established(self._sock):
            await self.stay(LOOK_EVERY_S)
        if not self.gone:
            self._end("cut")

    def read_no_more(self) -> None:
        """Lets the answers pile up."""
        self._transport.pause_reading()

    async def read_slowly(self, every_s: float) -> None:
        """Takes a little now and then, until the server has let go."""
        while not self.gone and is_established(self._sock):
            with contextlib.suppress(OSError):  # nothing there, or cut: the next look tells
                self.data_received(self._own.recv(SIP_BYTES))
            await self.stay(every_s)
        if not self.gone:
            self._end("cut")

    def say_no_more(self) -> None:
        """Closes our side."""
        if not self.gone:
            self._transport.write_eof()

    def reset(self) -> None:
        """Leaves with a reset."""
        if not self.gone:
            reset_on_close(self._sock)
            self._transport.abort()

    def leave(self) -> None:
        """Leaves."""
        if self._ended is None:
            self._ended = time.monotonic()
        self._transport.abort()

    # ------------------------------------------------------------------ news

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._sock = transport.get_extra_info("socket")
        self._began = time.monotonic()

    def data_received(self, data: bytes) -> None:
        if len(self._heard) < HEARD_BYTES:
            self._heard += data[:HEARD_BYTES]

    def eof_received(self) -> bool:
        if not self._stubborn:
            self._end("closed")
        return self._stubborn

    def connection_lost(self, error: Exception | None) -> None:
        self._end("cut" if error is not None else "closed")

    def _end(self, how: str) -> None:
        if self._ended is None:
            self._ended, self._ending = time.monotonic(), how
        if not self._gone.done():
            self._gone.set_result(None)
