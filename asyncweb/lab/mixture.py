"""Values drawn at random, as a query writes them.

    10ms             always this                 10ms-50ms   anything between, each as likely
    exp:20ms         exponential, of this mean: mostly short, now and then long
    10ms:90,1s:10    this in 90 percent of all draws, that in 10
    1s:10,2ms,3ms    parts without a percentage share the rest, here 45 percent each

Rule: one draw depends on nothing but the generator it is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

_NUMBER = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)([A-Za-z]*)")
_ROUNDING = 1e-9  # 33.3 + 33.3 + 33.4 is a little more than 100


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured: its units with what each is worth, and how little and how much may be.

    >>> TIME.read("20ms"), SIZE.read("1.5KiB"), STATUS.read("503")
    (0.02, 1536.0, 503.0)
    >>> TIME.read("20")
    Traceback (most recent call last):
    ValueError: '20': expected a time with its unit (us, ms, s), at most 60s
    """

    expected: str
    units: Mapping[str, float]
    least: float
    most: float
    is_code: bool = False  # a name made of digits: what lies between two of them means nothing

    def read(self, text: str) -> float:
        """The value of `text` in the unit that is worth 1. Raises ValueError."""
        match = _NUMBER.fullmatch(text)
        if match is not None and match[2] in self.units:
            value = float(match[1]) * self.units[match[2]]
            if self.least <= value <= self.most and (value.is_integer() or not self.is_code):
                return value
        raise ValueError(f"{text!r}: expected {self.expected}")


_TIMES = MappingProxyType({"us": 1e-6, "ms": 1e-3, "s": 1.0})
_SIZES = MappingProxyType({"B": 1.0, "KB": 1e3, "KiB": 1024.0, "MB": 1e6, "MiB": 1024.0**2})
_PLAIN = MappingProxyType({"": 1.0})
TIME = Quantity("a time with its unit (us, ms, s), at most 60s", _TIMES, 0, 60)
SIZE = Quantity("a size with its unit (B, KB, KiB, MB, MiB), at most 16MiB", _SIZES, 0, 2**24)
STATUS = Quantity("a status from 200 to 599", _PLAIN, 200, 599, is_code=True)
PERCENT = Quantity("a percentage from 0 to 100", _PLAIN, 0, 100)


@dataclass(frozen=True, slots=True)
class Between:
    """From `low` to `high`, each value as likely."""

    low: float
    high: float

    def draw(self, chance: Random) -> float:
        """One value."""
        return chance.uniform(self.low, self.high)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential of `mean`, as of waits for something that has no memory; never above `most`."""

    mean: float
    most: float

    def draw(self, chance: Random) -> float:
        """One value."""
        return min(self.mean * chance.expovariate(1.0), self.most)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Values and the percentage of draws that each of them gets.

    >>> waits = Mixture.read("10ms:90,1s:10", TIME)
    >>> chance = Random(4)
    >>> [waits.draw(chance, default=0.0) for _ in range(6)]
    [0.01, 0.01, 0.01, 1.0, 0.01, 0.01]
    """

    parts: tuple[tuple[float, Between | Exponential], ...] = ()

    @classmethod
    def read(cls, text: str, quantity: Quantity) -> Mixture:
        """The mixture that `text` writes. Raises ValueError that names the part that is wrong."""
        parts = [_read_part(part, quantity) for part in text.split(",")]
        given = sum(percent for percent, _ in parts if percent is not None)
        if given > 100 + _ROUNDING:
            raise ValueError(f"{given:g} percent: expected at most 100 in all")
        unsaid = sum(percent is None for percent, _ in parts)
        share = max(100 - given, 0.0) / max(unsaid, 1)
        return cls(
            tuple((share if percent is None else percent, values) for percent, values in parts)
        )

    def draw(self, chance: Random, default: float) -> float:
        """One value; `default` in what the percentages leave of 100."""
        left = chance.random() * 100
        for percent, values in self.parts:
            left -= percent
            if left < 0:
                return values.draw(chance)
        return default


def _read_part(text: str, quantity: Quantity) -> tuple[float | None, Between | Exponential]:
    """A percentage, if one was written, and the values that get it."""
    is_exponential = text.startswith("exp:") and not quantity.is_code
    written, colon, percent = text.removeprefix("exp:" * is_exponential).partition(":")
    values: Between | Exponential
    if is_exponential:
        values = Exponential(quantity.read(written), quantity.most)
    else:
        values = _read_range(written, quantity)
    return PERCENT.read(percent) if colon else None, values


def _read_range(text: str, quantity: Quantity) -> Between:
    """The range that `text` writes; a single value is one that ends where it begins."""
    low, dash, high = (text, "", "") if quantity.is_code else text.partition("-")
    ends = Between(quantity.read(low), quantity.read(high if dash else low))
    if ends.low > ends.high:
        raise ValueError(f"{text!r}: expected the smaller one first, {high}-{low}")
    return ends
