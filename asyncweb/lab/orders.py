"""Every order in which tasks or threads can run, tried for a notebook, and the one that fails.

Rule: an order is shown as it ran: a lane for each who takes part, a row for each turn.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asyncweb.instruments.interleavings import Explored, explore
from asyncweb.instruments.story import Story, TurnTaken

_CELL = "border:1px solid #bbb;padding:3px 8px;text-align:left"
_TURN = f"{_CELL};background:#d9ebf7;color:#222"
_LAST = f"{_CELL};background:#fbe3d3;color:#222"
_LONGEST = 160  # letters of an error


@dataclass(frozen=True, repr=False, slots=True)
class Orders:
    """What came of it: how many orders were tried, and the first of them that failed.

    >>> Orders(Explored(tried=4, is_all=True, failed=None))
    holds in all 4 orders
    """

    explored: Explored

    @property
    def tried(self) -> int:
        """How many orders were tried, up to the one that failed."""
        return self.explored.tried

    @property
    def hold(self) -> bool:
        """Whether none that was tried failed."""
        return self.explored.failed is None

    @property
    def trouble(self) -> str:
        """How the first that failed did so: "AssertionError: 1 of 2"; "" when all hold."""
        failed = self.explored.failed
        if failed is None or failed.error is None:
            return ""
        said = str(failed.error).partition("\n")[0]
        return f"{type(failed.error).__name__}: {said}"

    def __repr__(self) -> str:
        if not self.hold:
            return str(self.explored)
        if self.explored.is_all:
            return f"holds in all {self.tried} orders"
        return f"holds in the first {self.tried} orders; there are more"

    def _repr_html_(self) -> str:
        if self.explored.failed is None:
            return f"<div>✓ {self!r}</div>"
        return _as_table(self.explored.failed, self.tried, self.trouble)


def in_every_order(scenario: Callable[..., Any]) -> Orders:
    """Whether `scenario` holds in every order of its tasks or threads, or in which one it fails.

    What a scenario is, `explore` says.

    >>> import asyncio
    >>> async def two_guests():
    ...     chairs, seated = 1, []
    ...     async def sit(name):
    ...         nonlocal chairs
    ...         if chairs:
    ...             await asyncio.sleep(0)
    ...             chairs -= 1
    ...             seated.append(name)
    ...     await asyncio.gather(sit("ann"), sit("bob"))
    ...     assert len(seated) == 1, f"on one chair: {seated}"
    >>> found = in_every_order(two_guests)
    >>> found.hold, found.tried, found.trouble
    (False, 1, "AssertionError: on one chair: ['ann', 'bob']")
    """
    return Orders(explore(scenario))


def _as_table(story: Story, tried: int, trouble: str) -> str:
    lanes = story.names
    named = "".join(f'<th style="{_CELL}">{_lane(who, lanes)}</th>' for who in lanes)
    rows = "".join(
        _row(number, turn, lanes, number == len(story.turns))
        for number, turn in enumerate(story.turns, 1)
    )
    short = trouble if len(trouble) <= _LONGEST else f"{trouble[:_LONGEST]}…"
    said = html.escape(f"order {tried} of those tried fails: {short}")
    return (
        f'<div><b>{said}</b></div><table style="border-collapse:collapse">'
        f'<tr><th style="{_CELL}">turn</th>{named}</tr>{rows}</table>'
    )


def _lane(who: str, names: Mapping[str, str]) -> str:
    short = names[who].rpartition(".")[2]
    return html.escape(short if who == "main" else f"{who}: {short}")


def _row(number: int, turn: TurnTaken, lanes: Mapping[str, str], is_last: bool) -> str:
    style = _LAST if is_last else _TURN
    said = html.escape(f"from {turn.since}, until {turn.until}")
    cells = "".join(
        f'<td style="{style}">{said}</td>' if who == turn.who else f'<td style="{_CELL}"></td>'
        for who in lanes
    )
    return f'<tr><td style="{_CELL}">{number}</td>{cells}</tr>'
