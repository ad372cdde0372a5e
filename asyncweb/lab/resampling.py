"""The same measurement, again and again, from one that was made: how far a percentile swings.

Rule: this room is quiet; the same seed gives the same samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from asyncweb.errors import LessonError
from asyncweb.metrics.histogram import Histogram

TIMES = 200
BAND = 0.95  # of the samples


def redrawn(
    histogram: Histogram, size: int, *, fraction: float = 0.99, times: int = TIMES, seed: int = 0
) -> list[float]:
    """The percentile `fraction` in seconds of `times` samples of `size` values, in rising order.

    The values are drawn at random from `histogram`, each as often as it is there: a bootstrap.
    Source: Efron, Bootstrap Methods, 1979. Raises LessonError for a size that is none,
    EmptyHistogram when there is nothing to draw from.

    >>> few = redrawn(Histogram([0.1] * 98 + [1.0] * 2), size=5, fraction=0.5, times=4)
    >>> [round(value, 1) for value in few]
    [0.1, 0.1, 0.1, 0.1]
    """
    if not isinstance(size, int) or size < 1:
        raise LessonError(f"size={size!r}: expected a whole number of values, from 1")
    _ = histogram.mean  # of nothing, nothing is drawn
    buckets = list(histogram.buckets())
    middles = [math.sqrt(start_s * end_s) for start_s, end_s, _ in buckets]
    weights = [count for _, _, count in buckets]
    dice, rank = Random(seed), max(1, math.ceil(fraction * size))
    samples = (dice.choices(middles, weights, k=size) for _ in range(times))
    return sorted(sorted(sample)[rank - 1] for sample in samples)


def band(values: Sequence[float], share: float = BAND) -> tuple[float, float]:
    """The two of the rising `values` between which the middle `share` of them lies.

    >>> band(list(range(101)), share=0.9)
    (5, 95)
    """
    left_out = (1 - share) / 2 * (len(values) - 1)
    return values[round(left_out)], values[-1 - round(left_out)]


def swing(values: Sequence[float]) -> float:
    """How many times as large the upper end of the band of the rising `values` is as the lower.

    >>> round(swing([0.1 * number for number in range(1, 101)]), 1)
    32.7
    """
    low, high = band(values)
    return high / low
