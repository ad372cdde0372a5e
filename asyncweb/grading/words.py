"""What a label says to a student, and the labels that every exercise has.

Rule: each text is one or two sentences about the student's program, never about the student.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asyncweb.grading.marks import ANSWER, HANG, RAISED

UNKNOWN = "?"  # what stands where a fact was not given
CRASHED, STUB, TAMPERED, FAULT = "crashed", "stub", "tampered", "fault"


@dataclass(frozen=True, slots=True)
class Label:
    """What a failure shows: the belief behind it, what happens instead, and what to try.

    The smallest `priority` is told first. `line` is a text that the guilty line contains, for a
    failure that has no line of its own.
    """

    name: str
    priority: int
    think: str = ""
    happens: str = ""
    advice: str = ""
    line: str = ""

    def told(self, facts: Mapping[str, str]) -> str:
        """`happens` with its {braces} filled from `facts`; "?" where there is no such fact.

        >>> Label("M06", 1, happens="{callers} callers, counted {counted}").told({"callers": "9"})
        '9 callers, counted ?'
        """
        return _Filled().vformat(self.happens, (), facts)

    def unfilled(self, told: str) -> bool:
        """Whether `told` lacks a fact that it should have had."""
        return told.count(UNKNOWN) > self.happens.count(UNKNOWN)


class _Filled(string.Formatter):
    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), UNKNOWN)


COMMON_LABELS = {
    label.name: label
    for label in (
        Label(
            TAMPERED, 0,
            "The grade can be changed from inside work.py.",
            "{detail} is no longer what it was. Nothing counts when what judges has been replaced.",
            "Take out the line that replaces it; your own functions can do all that is asked for.",
        ),
        Label(
            CRASHED, 1,
            "work.py is only run by me.",
            "Every test imports work.py, and that goes wrong: {detail}.",
            "Make `python work.py` end by itself, without an error; what starts or waits for "
            'something belongs under `if __name__ == "__main__":`.',
        ),
        Label(
            HANG, 50,
            "What this line waits for will come.",
            "The test that {claim} has not ended: {detail}.",
            "Ask who should end this wait, and whether they can do so while it lasts.",
        ),
        Label(
            RAISED, 60,
            "This line works for every input.",
            "While the test tried that {claim}, this line raised {detail}.",
            "Print the values that the line uses, just before it: which did you not expect?",
        ),
        Label(
            ANSWER, 70,
            "This does what the task asks for.",
            "It is not so that {claim}: {detail}.",
            "Take such an input, and follow it through your lines by hand, value by value.",
        ),
        Label(
            FAULT, 90,
            "Something of mine is wrong.",
            "The grader itself failed, and it costs you no points: {detail}.",
            "Go on with the next task, and show this to your teacher.",
        ),
        Label(
            STUB, 100,
            "This one comes next.",
            "{detail}",
            "Replace the line that raises NotImplementedError with your own.",
        ),
    )
}  # fmt: skip
