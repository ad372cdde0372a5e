"""What `asyncweb watch` shows: the bar, the current exercise, its one message, and what was asked.

Rule: a pure function of what is known and a width; it says in words what it says in colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from asyncweb.drawing.units import count
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.outcomes import Outcome
from asyncweb.grading.score import Grade
from asyncweb.grading.show import MARKS, message_lines, printed_lines
from asyncweb.grading.student.desk import Desk
from asyncweb.grading.student.look import Look, Panel
from asyncweb.grading.student.misconceptions import explained

BAR_WIDTH = 20
_PART = r"^(?:(?:What|Your|Try|Shown|Hint)\b[^:`]*:|\S+ \([a-z ]+\)$)"
_CODE = r"`[^`]+`|^  │.*"
_STYLES = {Outcome.PASSED: "green", Outcome.NOT_ATTEMPTED: "dim", Outcome.BLOCKED: "dim"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known at one moment. `grade` is None until the first check has ended."""

    desk: Desk
    current: Exercise
    grade: Grade | None = None
    is_checking: bool = False
    trouble: str = ""
    hint: Sequence[str] = ()


def head(sheet: Sheet) -> Iterator[Text]:
    """The bar: how many of the exercises are done, and how many points they are."""
    standings = [sheet.desk.progress.of(each.name) for each in sheet.desk.course]
    done = sum(each.has_passed for each in standings)
    earned = sum(each.earned for each in standings)
    points = sum(each.points for each in sheet.desk.course)
    filled = round(BAR_WIDTH * earned / points)
    yield Text.assemble(
        ("━" * filled, "bold green"),
        ("─" * (BAR_WIDTH - filled), "dim"),
        f"  {done} of {len(standings)} exercises, {count(earned)} of {count(points)} points",
    )
    yield Text()


def body(sheet: Sheet, look: Look) -> Iterator[Text]:
    """The current exercise and its tasks, and below them what was asked for; or the list."""
    if look.panel is Panel.LIST:
        yield from listed(sheet, look.chosen)
        return
    yield from _tasks(sheet)
    yield Text()
    for problem in filter(None, (sheet.trouble, sheet.desk.progress.trouble)):
        yield Text(problem, "bold red")
    if look.panel is Panel.HINT:
        yield from map(_marked, sheet.hint)
    elif look.panel is Panel.RESET:
        yield Text(f"Begin {sheet.current.name} anew? Your work.py is kept beside it.", "bold")
    elif look.panel is Panel.EXPLAIN:
        yield from _explained(sheet)
    elif sheet.grade is not None:
        yield from _message(sheet, sheet.grade)


def _tasks(sheet: Sheet) -> Iterator[Text]:
    exercise = sheet.current
    grade = sheet.grade
    earned = sheet.desk.progress.of(exercise.name).earned if grade is None else grade.earned
    yield Text.assemble(
        (f"{exercise.name}  {exercise.title}", "bold"),
        f"  {earned} of {exercise.points} points",
        ("  checking ..." if sheet.is_checking else "", "yellow"),
    )
    place = sheet.desk.folder / exercise.name
    yield Text(f"  {place / 'README.md'} says what to do, in {place / WORK} you do it", "dim")
    if grade is None:
        for task in exercise.tasks:
            yield Text(f"    {task.id}  {task.title}", "dim")
        return
    for each in grade.tasks:
        said = f"  {MARKS[each.outcome]} {each.task.id}  {each.task.title}"
        style = _STYLES.get(each.outcome, "red")
        yield Text.assemble((said, style), f": {each.outcome.replace('_', ' ')}")


def _message(sheet: Sheet, grade: Grade) -> Iterator[Text]:
    if grade.has_passed:
        after = sheet.desk.after(sheet.current)
        comes = f"Next is {after.name}: n." if after else "That was the last: everything is done."
        yield Text(f"All of it is right. {comes}", "bold green")
    elif grade.message:
        yield from map(_marked, message_lines(grade.message))
    yield from map(Text.from_ansi, printed_lines(grade))


def _explained(sheet: Sheet) -> Iterator[Text]:
    message = sheet.grade.message if sheet.grade else None
    if message is None:
        told = "no test has failed" if sheet.grade else "the check has not ended yet"
        yield Text(f"There is nothing to explain: {told}.")
        return
    yield from map(_marked, explained(message.label, sheet.desk.course))


def _marked(line: str) -> Text:
    """The line, with what it begins with and the code in it set apart."""
    text = Text(line)
    text.highlight_regex(_PART, "bold")
    text.highlight_regex(_CODE, "cyan")
    return text


def listed(sheet: Sheet, chosen: int | None = None) -> Iterator[Text]:
    """A line for each exercise; `>` stands before the one that is `chosen`, or is current."""
    place = sheet.desk.course.index(sheet.current) if chosen is None else chosen
    width = max(len(each.name) for each in sheet.desk.course)
    for number, exercise in enumerate(sheet.desk.course):
        standing = sheet.desk.progress.of(exercise.name)
        sign = MARKS[Outcome.PASSED] if standing.has_passed else MARKS[Outcome.NOT_ATTEMPTED]
        hints = f"  {standing.hints} of 3 hints" if standing.hints else ""
        line = (
            f"{'>' if number == place else ' '} {sign} {exercise.name:{width}}  "
            f"{standing.earned:2} of {exercise.points:2} points  {exercise.minutes:2} min  "
            f"{exercise.title}{hints}"
        )
        style = "bold" if number == place else "green" if standing.has_passed else ""
        yield Text(line, style, no_wrap=True, overflow="ellipsis")
