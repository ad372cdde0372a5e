"""Percentiles, how many samples stand behind each, and how far each may be trusted.

Rule: no percentile without the number of samples beyond it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from asyncweb.metrics.histogram import Histogram

FRACTIONS = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999)
FEW = 10  # samples beyond a percentile; with fewer it is an anecdote
CONFIDENCE = 0.95
FAR = 9.0  # standard deviations; what lies beyond is lost in the rounding of a float


@dataclass(frozen=True, slots=True)
class Percentile:
    """One percentile and its 95 % band: where that of endlessly many such answers would lie.

    A bound is None where the samples set none. The band takes the answers for independent of each
    other. Those of one stall are not, so the true band is rather wider.

    >>> p99 = percentiles(Histogram([0.001 * number for number in range(1, 501)]))[4]
    >>> p99.name, round(p99.value_s, 2), p99.beyond, p99.is_firm
    ('p99', 0.5, 5, False)
    >>> round(p99.low_s, 2), round(p99.high_s, 2)
    (0.49, 0.5)
    >>> sorted(p99.to_dict())
    ['beyond', 'high_s', 'is_firm', 'low_s', 'percentile', 'value_s']
    """

    fraction: float
    value_s: float
    beyond: int  # how many samples are ranked behind it
    low_s: float | None
    high_s: float | None

    @property
    def name(self) -> str:
        """As people write it, such as "p99.9"."""
        return f"p{100 * self.fraction:g}"

    @property
    def is_firm(self) -> bool:
        """Whether 10 samples or more lie beyond it."""
        return self.beyond >= FEW

    def to_dict(self) -> dict[str, float | int | None]:
        """Plain values for JSON."""
        return {
            "percentile": round(100 * self.fraction, 6),
            "value_s": self.value_s,
            "low_s": self.low_s,
            "high_s": self.high_s,
            "beyond": self.beyond,
            "is_firm": self.is_firm,
        }


def percentiles(histogram: Histogram) -> tuple[Percentile, ...]:
    """p50 to p99.99, each with its 95 % band; nothing when `histogram` is empty."""
    if not histogram.count:
        return ()
    return tuple(_percentile(histogram, fraction) for fraction in FRACTIONS)


def _percentile(histogram: Histogram, fraction: float) -> Percentile:
    # How many of `count` samples are not above the true percentile is a binomial number. Its
    # quantiles are therefore ranks that enclose it, whatever the distribution looks like, and
    # nothing has to be resampled. See David and Nagaraja, Order Statistics, section 7.1.
    count = histogram.count
    low = binomial_quantile(count, fraction, (1 - CONFIDENCE) / 2)
    high = binomial_quantile(count, fraction, (1 + CONFIDENCE) / 2) + 1
    return Percentile(
        fraction=fraction,
        value_s=histogram.percentile(fraction),
        beyond=count - max(1, math.ceil(fraction * count)),
        low_s=_at_rank(histogram, low) if low >= 1 else None,
        high_s=_at_rank(histogram, high) if high <= count else None,
    )


def _at_rank(histogram: Histogram, rank: int) -> float:
    return histogram.percentile((rank - 0.5) / histogram.count)  # half a rank: rounding is harmless


def binomial_quantile(trials: int, chance: float, share: float) -> int:
    """The smallest number of hits that `trials` do not exceed with a probability of `share`.

    Exact, in steps that grow with the root of `trials`.

    >>> binomial_quantile(100, 0.5, 0.025), binomial_quantile(100, 0.5, 0.975)
    (40, 60)
    """
    mean = trials * chance
    spread = math.sqrt(mean * (1 - chance))
    hits = max(0, math.floor(mean - FAR * spread))
    present = math.exp(
        math.lgamma(trials + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(trials - hits + 1)
        + hits * math.log(chance)
        + (trials - hits) * math.log1p(-chance)
    )
    below = present
    while below < share and hits < trials:
        present *= (trials - hits) / (hits + 1) * chance / (1 - chance)
        hits += 1
        below += present
    return hits
