"""Which figures of a trial are drawn, in which order, and what to see in them.

Rule: a plot is words and names of figures; one that nobody measured is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asyncweb.lab.claims.costs import Cost
from asyncweb.lab.claims.dots import Series
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import (
    FULL,
    HELLO,
    LOADED,
    OTHERS,
    RATE,
    READ,
    START,
    STEADY,
)  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """Figures of one unit; `lines` are labels, and what is drawn under each."""

    title: str
    unit: str
    look: str  # what to look for
    lines: tuple[tuple[str, str, str], ...]  # label, measure, name
    scale: float = 1.0

    def series(self, figures: Figures, systems: Sequence[str]) -> list[Series]:
        """What of it was measured."""
        found = []
        for label, measure, name in self.lines:
            cost = Cost(label, measure, name, self.unit, self.scale)
            bands = {one: band for one in systems if (band := cost.band(figures, one))}
            if bands:
                found.append(Series(label, bands))
        return found


def _counts(measures: dict[int, str], name: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (f"{count:,} {'connection' if count == 1 else 'connections'}", measure, name)
        for count, measure in measures.items()
    )


PLOTS = (
    Plot(
        "CPU per request", "µs of CPU",
        "What a request costs the server. The steadiest figure there is: it does not depend on who "
        "asks, as long as the server has enough to do.",
        (("64 connections, as fast as it goes", HELLO[64], "cpu_us"),
         ("64 connections, at a fixed rate", RATE, "cpu_us")),
    ),
    Plot(
        "Mean latency, hello", "µs",
        "With one connection this is the work and the way there and back. With 64 it is mostly the "
        "queue: by Little's law, connections by requests a second.",
        _counts(HELLO, "mean_us"),
    ),
    Plot(
        "Mean latency, a file and a database", "µs",
        "The article's complex case: 1 KiB of a file and a row of SQLite, read anew each time.",
        _counts(READ, "mean_us"),
    ),
    Plot(
        "p99 latency by connections, at the same rate", "ms",
        "The load is the same on every number of connections, so what grows here, grows because "
        "of the connections.",
        _counts(STEADY, "p99_us"), 1e-3,
    ),
    Plot(
        "CPU by connections, at the same rate", "% of a core",
        "The same runs: what the connections cost beside the requests.",
        _counts(STEADY, "cpu_share"), 100,
    ),
    Plot(
        "p99 latency by connections, as fast as it goes", "ms",
        "A closed loop: here it grows for every system, by Little's law alone.",
        _counts(FULL, "p99_us"), 1e-3,
    ),
    Plot(
        "Memory of an idle connection", "KiB",
        "A slope over several numbers of connections that say nothing.",
        (("idle connections", LOADED, "bytes_per_connection"),), 1 / 1024,
    ),
    Plot(
        "Memory of the processes (USS)", "MB",
        "What would be free if all of its processes ended: before the first load and after the "
        "last.",
        (("idle", START, "idle_uss_mb"), ("after the loads", LOADED, "uss_mb")),
    ),
    Plot(
        "Start", "ms",
        "From exec to the last byte of the first answer.",
        (("first answer", START, "first_answer_ms"),),
    ),
    Plot(
        "Others, while some wait 10 ms", "µs, p50",
        "The median of a few connections that ask for hello, alone and beside those who wait.",
        (("alone", OTHERS, "alone_p50_us"), ("beside", OTHERS, "beside_p50_us")),
    ),
)  # fmt: skip
