"""A thread's stack: what of the address space is reserved for it, and what of that is in memory.

Rule: where the system shows the stack itself it is read there (Linux, /proc/self/smaps); elsewhere
many threads are started and shared out is what the process grew by, and that is said. What the
system does not count is None.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asyncweb.drawing import units
from asyncweb.lab.shown import Shown
from asyncweb.metrics.probes import ProcessProbe, ProcessUse

if TYPE_CHECKING:
    from rich.console import RenderableType

    from asyncweb.loadtest.plot import Plot

SMAPS = Path("/proc/self/smaps")
FROM_SMAPS, FROM_GROWTH = "/proc/self/smaps", "growth of the process, shared by its threads"
THREADS = 100  # started where the stack of one cannot be seen
COUNTS_RESERVED = sys.platform != "win32"  # whose virtual memory is only what is committed
ZOOM_BYTES = 256 * 1024
_HEAD = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) ")
_RESIDENT = re.compile(r"^Rss: +(\d+) kB")


@dataclass(frozen=True, slots=True)
class Stack:
    """One thread's stack in bytes.

    >>> stack = Stack(8 * 1024 * 1024, 16 * 1024, FROM_SMAPS)
    >>> f"{stack.resident_share:.2%}"
    '0.20%'
    """

    reserved_bytes: int | None
    resident_bytes: int
    source: str  # where this was read

    @property
    def resident_share(self) -> float | None:
        """What of the reserved is in memory, 0 to 1; None where that is not counted."""
        return self.resident_bytes / self.reserved_bytes if self.reserved_bytes else None


@dataclass(frozen=True, repr=False)
class Stacks(Shown):
    """The stacks of threads that did different things, by what they did.

    >>> stacks = stacks_of({"nothing": lambda: None})
    >>> list(stacks.by_work), 0 < stacks["nothing"].resident_bytes < 2_000_000
    (['nothing'], True)
    """

    by_work: Mapping[str, Stack]

    def __getitem__(self, work: str) -> Stack:
        return self.by_work[work]

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        sources = {stack.source for stack in self.by_work.values()}
        table = Table("a thread that did", caption=f"source: {', '.join(sources)}")
        for column in ("reserved", "resident", "of it"):
            table.add_column(column, justify="right")
        for work, stack in self.by_work.items():
            reserved, resident = map(units.memory, (stack.reserved_bytes, stack.resident_bytes))
            share = units.NOT_MEASURED
            if stack.resident_share is not None:
                share = f"{stack.resident_share:.2%}"
            table.add_row(work, reserved, resident, share)
        return table

    def plot(self) -> Plot:
        """Each stack as a map of addresses: whole, and its top as through a magnifying glass."""
        from asyncweb.lab.memory_map import map_of_stacks

        return map_of_stacks(self.by_work)


def stacks_of(works: Mapping[str, Callable[[], object]]) -> Stacks:
    """What is reserved and resident for a thread that has done each of `works`, by name.

    Each work runs to its end in a thread of its own, which then waits while it is looked at. What
    a work raises is raised here.
    """
    return Stacks({name: stack_of(work) for name, work in works.items()})


def stack_of(work: Callable[[], object] = lambda: None) -> Stack:
    """The stack of a thread that has done `work`, which runs once; elsewhere than on Linux often.

    >>> stack_of().resident_bytes > 0
    True
    """
    return stack_seen(work) if SMAPS.exists() else stack_shared(work)


def stack_seen(work: Callable[[], object]) -> Stack:
    """The stack as Linux shows it."""
    with _Waiting(work) as thread:
        for start, end, resident_bytes in mappings(SMAPS.read_text()):
            # The C library keeps its record of a thread at the top of the stack, and on Linux the
            # thread's ident is the address of that record.
            if start <= (thread.ident or 0) < end:
                return Stack(end - start, resident_bytes, FROM_SMAPS)
    return stack_shared(work)


def stack_shared(work: Callable[[], object]) -> Stack:
    """What the process grows by for each of many threads, which is a little more than the stack."""
    before = _use()
    waiting: list[_Waiting] = []
    try:
        for _ in range(THREADS):
            waiting.append(_Waiting(work))
            waiting[-1].__enter__()
        after = _use()
    finally:
        for one in waiting:
            one.__exit__()
    reserved = _share(after.vms_bytes - before.vms_bytes) if COUNTS_RESERVED else None
    return Stack(reserved, _share(after.rss_bytes - before.rss_bytes), FROM_GROWTH)


def _share(grown_bytes: int) -> int:
    return max(grown_bytes, 0) // THREADS


def mappings(smaps: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and resident bytes of each range of addresses that `smaps` tells of.

    >>> list(mappings("7f00-9f00 rw-p 00000000 00:00 0\\nSize: 8 kB\\nRss:   4 kB\\n"))
    [(32512, 40704, 4096)]
    """
    start = end = 0
    for line in smaps.splitlines():
        if head := _HEAD.match(line):
            start, end = (int(address, 16) for address in head.groups())
        elif resident := _RESIDENT.match(line):
            yield start, end, int(resident[1]) * units.KIB


class _Waiting:
    """A thread that has done its work, and waits until it has been looked at."""

    def __init__(self, work: Callable[[], object]):
        self._work = work
        self._fault: BaseException | None = None
        self._done, self._seen = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="lab-stack", daemon=True)

    def __enter__(self) -> threading.Thread:
        self._thread.start()
        self._done.wait()
        if self._fault is not None:
            self.__exit__()
            raise self._fault
        return self._thread

    def __exit__(self, *error: object) -> None:
        self._seen.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:
            self._fault = error
        self._done.set()
        self._seen.wait()


def _use() -> ProcessUse:
    use = ProcessProbe(os.getpid()).sample()
    assert use is not None  # we are alive
    return use
