"""What can be said to `asyncweb course`, for who teaches it.

Rule: words only; what a step does is its own business.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

JSON_HELP = "write the result there; - is stdout"


def add_course(command: argparse.ArgumentParser) -> None:
    """The steps of `asyncweb course`; `step` is the name of the one that was found."""
    steps = command.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, (about, add_arguments) in _STEPS.items():
        step = steps.add_parser(
            name, help=about, description=about, formatter_class=command.formatter_class
        )
        add_arguments(step)


def _add_pack(step: argparse.ArgumentParser) -> None:
    step.add_argument("out", metavar="OUT", nargs="?", help="a new folder with what a class gets")
    step.add_argument("--gradescope", metavar="ZIP", help="an autograder for Gradescope")
    step.add_argument("--classroom50", metavar="DIR", help="a template and an autograder for it")
    step.add_argument("--nbgrader", metavar="DIR", help="a course for nbgrader")
    _add_only(step)


def _add_grade(step: argparse.ArgumentParser) -> None:
    step.add_argument("folder", metavar="FOLDER", help="in it, a folder or a zip for each student")
    step.add_argument("-o", "--out", required=True, metavar="CSV", help="a line for each student")
    _add_only(step)
    _add_jobs(step)
    step.add_argument("--seed", type=int, default=1, metavar="N", help="the same for everybody")
    step.add_argument("--json", metavar="FILE", help=JSON_HELP)


def _add_new(step: argparse.ArgumentParser) -> None:
    step.add_argument("name", metavar="NAME", help="19_topic: a number, and a word or two")
    _add_folder(step, "./exercises")


def _add_prove(step: argparse.ArgumentParser) -> None:
    step.add_argument("names", metavar="NAME", nargs="*", help="all, if none is given")
    _add_folder(step)
    step.add_argument("--seeds", type=int, default=20, metavar="N", help="of each solution")
    step.add_argument("--full", action="store_true", help="--busy --runs 200")
    step.add_argument("--busy", action="store_true", help="beside two busy processes too")
    step.add_argument("--runs", type=int, default=0, metavar="N", help="of each solution, in a row")
    _add_jobs(step)
    step.add_argument(
        "--write", action="store_true",
        help="first write each stub, and beside each wrong answer what is said of it",
    )  # fmt: skip
    step.add_argument(
        "--markdown", nargs="?", const="exercises/README.md", metavar="FILE",
        help="write the table between the markers of that file",
    )  # fmt: skip
    step.add_argument("--json", metavar="FILE", help=JSON_HELP)


def _add_only(step: argparse.ArgumentParser) -> None:
    """Which exercises, and where they are."""
    step.add_argument(
        "--only", action="append", default=[], metavar="NAME",
        help="this exercise, not all; may be given again",
    )  # fmt: skip
    _add_folder(step)


def _add_folder(
    step: argparse.ArgumentParser, default: str = "./exercises with the answers, or the package's"
) -> None:
    about = f"where the exercises are; if it is left out, {default}"
    step.add_argument("--folder", dest="exercises", metavar="DIR", help=about)


def _add_jobs(step: argparse.ArgumentParser) -> None:
    step.add_argument("--jobs", type=int, metavar="N", help="at a time; one for each core")


_STEPS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "pack": ("what a class gets, without the teacher's files; autograders", _add_pack),
    "grade": ("grade what a class has handed in", _add_grade),
    "new": ("begin an exercise, with all of its parts", _add_new),
    "prove": ("prove that the exercises are right", _add_prove),
}
