"""A graded cell of a notebook: nothing happens when the task has passed, else it raises.

Rule: it returns None and writes nothing to standard error, for nbgrader takes either for a failure.
"""

from __future__ import annotations

from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.course import FOLDER, find_exercise
from asyncweb.grading.exercise import FILE, WORK, Exercise
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.runner import How, check
from asyncweb.grading.score import Grade, message_of
from asyncweb.grading.show import message_lines

_SEED = 1  # the same for everybody, and each time


class NotYet(AssertionError):
    """The task has not passed; the text is what to mend first."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: the text, for the trace has only lines of ours."""
        return str(self).splitlines()


def require(exercise: str, task: str, work: str | Path = WORK) -> None:
    """Returns when `task` of `exercise` has passed. Raises NotYet, which says what is wrong.

    `work` is the file that a cell above has written. The tests are those of `exercises/` beside the
    notebook; where there are none, the course's. A fault of ours is told and costs nothing.
    """
    found = _exercise(exercise)
    found.task(task)
    if not Path(work).is_file():
        raise ExerciseError(f"there is no {work} here; run the cell above that writes it")
    grade = check(found, Path(work), How(seeds=[_SEED]))
    outcome = next(each.outcome for each in grade.tasks if each.task.id == task)
    if outcome is Outcome.GRADER_FAULT:
        print("The grader itself failed, and it costs you no points; show this to your teacher.")
    elif outcome is not Outcome.PASSED:
        raise NotYet(_said(grade, task))


def _exercise(name: str) -> Exercise:
    beside = Path(FOLDER, name)
    return Exercise.read(beside) if (beside / FILE).is_file() else find_exercise(name)


def _said(grade: Grade, task: str) -> str:
    own = [verdict for verdict in grade.verdicts if verdict.task == task]
    message = message_of(grade.exercise, own) or grade.message
    blocking = {verdict.blocked_by for verdict in own if verdict.outcome is Outcome.BLOCKED}
    if blocking:
        return f"Task {task} waits for {', '.join(sorted(blocking))}, which has to pass first."
    return "\n".join(message_lines(message)) if message else f"Task {task} has not passed."
