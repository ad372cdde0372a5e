"""The layout of Classroom 50: a template for the students, an autograder for the classroom.

Rule: the autograder's bundle is published on a web page, so that no solution is in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from asyncweb.grading.exercise import Exercise
from asyncweb.grading.packs.files import new_folder, put_class, put_grader

SLUG = "exercises"
PYTHON = "3.13"

_AUTOGRADER = '''"""Grades the checkout in the current folder, and writes result.json there."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

bundle = Path(__file__).resolve().parent
with tempfile.TemporaryDirectory() as packages:
    needs = ["--target", packages, "-r", str(bundle / "requirements.txt")]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *needs], check=True)
    # -P: the current folder is the student's, and must not be taken for a module of ours.
    command = [sys.executable, "-P", "-m", "asyncweb", "grade", ".", "--classroom50", "result.json"]
    paths = os.pathsep.join([str(bundle), packages])
    graded = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths})
sys.exit(graded.returncode)
'''

_README = f"""# For Classroom 50

| here | goes to |
|---|---|
| `template/` | a template repository of your organisation: what students begin with |
| `classroom/assignments.json` | your classroom's folder of `classroom50`; name the template in it |
| `classroom/autograders/{SLUG}/` | the same folder |

The bundle holds the hidden tests and no solutions. It is published with your classroom's pages:
without a secret in their address, a student who looks for the hidden tests can read them.
"""


def pack(course: Sequence[Exercise], out: str | Path) -> Path:
    """Writes the layout into `out`, a new folder."""
    folder = new_folder(out)
    put_class(course, folder / "template")
    bundle = folder / "classroom" / "autograders" / SLUG
    put_grader(course, bundle)
    (bundle / "autograder.py").write_text(_AUTOGRADER, encoding="utf-8")
    listed = json.dumps(assignments(), indent=2) + "\n"
    (folder / "classroom" / "assignments.json").write_text(listed, encoding="utf-8")
    (folder / "README.md").write_text(_README, encoding="utf-8")
    return folder


def assignments() -> dict[str, object]:
    """What stands in assignments.json: schema "classroom50/assignments/v1"."""
    only = {
        "slug": SLUG,
        "name": "Exercises of asyncweb",
        "mode": "individual",
        "autograder": "default",
        "runtime": {"python": PYTHON},
    }
    return {"schema": "classroom50/assignments/v1", "assignments": [only]}
