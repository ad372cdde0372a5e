"""A result in words, for a terminal or a file.

Rule: the same lines wherever they are shown; what is drawn in colour says nothing more.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from asyncweb.grading.outcomes import Finding, Outcome
from asyncweb.grading.score import Grade

WIDTH = 92
PRINTED_LINES = 20
MARKS = {
    Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "·", Outcome.TIMED_OUT: "⧖",
    Outcome.CRASHED: "✗", Outcome.BLOCKED: "-", Outcome.GRADER_FAULT: "?",
}  # fmt: skip


def result_lines(result: Grade) -> Iterator[str]:
    """The score, each task with what became of it, and the one message."""
    exercise = result.exercise
    yield f"{exercise.name}: {exercise.title}, {result.earned} of {exercise.points} points"
    for each in result.tasks:
        points = f"{each.earned} of {each.task.points}"
        said = each.outcome.replace("_", " ")
        yield f"  {MARKS[each.outcome]} {each.task.id}  {each.task.title}: {said}, {points}"
    if result.message:
        yield ""
        yield from message_lines(result.message)


def printed_lines(result: Grade) -> Iterator[str]:
    """The last lines that the student's program has printed; nothing where it has not."""
    lines = result.output.strip().splitlines()
    if lines:
        yield ""
        yield f"Your program printed ({min(len(lines), PRINTED_LINES)} of {len(lines)} lines):"
        yield from lines[-PRINTED_LINES:]


def message_lines(message: Finding) -> Iterator[str]:
    """What you probably think, what happens, your line, try this."""
    yield f"{message.label} ({message.outcome.replace('_', ' ')})"
    parts = [("What you probably think", message.think), ("What happens", message.happens)]
    parts += [("Your line", str(message.line))] if message.line else []
    parts += [("Try this", message.advice)]
    for name, text in parts:
        yield from textwrap.wrap(f"{name}: {text}", WIDTH, subsequent_indent="    ")
    if message.seed is not None:
        yield f"Again with the same numbers: --seed {message.seed}"
