"""What can become of a test, in a form that crosses a pipe.

Rule: plain values only. Whoever reads one knows nothing of pytest, and nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a test, or of a task, or of an exercise."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    BLOCKED = "blocked"
    GRADER_FAULT = "grader_fault"

    @property
    def earns(self) -> bool:
        """Whether it costs no point and blocks no task: passed, or a fault of ours."""
        return self in (Outcome.PASSED, Outcome.GRADER_FAULT)

    @property
    def is_mistake(self) -> bool:
        """Whether the student's own code has done it: nothing is one that was never written."""
        return self in (Outcome.FAILED, Outcome.TIMED_OUT, Outcome.CRASHED)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: which, and what stands there, without its indentation.

    >>> print(Line("work.py", 12, "head = connection.recv(1024)"))
    work.py:12  head = connection.recv(1024)
    """

    file: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}  {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one test has found.

    `facts` and `detail` are for the words of the label; `blocked_by` is the task, or "import", that
    has to be mended first; `voids`: with this, nothing else of the exercise counts.
    """

    test: str
    task: str
    outcome: Outcome
    label: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    line: Line | None = None
    detail: str = ""
    blocked_by: str = ""
    seed: int | None = None
    voids: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON takes it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_dict` has written. Raises TypeError or ValueError for another.

        >>> verdict = Verdict("test_a", "1.1", Outcome.PASSED)
        >>> Verdict.from_dict(verdict.to_dict()) == verdict
        True
        """
        line = values.get("line")
        return cls(
            **{
                **values,
                "outcome": Outcome(values["outcome"]),
                "line": None if line is None else Line(**line),
            }
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """The one thing that a student is told of an exercise."""

    label: str
    outcome: Outcome
    think: str
    happens: str
    line: Line | None
    advice: str
    test: str = ""
    seed: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON takes it."""
        return asdict(self)
