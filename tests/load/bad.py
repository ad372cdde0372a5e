"""Bad clients of every kind in one process; each comes again when it has been thrown out.

Rule: what is told of a kind is what its clients saw: statuses, cuts, and the longest hold. A stay
that the end of the siege interrupts counts for the longest hold, and for nothing else.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from asyncweb.lab.player import play
from asyncweb.servers.child import Pipe
from tests.load.kinds import KINDS, Kind
from tests.load.rogue import Stay

ARRIVE_WITHIN_S = 3.0
BEAT_S = 0.05


@dataclass(slots=True)
class Record:
    """What one kind got."""

    expected: tuple[str, ...]
    is_timed: bool
    clients: int = 0
    tries: int = 0
    unconnected: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    interrupted: int = 0  # still there at the end

    @property
    def unexpected(self) -> dict[str, int]:
        """Outcomes that should not be."""
        return {name: n for name, n in self.outcomes.items() if name not in self.expected}

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return {**fields, "outcomes": dict(self.outcomes)}


class Rogues:
    """All of them."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._slip_s = 0.0

    async def begin(self, port: int, connections: int, only: str = "") -> int:
        """Sends them out, or those alone whose kind is named so; how many there are."""
        self._port, self._records, self._tasks, self._slip_s = port, {}, [], 0.0
        self._began = time.monotonic(), time.process_time()
        for place, kind in enumerate(_shared_out(connections, only)):
            record = self._records.setdefault(kind.name, Record(kind.outcomes, kind.is_timed))
            record.clients += 1
            source = f"127.0.1.{1 + place % len(KINDS)}"
            self._tasks.append(asyncio.create_task(self._live(kind, record, source)))
        self._tasks.append(asyncio.create_task(self._beat()))
        return len(self._tasks) - 1

    async def leave(self) -> dict[str, Any]:
        """Calls them back; what each kind got, and how this process fared."""
        seconds = time.monotonic() - self._began[0]
        cpu = time.process_time() - self._began[1]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return {"records": self._records, "cpu": cpu / seconds, "slip_s": self._slip_s}

    async def _live(self, kind: Kind, record: Record, source: str) -> None:
        await asyncio.sleep(random.uniform(0, ARRIVE_WITHIN_S))
        while True:
            try:
                stay = await Stay.begin(source, self._port, kind.receive_bytes, kind.stubborn)
            except OSError:
                record.unconnected += 1
            else:
                await self._stay(kind, record, stay)
            await asyncio.sleep(kind.pause_s * random.uniform(0.5, 1.5))

    async def _stay(self, kind: Kind, record: Record, stay: Stay) -> None:
        record.tries += 1
        try:
            await kind.deed(stay)
            record.outcomes[stay.outcome] += 1
        except asyncio.CancelledError:
            record.interrupted += 1
            raise
        finally:
            stay.leave()
            record.longest_s = max(record.longest_s, stay.seconds)

    async def _beat(self) -> None:
        """How late this loop comes at worst: holds are known no better than that."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_S)
            self._slip_s = max(self._slip_s, time.monotonic() - before - BEAT_S)


def _shared_out(connections: int, only: str) -> Iterator[Kind]:
    """One kind for each connection."""
    kinds = [kind for kind in KINDS if only in kind.name]
    whole = sum(kind.share for kind in kinds)
    for kind in kinds:
        for _ in range(max(round(connections * kind.share / whole), 1)):
            yield kind


def main(pipe: Pipe) -> None:
    """Entry of the process."""
    play(pipe, Rogues)
