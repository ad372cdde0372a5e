"""Who ran when, on a loop of one's own: a bar for each step, and between two bars the waiting.

Rule: what is drawn was recorded by the loop that ran it, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from asyncweb.drawing import units
from asyncweb.errors import LessonError
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, in_grey, new_figure

WIDTH_INCHES, ROW_INCHES, FRAME_INCHES = 10.0, 0.4, 1.2
LEAST_SHARE = 0.004  # of the width: a shorter step would not be seen
WAITING_HEIGHT, RUNNING_HEIGHT = 0.06, 0.6


class Step(NamedTuple):
    """One step: who ran, from when to when, in seconds of one clock."""

    who: str
    began_s: float
    ended_s: float


def longest_pause(steps: Iterable[Step], who: str) -> float:
    """The longest time, in seconds, between the ends of two steps of `who`.

    Raises LessonError when it made less than two.

    >>> longest_pause([Step("a", 0, 1), Step("b", 1, 7), Step("a", 7, 8)], "a")
    7
    """
    ends = [step.ended_s for step in steps if step.who == who]
    if len(ends) < 2:
        raise LessonError(f"{who!r} made {len(ends)} steps; a pause is between two of them")
    return max(after - before for before, after in pairwise(ends))


def draw_steps(steps: Sequence[Step]) -> Plot:
    """One row for each who ran: thick where it ran, thin where it waited.

    Raises LessonError when nobody ran, LoadError when matplotlib is not installed.

    >>> draw_steps([])
    Traceback (most recent call last):
    asyncweb.errors.LessonError: no steps: run the loop first, then draw what it recorded
    """
    if not steps:
        raise LessonError("no steps: run the loop first, then draw what it recorded")
    names = list(dict.fromkeys(step.who for step in steps))
    begin_s = min(step.began_s for step in steps)
    end_s = max(step.ended_s for step in steps)
    figure = new_figure("", (WIDTH_INCHES, ROW_INCHES * len(names) + FRAME_INCHES))
    axes = figure.subplots()
    for row, name in enumerate(names):
        own = [step for step in steps if step.who == name]
        life_ms = 1e3 * (own[-1].ended_s - own[0].began_s)
        axes.barh(row, life_ms, WAITING_HEIGHT, 1e3 * (own[0].began_s - begin_s), color=GREY)
        for step in own:
            length_s = max(step.ended_s - step.began_s, LEAST_SHARE * (end_s - begin_s))
            at_ms = 1e3 * (step.began_s - begin_s)
            colour = COLOURS[row % len(COLOURS)]
            axes.barh(row, 1e3 * length_s, RUNNING_HEIGHT, at_ms, color=colour)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_axisbelow(True)
    axes.set(xlabel="ms", xlim=(0, None))
    in_grey(axes)
    told = "; ".join(f"{name}: {_turns(steps, name)} turns" for name in names)
    return Plot(figure, f"Who ran when, in {units.seconds(end_s - begin_s)}. {told}")


def _turns(steps: Iterable[Step], who: str) -> int:
    return sum(step.who == who for step in steps)
