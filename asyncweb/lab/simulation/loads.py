"""Who asks: strangers who know nothing of each other, or users who wait for their answer.

Rule: an open loop hears nothing of answers; in a closed one, who waits does not ask. The thoughts
and arrivals of people have no memory: how long somebody has thought says nothing of how long he
will. So a million thinkers need no million clocks, only one, a million times as fast, and it may be
set anew at any moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from asyncweb.errors import LessonError


@dataclass(frozen=True, slots=True)
class OpenLoop:
    """`rate_rps` requests a second from strangers, at random (Poisson), whatever is answered.

    Each waits `wait_s` for something else, such as a database. With `varies`, that and the time on
    a core are exponential, of the same means; otherwise they are always the same.

    >>> OpenLoop(rate_rps=100, wait_s=0.010)
    100 requests/s
    >>> OpenLoop(rate_rps=0)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: rate_rps=0: expected requests a second, above 0
    """

    rate_rps: float
    wait_s: float = 0.0
    varies: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.rate_rps < math.inf:
            raise LessonError(f"rate_rps={self.rate_rps!r}: expected requests a second, above 0")
        _check_seconds("wait_s", self.wait_s)

    hears_answers: ClassVar[bool] = False

    def gap_s(self, inside: int, dice: Random) -> float:
        """Seconds until the next stranger asks."""
        return dice.expovariate(self.rate_rps)

    def __repr__(self) -> str:
        return f"{self.rate_rps:,.4g} requests/s"


@dataclass(frozen=True, slots=True)
class ClosedLoop:
    """`users`, each of whom asks, waits for the answer, thinks for `think_s` on average, and asks
    again. `wait_s` and `varies` are those of an OpenLoop.

    >>> ClosedLoop(users=1_000_000, think_s=60)
    1,000,000 users
    >>> ClosedLoop(users=1.5, think_s=60)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: users=1.5: expected a whole number from 1
    """

    users: int
    think_s: float = 0.0
    wait_s: float = 0.0
    varies: bool = False

    def __post_init__(self) -> None:
        if not (isinstance(self.users, int) and self.users >= 1):
            raise LessonError(f"users={self.users!r}: expected a whole number from 1")
        for name in ("think_s", "wait_s"):
            _check_seconds(name, getattr(self, name))

    hears_answers: ClassVar[bool] = True

    def gap_s(self, inside: int, dice: Random) -> float:
        """Seconds until the next user has thought enough, while `inside` of them wait."""
        thinking = self.users - inside
        if not thinking:
            return math.inf
        return dice.expovariate(thinking / self.think_s) if self.think_s else 0.0

    def __repr__(self) -> str:
        return f"{self.users:,} users"


Load = OpenLoop | ClosedLoop


def _check_seconds(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise LessonError(f"{name}={value!r}: expected seconds, 0 or more")
