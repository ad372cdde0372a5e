"""The figures of a trial, round by round: what verdicts are made of, and a run goes on from.

Rule: a figure is written down when it is there, so that nothing is measured twice; a row that
failed keeps its reason, and no number.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncweb.lab.claims.names import ROUND

Figure = Mapping[str, float]  # one look: plain numbers, their units in their names


@dataclass(frozen=True)
class Band:
    """A median over the rounds, and how far they reached.

    >>> Band.of([2.0, 1.5, 3.0])
    Band(median=2.0, least=1.5, most=3.0, rounds=3)
    >>> Band.of([2.0, 1.5, 3.0]).swing
    2.0
    """

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Band | None:
        """The band of one value a round; None without any."""
        if not values:
            return None
        return cls(statistics.median(values), min(values), max(values), len(values))

    @property
    def swing(self) -> float:
        """The most by the least."""
        return self.most / self.least if self.least else float("inf")


@dataclass
class Figures:
    """Looks by measure, system and round.

    >>> figures = Figures()
    >>> for mean_us in (90.0, 110.0, 100.0):
    ...     figures.add("hello_1", "node", {"mean_us": mean_us})
    >>> figures.band("hello_1", "node", "mean_us")
    Band(median=100.0, least=90.0, most=110.0, rounds=3)
    >>> figures.fail("hello_1", "apache", "apache2 is not installed")
    >>> figures.band("hello_1", "apache", "mean_us"), figures.failure("hello_1", "apache")
    (None, 'apache2 is not installed')
    """

    looks: dict[str, dict[str, list[dict[str, float]]]] = field(default_factory=dict)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, measure: str, system: str, figure: Figure) -> None:
        """One more round."""
        self.looks.setdefault(measure, {}).setdefault(system, []).append(dict(figure))

    def fail(self, measure: str, system: str, why: str) -> None:
        """That system has no figure there, and why."""
        self.failures.setdefault(measure, {})[system] = why

    def failure(self, measure: str, system: str) -> str:
        """Why there is no figure; "" when there is, or nobody has looked yet."""
        return self.failures.get(measure, {}).get(system, "")

    def rounds(self, measure: str, system: str) -> list[dict[str, float]]:
        """The looks there are, as they came: a round that had failed may come last."""
        return self.looks.get(measure, {}).get(system, [])

    def by_round(self, measure: str, system: str) -> dict[int, dict[str, float]]:
        """The looks by the number of their round, from 0; where none is told, they came in turn."""
        looks = enumerate(self.rounds(measure, system))
        return {int(look.get(ROUND, place)): look for place, look in looks}

    def same_round(self, *places: tuple[str, str]) -> list[tuple[Figure, ...]]:
        """One look at each of `places`, a measure and a system, for every round that all have.

        A machine that is slow for a while is slow for all of these.
        """
        found = [self.by_round(*place) for place in places]
        numbers = [number for number in found[0] if all(number in looks for looks in found)]
        return [tuple(looks[number] for looks in found) for number in numbers]

    def systems(self, measure: str) -> Iterator[str]:
        """Who has figures there."""
        yield from self.looks.get(measure, {})

    def band(self, measure: str, system: str, name: str) -> Band | None:
        """The median of one number over the rounds, and its reach; None where there is none."""
        return Band.of([look[name] for look in self.rounds(measure, system) if name in look])

    def median(self, measure: str, system: str, name: str) -> float | None:
        """The median alone."""
        band = self.band(measure, system, name)
        return None if band is None else band.median

    def ratio(self, measure: str, name: str, system: str, other: str) -> Band | None:
        """How `system` stands to `other`, each round by itself; None where one has no figure."""
        return self.quotient(name, (measure, system), (measure, other))

    def quotient(self, name: str, place: tuple[str, str], other: tuple[str, str]) -> Band | None:
        """One number by the same one elsewhere, each round by itself; None where there is none.

        >>> figures = Figures()
        >>> figures.add("loaded", "node", {"uss_mb": 40.0})
        >>> figures.add("loaded", "apache", {"uss_mb": 20.0, "bytes_per_connection": 900.0})
        >>> figures.quotient("uss_mb", ("loaded", "node"), ("loaded", "apache"))
        Band(median=2.0, least=2.0, most=2.0, rounds=1)
        >>> figures.quotient("bytes_per_connection", ("loaded", "node"), ("loaded", "apache"))
        """
        pairs = self.same_round(place, other)
        both = [(one[name], two[name]) for one, two in pairs if name in one and two.get(name)]
        return Band.of([value / by for value, by in both])

    def to_dict(self) -> dict[str, Any]:
        """All of them, as JSON can hold it; `of` reads it."""
        return {"looks": self.looks, "failures": self.failures}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Figures:
        """Those that `to_dict` gave."""
        return cls(dict(kept["looks"]), dict(kept["failures"]))
