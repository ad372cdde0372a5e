"""Very many connections from one process: they come, they ask when they are told to, and they stay.

Rule: who was not let in, was not answered, or was answered wrongly is counted, and nobody waits
for it longer than was said.
"""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from asyncweb.lab.claims.material import HELLO, HELLO_BODY
from asyncweb.lab.headroom import is_short
from asyncweb.lab.player import play
from asyncweb.lab.sources import connected
from asyncweb.servers.child import Pipe

PART = "asyncweb.lab.claims.guests:main"  # for a Player
AT_ONCE = 256  # that are being made
REQUEST = f"GET {HELLO} HTTP/1.1\r\nHost: many\r\n\r\n".encode()
OK = b"HTTP/1.1 200"
# No file, port or memory is left for who connects: that is no refusal.
OURS = (errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM)


@dataclass(frozen=True)
class Arrived:
    """How many were let in, and whether it was the machine that had no room for more."""

    held: int
    is_short: bool = False

    def __add__(self, other: Arrived) -> Arrived:
        """Two processes that came at the same time."""
        return Arrived(self.held + other.held, self.is_short or other.is_short)


@dataclass(frozen=True)
class Answered:
    """What came of it when all have asked once."""

    right: int
    errors: int  # wrong answers, none, and connections that the server had cut
    seconds: float

    def __add__(self, other: Answered) -> Answered:
        """Two processes that asked at the same time."""
        errors, seconds = self.errors + other.errors, max(self.seconds, other.seconds)
        return Answered(self.right + other.right, errors, seconds)


class Guest(asyncio.Protocol):
    """One connection: asks when it is told to, and counts what is right."""

    def __init__(self, crowd: GuestCrowd):
        self._crowd = crowd
        self._received = b""
        self._waits = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected; says nothing yet."""
        self._transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        """Sends one request; whose connection was cut, or who still waits, has failed for good."""
        if self._waits or self._transport.is_closing():
            self._waits = False
            self._transport.abort()  # or a late answer would be taken for the one to this question
            return self._crowd.answered(False)
        self._waits = True
        self._transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:
        """A part of an answer."""
        self._received += data
        if self._received.endswith(HELLO_BODY):
            is_right = self._received.startswith(OK)
            self._received, self._waits = b"", False
            self._crowd.answered(is_right)

    def connection_lost(self, error: Exception | None) -> None:
        """The server has cut it."""
        if self._waits:
            self._crowd.answered(False)


class GuestCrowd:
    """All connections of one process: the part of a Player."""

    def __init__(self) -> None:
        self._guests: list[Guest] = []
        self._right = self._wrong = 0
        self._all_answered = asyncio.Event()

    def answered(self, is_right: bool) -> None:
        """One more answer."""
        self._right += is_right
        self._wrong += not is_right
        if self._right + self._wrong == len(self._guests):
            self._all_answered.set()

    async def come(
        self, source: str, addresses: Sequence[tuple[str, int]], count: int, patience_s: float
    ) -> Arrived:
        """Connects `count` of them, to all `addresses` in turns, while there is patience."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def connect(number: int) -> None:
            async with gate:
                if number % AT_ONCE == 0 and is_short():
                    raise MemoryError
                sock = await connected(source, addresses[number % len(addresses)])
                loop = asyncio.get_running_loop()
                _, guest = await loop.create_connection(lambda: Guest(self), sock=sock)
                self._guests.append(guest)

        # Whoever is refused ends the coming of all others: a server that is full stays so. So does
        # a machine that could soon start nothing more, a shell included.
        try:
            async with asyncio.timeout(patience_s):
                await _all_or_first_failure(connect(number) for number in range(count))
        except MemoryError:
            return Arrived(len(self._guests), is_short=True)
        except OSError as error:  # TimeoutError is one
            return Arrived(len(self._guests), is_short=error.errno in OURS)
        return Arrived(len(self._guests))

    async def ask(self, patience_s: float) -> Answered:
        """Each asks once; what came of it when all are answered, or patience is over."""
        self._right = self._wrong = 0
        self._all_answered.clear()
        began = time.perf_counter()
        for number, guest in enumerate(self._guests):
            guest.ask()
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_answered.wait(), patience_s)
        missing = len(self._guests) - self._right - self._wrong
        return Answered(self._right, self._wrong + missing, time.perf_counter() - began)


async def _all_or_first_failure(coming: Any) -> None:
    """Ends with all of them, or raises the first failure, and cancels the others."""
    tasks = [asyncio.ensure_future(one) for one in coming]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def main(pipe: Pipe) -> None:
    """The process's side."""
    play(pipe, GuestCrowd)
