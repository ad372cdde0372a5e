"""What one of our requests, connections and processes costs beside those of every other system.

Rule: two systems are compared round by round; where the rounds do not agree on who is ahead, that
is said, and nobody is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from asyncweb.lab.claims.figures import Band, Figures
from asyncweb.lab.claims.names import HELLO, LOADED, OUR_LOOP, START
from asyncweb.loadtest.noise import ENOUGH_ROUNDS

NOISE = 1.25  # two looks at the same system differ by so much
REPEATED = 1.05  # and the medians of many looks by so much
AHEAD, BEHIND, EVEN = "ahead", "behind", "no difference"


@dataclass(frozen=True)
class Cost:
    """A number of one look of which less is better."""

    title: str
    measure: str
    name: str
    unit: str
    scale: float = 1.0  # of that unit, for each that was measured

    def band(self, figures: Figures, system: str) -> Band | None:
        """What it is for `system`, in `unit`; None where it was not measured."""
        found = figures.band(self.measure, system, self.name)
        return found and scaled(found, self.scale)

    def failure(self, figures: Figures, system: str) -> str:
        """Why it was not measured; "" where it was, or nobody has looked."""
        return figures.failure(self.measure, system)

    def ratio(self, figures: Figures, system: str, ours: str = OUR_LOOP) -> Band | None:
        """How many times ours that of `system` is; None where one of both was not measured."""
        return figures.ratio(self.measure, self.name, system, ours)


COSTS = (
    Cost("CPU per request", HELLO[64], "cpu_us", "µs"),
    Cost("memory per connection", LOADED, "bytes_per_connection", "KiB", 1 / 1024),
    Cost("base memory", START, "idle_uss_mb", "MB"),
    Cost("start", START, "first_answer_ms", "ms"),
)


def scaled(band: Band, scale: float) -> Band:
    """The same in another unit.

    >>> scaled(Band(2048, 1024, 4096, 3), 1 / 1024)
    Band(median=2.0, least=1.0, most=4.0, rounds=3)
    """
    return Band(band.median * scale, band.least * scale, band.most * scale, band.rounds)


def digits(value: float) -> str:
    """Three digits that mean something.

    >>> digits(0.1234), digits(9.876), digits(98.76), digits(4321.0), digits(0.0)
    ('0.12', '9.88', '98.8', '4,321', '0')
    """
    if not math.isfinite(value):
        return "∞"
    if not value:
        return "0"
    size = abs(value)
    return f"{value:,.{0 if size >= 100 else 1 if size >= 10 else 2}f}"


def spelled(band: Band | None, to: str = " to ") -> str:
    """A median, and how far the rounds reached around it; a dash where there is none.

    >>> spelled(Band(98.76, 90.0, 104.0, 3)), spelled(Band(7.0, 7.0, 7.0, 1)), spelled(None)
    ('98.8 (90.0 to 104)', '7.00', '\u2013')
    """
    if band is None:
        return "–"  # noqa: RUF001  an en dash on purpose
    least, most = digits(band.least), digits(band.most)
    return digits(band.median) + (f" ({least}{to}{most})" if least != most else "")


def standing(ratio: Band) -> str:
    """Where we stand to a system whose cost is `ratio` times ours.

    >>> standing(Band(2.0, 1.5, 2.5, 3)), standing(Band(0.9, 0.8, 0.94, 5))
    ('ahead', 'behind')
    >>> standing(Band(1.1, 0.9, 1.3, 3)), standing(Band(1.2, 1.2, 1.2, 1))
    ('no difference', 'no difference')
    """
    if ratio.least <= 0:  # a slope may come out as nothing, and nobody costs that
        return EVEN
    # A few rounds have no band to speak of, and many of the same system differ by a little.
    room = NOISE if ratio.rounds < ENOUGH_ROUNDS else REPEATED
    if ratio.least > room:
        return AHEAD
    return BEHIND if ratio.most < 1 / room else EVEN


def in_words(figures: Figures, systems: Iterable[str], ours: str = OUR_LOOP) -> list[str]:
    """A sentence for each cost: ahead of whom, behind whom, and by how much."""
    others = [system for system in systems if system != ours]
    sentences = []
    for cost in COSTS:
        ratios = {one: found for one in others if (found := cost.ratio(figures, one, ours))}
        if ratios:
            told = "; ".join(_parts(ratios))
            mine = spelled(cost.band(figures, ours))
            sentences.append(f"{cost.title}: {ours} {mine} {cost.unit}; {told}.")
    return sentences


def rust_wins(figures: Figures, languages: Mapping[str, str], ours: str = OUR_LOOP) -> list[str]:
    """Where a system in Rust costs less than ours in every round, and how much less."""
    found = []
    for cost in COSTS:
        wins = []
        for system, language in languages.items():
            ratio = cost.ratio(figures, system, ours) if language == "Rust" else None
            if ratio and standing(ratio) == BEHIND:
                wins.append((1 / ratio.median, system))
        if wins:
            told = ", ".join(f"{one} {_times(by)}" for by, one in sorted(wins, reverse=True))
            found.append(f"{cost.title}, less than {ours}: {told}.")
    return found


def _parts(ratios: Mapping[str, Band]) -> Iterator[str]:
    sides: dict[str, list[str]] = {AHEAD: [], BEHIND: [], EVEN: []}
    for system, ratio in sorted(ratios.items(), key=lambda item: item[1].median):
        side = standing(ratio)
        times = 1 / ratio.median if side == BEHIND else ratio.median
        sides[side].append(system if side == EVEN else f"{system} ({_times(times)})")
    words = {AHEAD: "less than", BEHIND: "more than", EVEN: "no difference to be told from"}
    for side, systems in sides.items():
        if systems:
            yield f"{words[side]} {', '.join(systems)}"


def _times(value: float) -> str:
    return f"{digits(value)} times"
