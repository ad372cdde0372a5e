"""What can be said to the commands of who does the exercises.

Rule: words only, as in `arguments`, which adds these to its own.
"""

from __future__ import annotations

import argparse

_REPORTS = {
    "json": "all that was found; its schema is grades.schema.json",
    "gradescope": "a results.json for Gradescope",
    "classroom50": "a result.json for Classroom 50, whose runner sets CLASSROOM and so on",
    "junit": "JUnit XML, a test case for each test",
    "csv": "a row for each task",
}


def _add_exercises(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", default="exercises", metavar="DIR")


def _add_nothing(command: argparse.ArgumentParser) -> None:
    """Some commands ask for no more."""


def _add_check(command: argparse.ArgumentParser) -> None:
    _add_name(command)
    command.add_argument("--seed", type=int, metavar="N", help="the one that a failure has told")
    _add_json(command)


def _add_hint(command: argparse.ArgumentParser) -> None:
    _add_name(command)
    command.add_argument("--level", type=int, metavar="N", help="one that you have had: 1, 2 or 3")


def _add_explain(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "label", metavar="LABEL", nargs="?", help="M01 to M32, or one of an exercise's own"
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", metavar="FILE", help="write the result there; - is stdout")


def _add_name(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "exercise", metavar="NAME", nargs="?", help="01_pieces, pieces or 1; if none, the current"
    )


def _add_named(command: argparse.ArgumentParser) -> None:
    command.add_argument("exercise", metavar="NAME", help="01_pieces, pieces or 1")


def _add_grade(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", metavar="FOLDER", help="if none, the one you are in")
    for name, about in _REPORTS.items():
        command.add_argument(f"--{name}", metavar="FILE", help=f"{about}; - is stdout")


EXERCISE_ARGUMENTS = {
    "exercises": ("copy the exercises here, over nothing that is there", _add_exercises),
    "watch": ("check the current exercise whenever you save it", _add_nothing),
    "check": ("check one exercise, and say what to mend first", _add_check),
    "hint": ("the next hint: a question, an idea, the blocks of a solution", _add_hint),
    "explain": ("what a label means, and what shows it", _add_explain),
    "list": ("the exercises, and how far you are", _add_json),
    "goto": ("make an exercise the current one", _add_named),
    "reset": ("the stub of an exercise again; your file is kept beside it", _add_named),
    "grade": ("grade all exercises of a folder", _add_grade),
}
