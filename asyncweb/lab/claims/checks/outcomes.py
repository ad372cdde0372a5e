"""What can be wrong with a program's memory, and what can become of such a fault.

Rule: an outcome is what was seen of one snippet, compiled and run; nothing is known beforehand.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Fault(StrEnum):
    """The four faults; each is a snippet of this name in each language."""

    DANGLING = "dangling"
    RACE = "race"
    CYCLE = "cycle"
    FORGOTTEN = "forgotten"

    @property
    def noun(self) -> str:
        """For a row of figures."""
        return _NOUNS[self]

    @property
    def words(self) -> str:
        """What is wrong."""
        return _FAULTS[self]


_NOUNS = {
    Fault.DANGLING: "dangling reference",
    Fault.RACE: "data race",
    Fault.CYCLE: "cycle that nobody holds",
    Fault.FORGOTTEN: "cache that only grows",
}
_FAULTS = {
    Fault.DANGLING: "a reference is used after what it refers to has gone",
    Fault.RACE: "two threads write one number, and one visit of two is lost",
    Fault.CYCLE: "a leak: two users hold each other, and nobody else holds them",
    Fault.FORGOTTEN: "a leak: a cache keeps a page for each request, for ever",
}


class Outcome(IntEnum):
    """From nobody's notice to no fault at all, as numbers for the figures.

    >>> Outcome(3).words
    'rejected at compile time'
    """

    UNNOTICED = 0
    WARNED = 1
    FOUND = 2
    REJECTED = 3
    ABSENT = 4

    @property
    def words(self) -> str:
        """For the table."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.UNNOTICED: "not noticed",
    Outcome.WARNED: "warned of, and compiled",
    Outcome.FOUND: "found at run time",
    Outcome.REJECTED: "rejected at compile time",
    Outcome.ABSENT: "did no harm",
}
