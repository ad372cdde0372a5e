"""What came of a simulation.

Rule: what is told twice is counted twice. How many were inside is counted on the clock's side and
how long each stayed on the requests' side, so that Little's law is a check and no definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap

from asyncweb.drawing import units
from asyncweb.lab.simulation.loads import Load
from asyncweb.lab.simulation.model import Model
from asyncweb.metrics.histogram import Histogram

WIDTH = 100  # of the text below each result
LEAVES_OUT = (
    "What this leaves out: the network and the queues of the kernel; the making of connections; "
    "what each of them costs beside its requests; caches that grow cold and switches that grow "
    "dear with many threads; the turns of 5 ms that threads take with the GIL; answers that get "
    "cheaper when many are written at once; garbage collection, and other programs; users who "
    "lose patience and ask again. It knows the figures it was given, and believes them."
)


@dataclass(frozen=True, repr=False)
class Record:
    """What was seen from `begin_s` to `end_s` of the simulated time.

    >>> latency = Histogram([0.5, 0.5])
    >>> from asyncweb.lab.simulation.loads import OpenLoop
    >>> record = Record(Model("one", 0.5), OpenLoop(1), 0.0, 2.0, latency, 1.0, 0.8, 1.0)
    >>> record.seconds, record.requests, record.throughput_rps, record.utilisation
    (2.0, 2, 1.0, 0.4)
    >>> record.mean_s, round(record.p99_s, 3)
    (0.5, 0.5)
    >>> record.little, record.resident_bytes, record.reserved_bytes
    ((0.5, 0.5), 0.0, 0.0)
    >>> print(record)
    one, 1 requests/s: answers 1.00/s, p50 500 ms, p99 500 ms, 40 % busy
    What this leaves out: ...
    """

    model: Model
    load: Load
    begin_s: float
    end_s: float
    latency: Histogram  # of those that were answered, in seconds
    area_s: float  # how many were inside, summed over time
    busy_s: float  # of all cores
    stayed_s: float  # of each request, as long as it was inside
    turned_away: int = 0  # requests that found no room
    locked_out: int = 0  # users who were not let in
    connections: int = 0  # the most at a time
    inside: tuple[tuple[float, int], ...] = ()  # how many were inside, at some moments in s

    @property
    def seconds(self) -> float:
        """How long was looked, in simulated seconds."""
        return self.end_s - self.begin_s

    @property
    def requests(self) -> int:
        """Answers."""
        return self.latency.count

    @property
    def throughput_rps(self) -> float:
        """Answers a second."""
        return self.requests / self.seconds

    @property
    def mean_s(self) -> float:
        """The mean latency."""
        return self.latency.mean

    @property
    def p99_s(self) -> float:
        """The latency that 99 of 100 did not exceed."""
        return self.latency.percentile(0.99)

    @property
    def utilisation(self) -> float:
        """The share of time that a core was busy, 0 to 1."""
        # What was begun before counting began is counted whole.
        return min(self.busy_s / (self.seconds * self.model.cores), 1.0)

    @property
    def little(self) -> tuple[float, float]:
        """How many were inside on average: by the clock, and as rate x mean stay."""
        stay_s = self.stayed_s / self.requests
        return self.area_s / self.seconds, self.throughput_rps * stay_s

    @property
    def resident_bytes(self) -> float:
        """Memory at the most connections."""
        return self.model.memory.resident_bytes(self.connections)

    @property
    def reserved_bytes(self) -> float | None:
        """Addresses for stacks at the most connections; None where their size is not known."""
        return self.model.memory.reserved_bytes(self.connections)

    @property
    def leaves_out(self) -> str:
        """What is not in these figures."""
        return LEAVES_OUT

    def __repr__(self) -> str:
        told = [
            f"{self.model.name}, {self.load}: answers {units.rate(self.throughput_rps)}",
            f"p50 {units.seconds(self.latency.percentile(0.5))}",
            f"p99 {units.seconds(self.p99_s)}",
            f"{100 * self.utilisation:.0f} % busy",
        ]
        for count, what in ((self.turned_away, "turned away"), (self.locked_out, "not let in")):
            told += [f"{count:,} {what}"] * bool(count)
        return "\n".join([", ".join(told), *wrap(LEAVES_OUT, WIDTH)])


HEADS = ("load", "server", "answers", "busy", "p50", "p99", "memory", "stacks", "not let in")


def table(records: Iterable[Record]) -> str:
    """The records below each other, and what they all leave out.

    >>> print(table([]))
    load  server  answers  busy  p50  p99  memory  stacks  not let in
    What this leaves out: ...
    """
    rows = [HEADS, *map(_row, records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join([*lines, *wrap(LEAVES_OUT, WIDTH)])


def stacks(reserved_bytes: float | None) -> str:
    """What is reserved for stacks, as a table has it.

    >>> stacks(8 * 2**20), stacks(0), stacks(None)
    ('8.00 MiB', 'none', 'not known')
    """
    if reserved_bytes is None:
        return "not known"
    return units.memory(reserved_bytes) if reserved_bytes else "none"


def _row(record: Record) -> tuple[str, ...]:
    return (
        str(record.load),
        record.model.name,
        units.rate(record.throughput_rps),
        f"{100 * record.utilisation:.0f} %",
        units.seconds(record.latency.percentile(0.5)),
        units.seconds(record.p99_s),
        units.memory(record.resident_bytes),
        stacks(record.reserved_bytes),
        f"{record.locked_out:,}",
    )
