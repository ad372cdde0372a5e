"""Good clients: each keeps its connection, asks at planned moments, and checks every answer.

Rule: an open loop. A late answer makes the next question wait, and the wait counts as latency,
because every latency begins at the planned moment.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections import deque
from dataclasses import dataclass
from typing import cast

import httptools

from asyncweb.lab.player import play
from asyncweb.lab.sources import connected
from asyncweb.servers.child import Pipe
from tests.load.questions import MIXES, Answer
from tests.load.tally import Lost, Tally

SOURCE = "127.0.0.2"
CONNECTING_AT_ONCE = 64
RECONNECT_S = 0.2
LAST_ANSWERS_S = 15.0


@dataclass(slots=True)
class Flight:
    """One request on its way."""

    kind: str
    answer: Answer
    planned: float
    sent_at: float
    tally: Tally


class Guest(asyncio.Protocol):
    """One good client, over all its connections."""

    def __init__(self, crowd: Crowd, number: int):
        self._crowd = crowd
        self._number = number
        self._asked = 0
        self._transport: asyncio.Transport | None = None
        self._due: deque[tuple[float, Tally]] = deque()
        self._flights: deque[Flight] = deque()
        self._pid = 0
        self._forget()

    @property
    def waits(self) -> bool:
        """Whether something is asked, or will be."""
        return bool(self._flights or (self._due and self._transport is not None))

    def forsake(self) -> None:
        """What has no answer by now is lost."""
        for planned, tally in self._due:
            tally.lost.append(Lost("unsent", self._pid, planned, "never sent"))
        self._due.clear()
        self._lose("no answer")
        if self._transport is not None:
            self._transport.close()

    # ------------------------------------------------------------------ asking

    def moment(self, planned: float) -> None:
        """The planned moment has come; plans the next one."""
        crowd = self._crowd
        if crowd.over:
            return
        crowd.tally.slip.record(max(time.monotonic() - planned, 0.0))
        crowd.tally.planned += 1
        self._due.append((planned, crowd.tally))
        self._ask()
        crowd.plan(self, planned + crowd.period_s * random.uniform(0.5, 1.5))

    def _ask(self) -> None:
        if self._transport is None or self._flights or not self._due:
            return
        planned, tally = self._due.popleft()
        self._asked += 1
        question = random.choice(self._crowd.mix)(b"t%d-%d" % (self._number, self._asked))
        now = time.monotonic()
        for answer in question.answers:
            self._flights.append(Flight(question.kind, answer, planned, now, tally))
            tally.sent[question.kind] += 1
        self._transport.write(question.data)

    # ------------------------------------------------------------------ the connection

    async def connect(self) -> None:
        """Comes, or comes back."""
        try:
            sock = await connected(SOURCE, ("127.0.0.1", self._crowd.port))
            await asyncio.get_running_loop().create_connection(lambda: self, sock=sock)
        except OSError:
            self._crowd.tally.unconnected += 1
            self._crowd.later(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._parser = httptools.HttpResponseParser(self)
        self._ask()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._crowd.tally.is_wrong(f"{error!r} in {data[:60]!r}")
            self._lose("not HTTP")
            if self._transport is not None:
                self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._flights:
            self._lose(type(error).__name__ if error else "closed")
        else:
            self._crowd.tally.closed += not self._crowd.over
        self._pid = 0
        self._forget()
        if not self._crowd.over:
            self._crowd.later(self)

    def _lose(self, why: str) -> None:
        for flight in self._flights:
            flight.tally.lost.append(Lost(flight.kind, self._pid, flight.sent_at, why))
        self._flights.clear()

    # ------------------------------------------------------------------ the answer

    def _forget(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._pieces: list[bytes] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_body(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def on_headers_complete(self) -> None:
        if self._flights and self._flights[0].answer.method == "HEAD":
            self._complete()
            self._parser = httptools.HttpResponseParser(self)  # the old one waits for a body

    def on_message_complete(self) -> None:
        if self._headers:
            self._complete()

    def _complete(self) -> None:
        if not self._flights:
            self._crowd.tally.is_wrong("an answer to no question")
            return
        flight = self._flights.popleft()
        tally, status = flight.tally, self._parser.get_status_code()
        fault = flight.answer.fault(status, self._headers, b"".join(self._pieces))
        if fault is not None:
            tally.is_wrong(f"{flight.kind}: {fault}")
        tally.answered += 1
        tally.latency.record(time.monotonic() - flight.planned)
        self._pid = int(self._headers.get(b"x-pid", b"0"))
        tally.pids[self._pid] += 1
        self._forget()
        self._ask()


class Crowd:
    """All good clients of one process."""

    def __init__(self) -> None:
        self.over = False
        self.tally = Tally()
        self._tallies: dict[str, Tally] = {}
        self._guests: list[Guest] = []
        self._coming: set[asyncio.Task[None]] = set()

    async def gather(self, port: int, connections: int, rate_rps: float, mix: str) -> int:
        """Connects all of them, a few at a time; each begins to ask within one period."""
        self.port, self.mix = port, MIXES[mix]
        self.period_s = connections / rate_rps
        self._loop = asyncio.get_running_loop()
        self._guests = [Guest(self, number) for number in range(connections)]
        for at in range(0, connections, CONNECTING_AT_ONCE):
            batch = self._guests[at : at + CONNECTING_AT_ONCE]
            await asyncio.gather(*(guest.connect() for guest in batch))
        gc.freeze()
        now = time.monotonic()
        for guest in self._guests:
            self.plan(guest, now + random.uniform(0, self.period_s))
        return len(self._guests)

    def plan(self, guest: Guest, moment: float) -> None:
        """Lets `guest` ask at that moment, of time.monotonic."""
        self._loop.call_later(max(moment - time.monotonic(), 0), guest.moment, moment)

    def later(self, guest: Guest) -> None:
        """Lets `guest` come again after a while."""
        if not self.over:
            self._loop.call_later(RECONNECT_S, self._return, guest)

    def _return(self, guest: Guest) -> None:
        task = self._loop.create_task(guest.connect())
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def begin(self, phase: str) -> None:
        """What is planned from now on belongs to that phase."""
        self._end_phase()
        self.tally = self._tallies.setdefault(phase, Tally())
        self._began = time.monotonic(), time.process_time()

    def _end_phase(self) -> None:
        if self._tallies:
            began, cpu_began = self._began
            self.tally.seconds += time.monotonic() - began
            self.tally.cpu_seconds += time.process_time() - cpu_began

    async def leave(self) -> dict[str, Tally]:
        """Waits for the last answers, then leaves; what happened in each phase."""
        self._end_phase()
        self.over = True
        end = time.monotonic() + LAST_ANSWERS_S
        while any(guest.waits for guest in self._guests) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        for guest in self._guests:
            guest.forsake()
        if self._coming:
            await asyncio.wait(self._coming)
        return self._tallies


def main(pipe: Pipe) -> None:
    """Entry of the process."""
    play(pipe, Crowd)
