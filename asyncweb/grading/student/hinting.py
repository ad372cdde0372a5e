"""Hints, one level after the other, as lines for a terminal.

Rule: the next level is given when it is asked for, and never one before its turn.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.hints import LEVELS, read_hints
from asyncweb.grading.show import WIDTH
from asyncweb.grading.student.progress import Progress

KINDS = ("a question", "an idea", "the blocks of a solution, in mixed order")


def next_level(given: int, wanted: int | None = None) -> int:
    """The level to give after `given` of them: the `wanted` one, or the next, or the last again.

    Raises ExerciseError for a level whose turn has not come.

    >>> next_level(0), next_level(1), next_level(3), next_level(3, 1)
    (1, 2, 3, 1)
    """
    if wanted is None:
        return min(given + 1, LEVELS)
    if not 1 <= wanted <= LEVELS:
        raise ExerciseError(f"there is no hint {wanted}; there are 1 to {LEVELS}")
    if wanted > given + 1:
        raise ExerciseError(f"hint {wanted} comes later; next is {given + 1}, leave --level out")
    return wanted


def give_hint(exercise: Exercise, progress: Progress, wanted: int | None = None) -> list[str]:
    """The lines of the next hint, or of the `wanted` one; how far somebody went is kept."""
    level = next_level(progress.of(exercise.name).hints, wanted)
    texts = read_hints(exercise.folder / "hints.md")
    progress.hinted(exercise.name, level)
    return list(hint_lines(level, texts[level - 1]))


def hint_lines(level: int, text: str) -> Iterator[str]:
    """A hint in lines: what is code stands behind a bar, the rest is wrapped.

    >>> print(*hint_lines(3, "Order\\nthese:\\n\\n```python\\nreturn a\\n```\\n"), sep="\\n")
    Hint 3 of 3: the blocks of a solution, in mixed order
    Order these:
    <BLANKLINE>
      │ return a
    """
    yield f"Hint {level} of {LEVELS}: {KINDS[level - 1]}"
    for number, part in enumerate(text.strip().split("```")):
        if number % 2:
            yield from (f"  │ {line}" for line in part.strip().splitlines()[1:])
            continue
        for paragraph in part.split("\n\n"):
            if paragraph.strip() == "*or*":  # between two blocks of which only one is right
                yield "    or"
            elif paragraph.strip():
                yield from textwrap.wrap(paragraph, WIDTH)
            if paragraph.strip() or (number and part):
                yield ""
