"""One second in the life of a load.

Rule: it keeps its durations and not only their percentiles, so that those of several processes can
be added exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from asyncweb.metrics.histogram import Histogram, summary


@dataclass(frozen=True, slots=True)
class Second:
    """What ended in one second of a run, `at_s` after counting began; below 0 in the warm-up.

    >>> second = Second(0, 1, Histogram([0.25, 0.25])) + Second(0, 0, Histogram([0.5]))
    >>> second.requests, second.errors, second.max_s, second.p50_s == second.latency.percentile(0.5)
    (3, 1, 0.5, True)
    >>> second.p99_s == second.to_dict()["p99_s"]
    True
    """

    at_s: int
    errors: int
    latency: Histogram  # of the whole answers, in seconds

    @property
    def requests(self) -> int:
        """Whole answers."""
        return self.latency.count

    @property
    def p50_s(self) -> float | None:
        """Half of the answers took no longer; None when nothing was answered."""
        return summary(self.latency)["p50"]

    @property
    def p99_s(self) -> float | None:
        """99 of 100 answers took no longer; None when nothing was answered."""
        return summary(self.latency)["p99"]

    @property
    def max_s(self) -> float | None:
        """The longest; None when nothing was answered."""
        return summary(self.latency)["max"]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        figures = summary(self.latency)
        return {
            "at_s": self.at_s,
            "requests": self.requests,
            "errors": self.errors,
            "p50_s": figures["p50"],
            "p99_s": figures["p99"],
            "max_s": figures["max"],
        }

    def __add__(self, other: Second) -> Second:
        return Second(self.at_s, self.errors + other.errors, self.latency + other.latency)


def before_zero(warm_up: Sequence[Second]) -> tuple[Second, ...]:
    """The seconds of a warm-up, numbered so that they end where those that count begin, at 0.

    >>> seconds = [Second(0, 0, Histogram()), Second(1, 0, Histogram())]
    >>> [second.at_s for second in before_zero(seconds)]
    [-2, -1]
    """
    return tuple(replace(second, at_s=second.at_s - len(warm_up)) for second in warm_up)


def added(some: Sequence[Second], more: Sequence[Second]) -> tuple[Second, ...]:
    """Both, second by second; what only one of them has stays as it is.

    >>> first, later = Second(0, 0, Histogram([0.1])), Second(1, 0, Histogram([0.1]))
    >>> [second.requests for second in added([first], [first, later])]
    [2, 1]
    """
    by_number = {second.at_s: second for second in some}
    for second in more:
        known = by_number.get(second.at_s)
        by_number[second.at_s] = second if known is None else known + second
    return tuple(by_number[number] for number in sorted(by_number))
