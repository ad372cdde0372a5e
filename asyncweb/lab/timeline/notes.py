"""What is written down of one request while it is served.

Rule: numbers and no judgement; who kept whom waiting is found out later, when nobody is in a hurry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

RUNS, WAITS, OFFLOADED = "runs", "waits", "offloaded"
Address: TypeAlias = tuple[str, int]


class Step(NamedTuple):
    """A part of a request's life, by time.perf_counter_ns."""

    what: str  # RUNS, WAITS or, on another thread, OFFLOADED
    began_ns: int
    ended_ns: int
    thread: int  # its identity
    cpu_ns: int = 0  # what the thread used of the processor meanwhile
    ready_ns: int | None = None  # when it could have gone on; None: not known


class Look(NamedTuple):
    """Where a handler was, when somebody looked."""

    at_ns: int
    line: str  # "slow, line 7: time.sleep(0.2)"


@dataclass(frozen=True, slots=True)
class Notes:
    """One request, as the server saw it."""

    name: str  # "GET /users/1"
    client: Address | None
    steps: tuple[Step, ...]
    looks: tuple[Look, ...] = ()

    @property
    def thread(self) -> int:
        """The thread that it began in."""
        return self.steps[0].thread


@dataclass(slots=True)
class Call:
    """One request, as its client saw it."""

    name: str
    client: Address
    asked_ns: int = 0
    answered_ns: int | None = None  # when the last byte came; None: not in time
    status: int | None = None
