"""Several results of one plan on one target.

Rule: sums where one counts, medians where one rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from asyncweb.loadtest import limits
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram, summary


@dataclass(frozen=True, slots=True)
class Rounds:
    """Several results of one plan on one target.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> latency = Histogram([0.1, 0.2, 0.3])
    >>> times = [Result("/", 2, seconds, 3, 0, latency, {"5xx": 1}) for seconds in (1.0, 1.2, 1.25)]
    >>> rounds = Rounds(times)
    >>> rounds.requests, rounds.errors, rounds.throughput_rps, rounds.throughput_range_rps
    (9, {'5xx': 3}, 2.5, (2.4, 3.0))
    >>> rounds.rates_rps
    [3.0, 2.5, 2.4]
    >>> rounds.latency.count, rounds.latency_s["max"], rounds.limited_by, rounds.explain()
    (9, 0.3, 'server', 'the server: all 2 connections were waiting for it')
    """

    results: Sequence[Result]

    @property
    def requests(self) -> int:
        """Whole answers, of all rounds."""
        return sum(result.requests for result in self.results)

    @property
    def errors(self) -> dict[str, int]:
        """Errors by kind, of all rounds."""
        total: Counter[str] = Counter()
        for result in self.results:
            total.update(result.errors)
        return dict(total)

    @property
    def throughput_rps(self) -> float:
        """The median of the rounds."""
        return median(self.rates_rps)

    @property
    def throughput_range_rps(self) -> tuple[float, float]:
        """The slowest and the fastest round."""
        return min(self.rates_rps), max(self.rates_rps)

    @property
    def rates_rps(self) -> list[float]:
        """The throughput of each round."""
        return [result.throughput_rps for result in self.results]

    @property
    def latency(self) -> Histogram:
        """Every answer of every round, in seconds."""
        merged = Histogram()
        for result in self.results:
            merged.merge(result.latency)
        return merged

    @property
    def latency_s(self) -> dict[str, float | None]:
        """The median of the rounds for p50, p90 and p99; the largest of all for max."""
        if not self.requests:
            return summary(Histogram())
        figures = [summary(result.latency) for result in self.results if result.requests]
        medians: dict[str, float | None] = {
            name: median(figure[name] or 0.0 for figure in figures)
            for name in ("p50", "p90", "p99")
        }
        return {**medians, "max": max(figure["max"] or 0.0 for figure in figures)}

    @property
    def limited_by(self) -> str:
        """What limited most of the rounds; "noise", when they differ more than servers do."""
        return limits.limited_rounds(self)

    def explain(self) -> str:
        """What limited most of the rounds, in plain words; of a single one, all there is to say."""
        return limits.explained_rounds(self)
