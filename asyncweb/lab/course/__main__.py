"""`python -m asyncweb.lab.course build|check`, for who writes notebooks.

Rule: run in a checkout. `build` writes the notebooks, `check` writes nothing; what is wrong is told
a line each, and exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from asyncweb.errors import LessonError
from asyncweb.lab.course.form import troubles
from asyncweb.lab.course.lesson_file import lessons
from asyncweb.lab.course.sources import build, differences

COMMANDS = ("build", "check")


def main() -> int:
    """Builds or checks, and gives the exit code."""
    asked = argparse.ArgumentParser(prog="python -m asyncweb.lab.course", description=__doc__)
    asked.add_argument("command", choices=COMMANDS)
    asked.add_argument("folder", nargs="?", type=Path, default=Path("notebooks"))
    options = asked.parse_args()
    try:
        if options.command == "build":
            for notebook, differs in build(options.folder):
                print(f"{'built' if differs else 'as it was'}: {notebook}")
            return 0
        wrong = [*differences(options.folder)]
        for lesson in lessons(options.folder):
            wrong += troubles(lesson)
    except LessonError as error:
        wrong = [str(error)]
    for line in wrong:
        print(line, file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
