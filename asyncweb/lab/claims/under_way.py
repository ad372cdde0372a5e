"""A trial while it runs: who was measured how often, how long it will take, and what is decided.

Rule: state in, picture out; it hears of each step, and asks nobody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from asyncweb.lab.claims import names
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figure, Figures
from asyncweb.lab.claims.table import SIGNS, STYLES
from asyncweb.lab.claims.verdict import Verdict, Word

COLUMNS: dict[str, tuple[str, ...]] = {
    "start": (names.START,),
    "hello": tuple(names.HELLO.values()),
    "read": tuple(names.READ.values()),
    "wait": (names.WAIT,),
    "wrk": tuple(names.WRK.values()),
    "rate": (names.RATE,),
    "others": (names.OTHERS,),
    "memory": (names.LOADED,),
    "crowds": (*names.STEADY.values(), *names.FULL.values()),
    "soak": (names.SOAK,),
    "many": (names.MANY,),
}
FAILED, NOT_YET = "✗", "·"
BAR = 40
ENOUGH = 0.05  # of all looks, before they say how long the others will take
MOST_FAILURES = 4  # that are told below the table


class Step(Protocol):
    """What is told of a trial: the start or the end of one look."""

    @property
    def system(self) -> str:
        """Who is looked at."""

    @property
    def measure(self) -> str:
        """At what."""

    @property
    def round(self) -> int:
        """For the how many-th time, from 0."""

    @property
    def done(self) -> int:
        """Looks that are over, of `total`."""

    @property
    def total(self) -> int:
        """Looks that there will be."""

    @property
    def figure(self) -> Figure | None:
        """What was found."""

    @property
    def failure(self) -> str:
        """Why nothing was found."""

    @property
    def said(self) -> str:
        """How a build goes."""


Judge = Callable[[Figures], Sequence[tuple[Claim, Verdict]]]


class UnderWay:
    """What a trial has told until now; `print(it)` on a rich console draws it."""

    def __init__(
        self,
        systems: Sequence[str],
        figures: Figures,
        judge: Judge,
        measures: Collection[str] = (),  # that are looked at; all, if not said
    ):
        self._systems, self._figures, self._judge = systems, figures, judge
        self._columns = {
            title: column
            for title, column in COLUMNS.items()
            if not measures or any(measure in measures for measure in column)
        }
        self._began_at: int | None = None  # looks that were there before: of another run
        self._began_s = self._now_s = 0.0
        self.step: Step | None = None
        self._failures: dict[str, str] = {}  # the latest of each system
        self.decided = self._decided()

    def hear(self, step: Step, now_s: float) -> None:
        """One more step, at that moment of a clock."""
        if self._began_at is None and not step.said:
            self._began_at, self._began_s = step.done, now_s
        if step.failure:
            self._failures[step.system] = f"{doing(step)}: {first_line(step.failure)}"
        self.step, self._now_s = step, now_s
        # Here, and not when it is drawn: a terminal draws while another figure is added.
        self.decided = self._decided()

    @property
    def left_s(self) -> float | None:
        """Seconds that it will still take, if the rest is like what was; None at the beginning."""
        if self.step is None or self._began_at is None:
            return None
        looks = self.step.done - self._began_at
        if looks < max(1, ENOUGH * self.step.total):
            return None
        each_s = (self._now_s - self._began_s) / looks
        return each_s * (self.step.total - self.step.done)

    def _decided(self) -> list[tuple[Claim, Verdict]]:
        """The claims about which something can be said already."""
        verdicts = self._judge(self._figures)
        return [(claim, found) for claim, found in verdicts if found.word != Word.UNMEASURED]

    def __rich__(self) -> RenderableType:
        failed = [*self._failures.values()][-MOST_FAILURES:]
        told = Text("\n".join(f"{FAILED} {line}" for line in failed), "red")
        return Group(self._table(), *self._place(), self._verdicts(), *([told] if failed else ()))

    def _table(self) -> Table:
        table = Table(box=SIMPLE_HEAD, show_edge=False, padding=0)
        table.add_column("looks at")  # folded where there is little room
        for title in self._columns:
            table.add_column(title, justify="right", no_wrap=True)
        now = self.step.system if self.step else ""
        for system in self._systems:
            cells = [self._cell(system, measures) for measures in self._columns.values()]
            table.add_row(escape(system), *cells, style="bold" if system == now else "")
        return table

    def _cell(self, system: str, measures: Sequence[str]) -> Text:
        looks = sum(len(self._figures.rounds(measure, system)) for measure in measures)
        failed = any(self._figures.failure(measure, system) for measure in measures)
        told = [str(looks)] if looks else []
        if failed:
            return Text(" ".join([*told, FAILED]), "red")
        return Text(told[0]) if told else Text(NOT_YET, "dim")

    def _place(self) -> Iterator[RenderableType]:
        if self.step is None:
            return
        bar = ProgressBar(total=self.step.total, completed=self.step.done, width=BAR)
        row = Table.grid(padding=(0, 2))
        row.add_row(bar, Text(progress(self.step, self.left_s)))
        yield row
        yield Text(self.step.said or doing(self.step), "dim")

    def _verdicts(self) -> Text:
        told = Text()
        for claim, verdict in self.decided:
            told.append(f"{claim.id} {SIGNS[verdict.word]} ", STYLES[verdict.word])
        return told


def doing(step: Step) -> str:
    """What is being done now."""
    return f"{step.system}: {step.measure}, round {step.round + 1}"


def first_line(text: str) -> str:
    """What of a long story is told while it runs."""
    return text.partition("\n")[0]


def progress(step: Step, left_s: float | None) -> str:
    """How far it is, and how long it will take."""
    told = f"{step.done:,} of {step.total:,} looks"
    return told if left_s is None else f"{told}, {about(left_s)} left"


def about(seconds: float) -> str:
    """A duration that nobody knows exactly.

    >>> about(8), about(150), about(5000)
    ('less than a minute', 'about 3 minutes', 'about 1 h 24 min')
    """
    if seconds < 60:
        return "less than a minute"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"about {minutes} minutes"
    return f"about {minutes // 60} h {minutes % 60} min" if seconds < 86_400 else "more than a day"


class Lines:
    """The same for where nothing can be drawn: a line when a look is over or has failed."""

    def __init__(self, say: Callable[[str], object]):
        self._say = say

    def hear(self, step: Step, left_s: float | None) -> None:
        """One more step."""
        place = f"[{progress(step, left_s)}]"
        if step.said:
            self._say(step.said)
        elif step.failure:
            self._say(f"{place} {doing(step)}: {first_line(step.failure)}")
        elif step.figure is not None:
            self._say(f"{place} {doing(step)}")
