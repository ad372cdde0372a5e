"""The verdict on a test that does not end.

Rule: it names the line that waits; where none of the student's does, it says who waits instead.
"""

from __future__ import annotations

from asyncweb.grading.blame import Case
from asyncweb.grading.outcomes import Outcome, Verdict
from asyncweb.grading.waiting import places_in
from asyncweb.grading.words import CRASHED

SHOWN_LINES = 3


def late_verdict(case: Case, imports: bool) -> Verdict:
    """Of a test that is still running; `imports`: it has not come farther than the import."""
    return hung(case, [number for _, number in places_in(case.work)], imports)


def hung(case: Case, numbers: list[int], imports: bool) -> Verdict:
    """Of a test that hangs in the lines of those `numbers`."""
    if case.source.has_marker(case.task.id) and not imports:
        return case.not_attempted()
    lines = [case.source.line(number) for number in numbers[:SHOWN_LINES]]
    label = CRASHED if imports else case.mark.hang
    after = f"after {case.exercise.seconds:g} s"
    standing = " and ".join(f"`{line.text}`" for line in lines)
    detail = f"{after} it still stands at {standing}" if lines else f"{after} nothing of it runs"
    return case.verdict(
        Outcome.TIMED_OUT,
        label,
        detail=detail,
        line=lines[0] if lines else case.line_at(None, label),
    )
