"""Memory by ratio: what one more connection, task or thread takes, beside what another takes.

Rule: a figure is a slope over several sizes, and says how it was measured. It is compared with
another one and never with a number of bytes: those differ between machines and Pythons.
"""

from __future__ import annotations

import gc
import tracemalloc
from typing import Self

from asyncweb.errors import InstrumentError
from asyncweb.metrics.probes import ProcessProbe, slope

KINDS = {
    "rss": "resident memory of process {pid}, seen from outside",
    "uss": "memory that only process {pid} has, seen from outside",
    "vms": "addresses of process {pid}, reserved but not all in memory",
    "python": "what Python has allocated in this process, by tracemalloc",
}


class MemoryProbe:
    """Measures how memory grows with a number: look after each size, then compare.

    `MemoryProbe()` asks tracemalloc, which sees the objects of Python in this process and nothing
    else; `MemoryProbe(pid, kind)` asks the system about a whole process: "rss", "uss" or "vms".

    >>> def grow(make):
    ...     with MemoryProbe() as probe:
    ...         kept = []
    ...         for number in (100, 200, 400):
    ...             kept += [make() for _ in range(number - len(kept))]
    ...             probe.look(number)
    ...     return probe
    >>> small, large = grow(lambda: bytearray(1_000)), grow(lambda: bytearray(10_000))
    >>> 8 < large.times(small) < 11
    True
    >>> small.bytes_each < large.bytes_each, small.source == large.source
    (True, True)
    >>> print(small)
    1,... bytes each, over 100 to 400: what Python has allocated in this process, by tracemalloc
    """

    def __init__(self, pid: int | None = None, kind: str = ""):
        self._kind = kind or ("python" if pid is None else "rss")
        if self._kind not in KINDS or (pid is None) != (self._kind == "python"):
            raise InstrumentError(
                f"MemoryProbe({pid}, {kind!r}): expected MemoryProbe() for Python's own objects "
                "here, or MemoryProbe(pid, kind) with 'rss', 'uss' or 'vms'"
            )
        self._pid = pid
        self._began_tracing = False
        self.points: list[tuple[float, float]] = []  # (number, bytes)

    def __enter__(self) -> Self:
        if self._pid is None and not tracemalloc.is_tracing():
            tracemalloc.start()
            self._began_tracing = True
        return self

    def __exit__(self, *error: object) -> None:
        if self._began_tracing:
            tracemalloc.stop()

    @property
    def source(self) -> str:
        """How it is measured, in words."""
        return KINDS[self._kind].format(pid=self._pid)

    def look(self, number: float) -> None:
        """Notes the memory that is taken now, when there are `number` of them.

        Raises InstrumentError when the system does not tell.
        """
        self.points.append((number, self._bytes()))

    @property
    def bytes_each(self) -> float:
        """What one more takes, by least squares. Raises InstrumentError before the third size."""
        sizes = {number for number, _ in self.points}
        each = slope(self.points)
        if len(sizes) < 3 or each is None:
            raise InstrumentError(
                f"{len(sizes)} sizes were looked at; expected three or more, such as 100, 200, "
                "400: from fewer nobody can tell growth from noise"
            )
        return each

    def times(self, other: MemoryProbe) -> float:
        """How many times as much one takes here as there.

        Raises InstrumentError when there is no growth over there to compare with.
        """
        if other.bytes_each <= 0:
            raise InstrumentError(
                f"nothing grew there to compare with ({other}); hold more of them at once"
            )
        return self.bytes_each / other.bytes_each

    def __str__(self) -> str:
        sizes = [number for number, _ in self.points]
        over = f"over {min(sizes):g} to {max(sizes):g}"
        return f"{self.bytes_each:,.0f} bytes each, {over}: {self.source}"

    def _bytes(self) -> float:
        if self._pid is not None:
            return self._of_process(self._pid)
        if not tracemalloc.is_tracing():
            raise InstrumentError("look() inside the block: `with MemoryProbe() as probe: ...`")
        gc.collect()
        return float(tracemalloc.get_traced_memory()[0])

    def _of_process(self, pid: int) -> float:
        use = ProcessProbe(pid).sample()
        if use is None:
            raise InstrumentError(f"process {pid} has ended; look while it runs")
        taken: int | None = getattr(use, f"{self._kind}_bytes")
        if taken is None:
            raise InstrumentError(
                f"the system does not tell {self._kind!r} of process {pid}; use 'rss', which it "
                "tells of every process"
            )
        return float(taken)
