"""The commands of who teaches the course."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.commands.outcome import INTERRUPTED
from asyncweb.output import check_output, check_outputs, write_json, write_text

if TYPE_CHECKING:
    from asyncweb.grading.exercise import Exercise
    from asyncweb.grading.prove import Row

FULL_RUNS = 200
PLAIN_WIDTH = 120
_ENDS = (signal.SIGINT, signal.SIGTERM)


def course(options: argparse.Namespace) -> int:
    """One of the steps; which one, says `options.step`."""
    steps = {"pack": pack, "grade": grade, "new": new, "prove": prove}
    options.command = f"course {options.step}"
    before = {number: signal.signal(number, _interrupt) for number in _ENDS}
    try:
        return steps[options.step](options)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def pack(options: argparse.Namespace) -> int:
    """What a class gets, and autograders; each where it is asked for."""
    from asyncweb.grading.packs import classroom50, gradescope, nbgrader
    from asyncweb.grading.packs.files import pack as for_class

    packs = {
        for_class: options.out,
        gradescope.pack: options.gradescope,
        classroom50.pack: options.classroom50,
        nbgrader.pack: options.nbgrader,
    }
    if not any(packs.values()):
        raise ValueError(
            "nothing to pack: name a folder, --gradescope, --classroom50 or --nbgrader"
        )
    course = _exercises_of(options)
    for write, place in packs.items():
        if place:
            print(f"wrote {write(course, place)}")
    return 0


def new(options: argparse.Namespace) -> int:
    """An exercise to begin with, which passes its proofs; and how those are asked for."""
    from asyncweb.grading.course import FOLDER, teachers_folder
    from asyncweb.grading.skeleton import begin

    folder = Path(options.exercises or FOLDER)
    begun = begin(options.name, folder)
    is_found = teachers_folder(None).resolve() == folder.resolve()
    where = "" if is_found else f" --folder {folder}"
    print(f"wrote {begun}; write there, then: asyncweb course prove {begun.name}{where}")
    return 0


def prove(options: argparse.Namespace) -> int:
    """The proof table; exits with 1 when a row does not hold."""
    from asyncweb.grading import proof_table as tables
    from asyncweb.grading.course import teachers_folder
    from asyncweb.grading.proving import Demands, folders_of
    from asyncweb.grading.proving import prove as rows_of

    check_output(options.json)
    if options.markdown:
        place = Path(options.markdown)
        tables.with_table(place.read_text(encoding="utf-8"), [])
    demands = Demands(
        seeds=options.seeds,
        runs=options.runs or (FULL_RUNS if options.full else 0),
        is_busy=options.busy or options.full,
        jobs=options.jobs,
        writes=options.write,
    )
    folders = folders_of(options.names, teachers_folder(options.exercises))
    rows, is_whole = _proved(rows_of(folders, demands))
    end = tables.summary(rows) if is_whole else "interrupted"
    _show(tables.proof_table(rows), [*tables.trouble_lines(rows), end], options.json)
    write_json(options.json, tables.proofs_dict(rows, is_whole))
    if not is_whole:
        return INTERRUPTED
    if options.markdown:
        text = place.read_text(encoding="utf-8")
        write_text(options.markdown, tables.with_table(text, rows), "--markdown")
    return int(not all(row.holds for row in rows))


def _proved(proofs: Iterable[Row]) -> tuple[list[Row], bool]:
    """What there was until the end, or until Ctrl-C; whether it is all."""
    from asyncweb.grading.proof_table import FAILS, HOLDS

    rows = []
    try:
        for row in proofs:
            rows.append(row)
            _told(f"{HOLDS if row.holds else FAILS} {row.exercise} {row.proof} {row.count}")
    except KeyboardInterrupt:
        return rows, False
    return rows, True


def grade(options: argparse.Namespace) -> int:
    """A class's submissions; what was graded before an interruption is not graded again."""
    from asyncweb.grading import class_report as report
    from asyncweb.grading.exercise import WORK
    from asyncweb.grading.gradebook import Class, Journal
    from asyncweb.grading.runner import How
    from asyncweb.grading.submissions import empty_handed, left_out, submissions

    check_outputs({"--out": options.out, "--json": options.json})
    folder = Path(options.folder)
    course, found = _exercises_of(options), submissions(folder)
    for name in left_out(folder):
        _told(f"left out: {name} is neither a folder nor a zip")
    for name in empty_handed(found, course):
        _told(f"no points: in what {name} has handed in there is no {WORK} of these exercises")
    everybody = Class(found, course, How(seeds=[options.seed]), options.jobs)
    result = folder.resolve().name if options.out == "-" else options.out
    journal = Journal(Path(f"{result}.journal"))
    entries = []
    try:
        for entry in everybody.grades(journal):
            entries.append(entry)
            points = f"{entry.grade['score']} of {entry.grade['max_score']} points"
            place = f"{len(entries)} of {everybody.size}"
            _told(f"{place}: {entry.submission}, {entry.exercise}: {points}")
    except KeyboardInterrupt:
        _told("the same command goes on from here")
        return INTERRUPTED
    write_text(options.out, report.scores_csv(entries), "--out")
    _show(report.labels_table(entries), report.by_hand_lines(entries), options.out, options.json)
    write_json(options.json, report.class_dict(entries))
    if not any(entry.is_faulty for entry in entries):
        journal.end()
    return 0


def _exercises_of(options: argparse.Namespace) -> list[Exercise]:
    """The exercises that are named, or all."""
    from asyncweb.grading.course import exercises, find_exercise, teachers_folder

    known = exercises(teachers_folder(options.exercises))
    return [find_exercise(name, known) for name in options.only] or known


def _interrupt(number: int, frame: Any) -> None:
    """What has begun is finished, so that nothing of it is left behind or lost."""
    signal.signal(number, signal.SIG_DFL)  # who cannot wait asks again
    _told("interrupted; what is under way comes to its end")
    raise KeyboardInterrupt


def _told(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(table: Any, lines: list[str], *results: str | None) -> None:
    """Prints what people read: to standard error, if one of the `results` is on standard output."""
    from rich.console import Console

    console = Console(stderr="-" in results, highlight=False)
    if not console.is_terminal:  # a file is as wide as it has to be
        console.width = max(console.width, PLAIN_WIDTH)
    console.print(table)
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
