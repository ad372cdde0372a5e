"""The commands of who does the exercises."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from asyncweb.commands.outcome import INTERRUPTED, take_every_end_as_ctrl_c
from asyncweb.output import check_output, check_outputs, write_json, write_text

if TYPE_CHECKING:
    from asyncweb.grading.score import Grade
    from asyncweb.grading.student.desk import Desk


def exercises(options: argparse.Namespace) -> int:
    """Copies the exercises next to the student."""
    from asyncweb.grading.student.desk import copy_exercises

    copied = [is_new for _, is_new in copy_exercises(Path(options.folder))]
    kept = len(copied) - sum(copied)
    print(f"copied {sum(copied)} files to {options.folder}, kept {kept} that were there already")
    print("now: asyncweb watch")
    return 0


def watch(options: argparse.Namespace) -> int:
    """Checks the current exercise whenever it is saved, until somebody ends it."""
    from rich.console import Console

    from asyncweb.grading.student.desk import find_desk
    from asyncweb.grading.student.screens import open_screen
    from asyncweb.grading.student.watch import Watch

    desk = find_desk()
    take_every_end_as_ctrl_c()
    screen = open_screen(Console())
    if hasattr(signal, "SIGCONT"):
        signal.signal(signal.SIGCONT, screen.forget)
    watching = Watch(desk, screen)
    try:
        watching.run()
    except KeyboardInterrupt:
        if not watching.was_quit:
            raise
    finally:
        screen.close()
        _tell(desk)
    return 0


def _tell(desk: Desk) -> None:
    """Where somebody stands who goes away now."""
    done = sum(desk.progress.of(each.name).has_passed for each in desk.course)
    print(f"{done} of {len(desk.course)} exercises are done; `asyncweb watch` goes on from here")


def check(options: argparse.Namespace) -> int:
    """One exercise, by the tests that a student sees; exits with 1 until it passes."""
    from asyncweb.grading.course import work_of
    from asyncweb.grading.runner import How
    from asyncweb.grading.runner import check as judge
    from asyncweb.grading.show import printed_lines, result_lines
    from asyncweb.grading.student.desk import find_desk

    check_output(options.json)
    exercise = find_desk().named(options.exercise)
    work = work_of(exercise)
    how = How(hidden=False) if options.seed is None else How(hidden=False, seeds=[options.seed])
    result = judge(exercise, work, how)
    desk = find_desk(work.parents[1])
    desk.progress.checked(result)
    lines = (*result_lines(result), *printed_lines(result), "", _onwards(desk, result))
    print(*lines, sep="\n", file=sys.stderr if options.json == "-" else sys.stdout)
    write_json(options.json, result.to_dict())
    _warn(options, desk.progress.trouble)
    return int(not result.has_passed)


def _onwards(desk: Desk, result: Grade) -> str:
    """Which command may come next."""
    name, message = result.exercise.name, result.message
    if message:
        return f"Stuck? asyncweb hint {name}. What it is about: asyncweb explain {message.label}"
    after = desk.after(result.exercise)
    return f"Next: asyncweb check {after.name}" if after else "Everything is done."


def hint(options: argparse.Namespace) -> int:
    """The next hint of an exercise, or one that was given before."""
    from asyncweb.grading.student.desk import find_desk
    from asyncweb.grading.student.hinting import give_hint

    desk = find_desk()
    exercise = desk.named(options.exercise)
    print(f"{exercise.name}: {exercise.title}", "", sep="\n")
    print(*give_hint(exercise, desk.progress, options.level), sep="\n")
    _warn(options, desk.progress.trouble)
    return 0


def explain(options: argparse.Namespace) -> int:
    """What a label means, or which labels there are."""
    from asyncweb.grading.course import exercises as course
    from asyncweb.grading.student.misconceptions import explained, known_labels

    label = options.label
    print(*(explained(label, course()) if label else known_labels(course())), sep="\n")
    return 0


def list(options: argparse.Namespace) -> int:
    """The exercises, and how far somebody is in them."""
    from asyncweb.grading.student.desk import find_desk
    from asyncweb.grading.student.sheet import Sheet, head, listed

    check_output(options.json)
    desk = find_desk()
    sheet = Sheet(desk, desk.current())
    if options.json != "-":
        print(*head(sheet), *listed(sheet), sep="\n")
    write_json(options.json, desk.to_dict())
    _warn(options, desk.progress.trouble)
    return 0


def goto(options: argparse.Namespace) -> int:
    """Makes an exercise the current one."""
    from asyncweb.grading.student.desk import find_desk

    desk = find_desk()
    exercise = desk.named(options.exercise)
    work = desk.work(exercise)
    desk.progress.go_to(exercise.name)
    print(f"{exercise.name}: {exercise.title}, {work}")
    _warn(options, desk.progress.trouble)
    return 0


def reset(options: argparse.Namespace) -> int:
    """Puts the stub back, and keeps the student's file beside it."""
    from asyncweb.grading.student.desk import find_desk

    desk = find_desk()
    work, kept = desk.reset(desk.named(options.exercise))
    print(f"{work} is the stub again{f'; your file is kept as {kept}' if kept else ''}")
    _warn(options, desk.progress.trouble)
    return 0


def grade(options: argparse.Namespace) -> int:
    """Every exercise in a student's folder, by all tests, and the reports that are wanted."""
    from rich.console import Console

    from asyncweb.grading.reports import REPORTS, writer_of
    from asyncweb.grading.student.desk import find_desk
    from asyncweb.grading.table import results_table

    reports = {name: vars(options)[name] for name in REPORTS if vars(options)[name]}
    check_outputs({f"--{name}": file for name, file in reports.items()})
    writers = {name: writer_of(name) for name in reports}
    folder = Path(options.folder) if options.folder else find_desk().folder
    results, is_whole = _graded(folder)
    Console(stderr="-" in reports.values()).print(results_table(results))
    if not is_whole:
        print("asyncweb grade: interrupted; no report is written", file=sys.stderr)
        return INTERRUPTED
    for name, file in reports.items():
        write_text(file, writers[name](results), f"--{name}")
    return 0


def _graded(folder: Path) -> tuple[Sequence[Grade], bool]:
    """What there was until the end, or until Ctrl-C; whether it is all."""
    from asyncweb.grading.course import grade as judge

    results = []
    try:
        for result in judge(folder):
            results.append(result)
            said = f"{result.earned} of {result.exercise.points} points"
            print(f"{result.exercise.name}: {said}", file=sys.stderr)
    except KeyboardInterrupt:
        return results, False
    return results, True


def _warn(options: argparse.Namespace, trouble: str) -> None:
    if trouble:
        print(f"asyncweb {options.command}: {trouble}", file=sys.stderr)
