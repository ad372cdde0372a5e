"""What a judge asks, and what it holds to be the right answer.

Rule: a case is bytes and a verdict; how the bytes travel is none of its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ANY_REFUSAL = frozenset(range(400, 600)) - {408}
# What must follow the answered requests: nothing more, a refusal that ends it all, or whichever.
End = Literal["quiet", "refused", "either"]


@dataclass(frozen=True)
class Seen:
    """A request as the server should have understood it; None is not compared."""

    method: str | None = None
    target: str | None = None
    body: bytes | None = None
    fields: tuple[tuple[str, str], ...] | None = None  # (lower-case name, value)


@dataclass(frozen=True)
class Verdict:
    """The requests that must be answered, in order, and how the conversation goes on."""

    requests: tuple[Seen, ...] = ()
    end: End = "quiet"
    statuses: frozenset[int] = ANY_REFUSAL
    may_refuse: bool = False  # to refuse all of it is right as well
    free: bool = False  # the judge has no opinion: only a well-formed conversation is asked for

    def __str__(self) -> str:
        if self.free:
            return "any well-formed conversation"
        words = [f"{len(self.requests)} answered"] if self.requests else []
        if self.end == "refused":
            named = "/".join(map(str, sorted(self.statuses)))
            words.append("refused" + (f" with {named}" if len(self.statuses) < 10 else ""))
        elif self.end == "either":
            words.append("then refused or not")
        elif not self.requests:
            words.append("no answer, it is not whole")
        return ", ".join(words) + (", or all refused" if self.may_refuse else "")


@dataclass(frozen=True)
class Case:
    """One question of one judge."""

    judge: str
    name: str
    data: bytes
    verdict: Verdict


def refused(*statuses: int) -> Verdict:
    """The verdict: no request here; any refusal will do unless `statuses` are given."""
    return Verdict(end="refused", statuses=frozenset(statuses) or ANY_REFUSAL)


def answered(*requests: Seen, may_refuse: bool = False) -> Verdict:
    """The verdict: these requests, and nothing after them."""
    return Verdict(requests, may_refuse=may_refuse)


UNFINISHED = Verdict()
NO_OPINION = Verdict(free=True)
