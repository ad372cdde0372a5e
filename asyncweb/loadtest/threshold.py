"""What a result has to hold: `p99 > 250ms` says when a load test has failed.

Rule: what was not measured cannot hold. A threshold of nothing measured has failed.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from asyncweb.errors import EmptyHistogram, LoadError
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.spoken import number, seconds

_WORDS = re.compile(r"\s*([a-z]+[0-9.]*)\s*(<=|>=|<|>)\s*(\S+)\s*")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SHARES = ("errors", "dropped")  # of all requests, where a % stands
COUNTS = (*SHARES, "requests", "rps")
EXAMPLES = "'p99 > 250ms', 'errors > 0.1%' or 'rps < 1000'"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure, and what it must not be.

    The figures: p50, p99.9 and so on, mean and max (durations, of the corrected latency); errors
    and dropped (numbers, or shares of all requests in %), requests and rps (numbers).

    >>> Threshold.read("p99 > 250ms")
    Threshold(text='p99 > 250ms', figure='p99', sign='>', value=0.25, is_share=False)
    """

    text: str
    figure: str
    sign: str
    value: float
    is_share: bool = False

    @classmethod
    def read(cls, text: str) -> Threshold:
        """The threshold that `text` spells. Raises LoadError."""
        said = _WORDS.fullmatch(text)
        if said is None:
            raise LoadError(f"{text!r} is no threshold: expected e.g. {EXAMPLES}")
        figure, sign, value = said.groups()
        is_share = figure in SHARES and value.endswith("%")
        try:
            if _is_duration(figure):
                return cls(text, figure, sign, seconds(value))
            if figure in COUNTS:
                counted = number(value.removesuffix("%") if is_share else value)
                return cls(text, figure, sign, counted, is_share)
        except LoadError:
            raise LoadError(
                f"{text!r}: {value!r} is no value for {figure}; expected e.g. {EXAMPLES}"
            ) from None
        raise LoadError(
            f"{text!r}: there is no figure {figure!r}; known: p50 to p99.99, mean, max, errors, "
            "dropped, requests, rps"
        )

    def has_failed(self, found: Result) -> bool:
        """Whether `found` is what this threshold says it must not be."""
        try:
            value = self._measured(found)
        except EmptyHistogram:
            return True
        return _COMPARE[self.sign](value, self.value)

    def _measured(self, found: Result) -> float:
        match self.figure:
            case "mean":
                return found.latency.mean
            case "max" | "p100":
                return found.latency.max if found.requests else math.inf
            case "rps":
                return found.throughput_rps
            case "errors":
                return self._counted(sum(found.errors.values()), found)
            case "dropped":
                return self._counted(found.dropped, found)
            case "requests":
                return self._counted(found.requests, found)
        return found.latency.percentile(float(self.figure[1:]) / 100)

    def _counted(self, number: int, found: Result) -> float:
        return 100 * number / max(found.due, 1) if self.is_share else number


def _is_duration(figure: str) -> bool:
    percentile = re.fullmatch(r"p(\d{1,2}(?:\.\d+)?|100)", figure)
    return percentile is not None or figure in ("mean", "max")
