"""An autograder for Gradescope: a zip with setup.sh, run_autograder and all they need.

Rule: setup.sh asks pip and nobody else; run_autograder asks nobody at all. No solution is in
it, for the student's program can read whatever lies beside it.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import Exercise
from asyncweb.grading.packs.files import put_grader

_SETUP = """#!/usr/bin/env bash
# Installs what grading needs beside this file. Run once, when the image is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

for python in python3 python3.14 python3.13 python3.12 python3.11; do
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
    "$python" -m pip install --quiet --target packages -r requirements.txt
    command -v "$python" > interpreter
    exit 0
  fi
done
echo "asyncweb needs Python 3.11 or newer: choose a newer image for this autograder" >&2
exit 1
"""

_RUN = """#!/usr/bin/env bash
# Grades what lies in submission/ and writes results/results.json. Needs no network.
set -euo pipefail
root="${{AUTOGRADER_ROOT:-/autograder}}"
source="$root/source"
# Who hands in something else altogether gets a report too, with this exercise missing.
mkdir -p "$root/results" "$root/submission/{first}"
export PYTHONPATH="$source:$source/packages"
# -P: what was handed in must not be taken for a module of ours.
"$(cat "$source/interpreter")" -P -m asyncweb grade "$root/submission" \\
  --gradescope "$root/results/results.json"
"""

_EXECUTABLE = 0o100755 << 16


def pack(course: Sequence[Exercise], file: str | Path) -> Path:
    """Writes the zip. Raises ExerciseError when `file` is there already."""
    file = Path(file)
    if file.exists():
        raise ExerciseError(f"{file} is there already; name a new file")
    run = _RUN.format(first=course[0].name)
    with tempfile.TemporaryDirectory(prefix="asyncweb-") as folder:
        put_grader(course, Path(folder))
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as zipped:
            for path in sorted(Path(folder).rglob("*")):
                zipped.write(path, path.relative_to(folder))
            for name, text in (("setup.sh", _SETUP), ("run_autograder", run)):
                entry = zipfile.ZipInfo(name)
                entry.external_attr = _EXECUTABLE
                zipped.writestr(entry, text)
    return file
