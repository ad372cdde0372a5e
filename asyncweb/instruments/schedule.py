"""One order in which things run, out of all that are possible; and how to come to the others.

Rule: wherever more than one can run, the first goes, except where the schedule says so. What it
says is its name, so that a name is enough to run the same order again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from asyncweb.errors import Deadlock, InstrumentError

USUAL = "usual"
ENDLESS = 10_000  # turns
_DEPARTURE = re.compile(r"([0-9]+)([A-Za-z]+)")


class Schedule:
    """Who goes at each choice: the usual one, but for some `departures`, as {2: "B"}.

    >>> schedule = Schedule({2: "B"})
    >>> schedule.choose(["A", "B"]), schedule.choose(["B"]), schedule.choose(["A", "B"])
    ('A', 'B', 'B')
    >>> schedule.name, [other.name for other in Schedule.named("usual").others()]
    ('2B', [])

    A choice among one is none. After a run, `others` are those that depart once more, and later:
    from the usual one they lead to every schedule, once, those with few departures first.

    >>> usual = Schedule()
    >>> _ = usual.choose(["A", "B"]), usual.choose(["A", "C"])
    >>> [other.name for other in usual.others()]
    ['1B', '2C']
    """

    def __init__(self, departures: Mapping[int, str] | None = None):
        self._departures = dict(departures or {})
        self._choices: list[tuple[str, ...]] = []
        self._turns = 0

    @classmethod
    def named(cls, name: str) -> Schedule:
        """The schedule of that name. Raises InstrumentError for what is none.

        >>> Schedule.named("2B-14main").name
        '2B-14main'
        """
        parts = [] if name == USUAL else name.split("-")
        found = [_DEPARTURE.fullmatch(part) for part in parts]
        if None in found:
            raise InstrumentError(
                f"schedule {name!r}: expected {USUAL!r}, or choices and who goes there, as '3B-7A'"
            )
        return cls({int(part[1]): part[2] for part in found if part is not None})

    @property
    def name(self) -> str:
        """Its departures, as "3B-7A": at the third choice B goes, at the seventh A."""
        return "-".join(f"{at}{who}" for at, who in sorted(self._departures.items())) or USUAL

    def choose(self, ready: Sequence[str]) -> str:
        """Who of `ready` goes now.

        Raises InstrumentError when that one cannot, and Deadlock when there seems to be no end.
        """
        self._turns += 1
        if self._turns > ENDLESS:
            raise Deadlock(
                f"no end after {ENDLESS:,} turns: {' and '.join(ready)} could still run, and only "
                "ask again and again; let them wait for an Event or a Condition instead"
            )
        if len(ready) == 1:
            return ready[0]
        self._choices.append(tuple(ready))
        goes = self._departures.get(len(self._choices), ready[0])
        if goes not in ready:
            raise self._misfit(f"at choice {len(self._choices)} only {', '.join(ready)} can go")
        return goes

    def check_end(self) -> None:
        """Raises InstrumentError when the run has ended before the last departure."""
        if max(self._departures, default=0) > len(self._choices):
            raise self._misfit(f"it ended after {len(self._choices)} choices")

    def others(self) -> Iterator[Schedule]:
        """Those that are this one but for one more departure, later than its last."""
        last = max(self._departures, default=0)
        for at, ready in enumerate(self._choices, 1):
            for who in ready[1:] if at > last else ():
                yield Schedule({**self._departures, at: who})

    def _misfit(self, what: str) -> InstrumentError:
        return InstrumentError(
            f"schedule {self.name!r} does not fit: {what}. The code has changed since it was "
            "found, or does not do the same each time: take away what is random, and real waits"
        )
