"""What a class gets that installs the package: all that it needs, and no answers."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from asyncweb.grading.course import course_folder, exercises
from asyncweb.grading.packs.files import requirements
from asyncweb.grading.stub import stub_of
from tests.ecosystem.conftest import library

ROOT = Path(__file__).parents[2]
OF_THE_WHEEL = ["asyncweb", "notebooks", "exercises", "pyproject.toml", ".packaging",
                "README.md", "LICENSE", ".gitignore"]  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Where the package lies, built of a checkout in which somebody has solved an exercise."""
    library("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    checkout, site = folder / "checkout", folder / "site"
    checkout.mkdir()
    for name in OF_THE_WHEEL:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, checkout / name)
    pieces = checkout / "exercises" / "01_pieces"
    for name in ("work.py", "work_1.py"):
        shutil.copyfile(pieces / "teacher" / "solution.py", pieces / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    ran = subprocess.run(build, cwd=checkout, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(site)
    return site


@pytest.fixture
def asyncweb(installed, tmp_path):
    """Runs a command of the installed package in a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def run(*arguments):
        command = [sys.executable, "-m", "asyncweb", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )

    return run


def test_of_the_answers_nothing_is_in_the_wheel(installed):
    folder = installed / "asyncweb" / "exercises"
    for each in exercises():
        (work,) = (folder / each.name).glob("work*.py")
        assert work.read_text() == stub_of(each.solution.read_text())
    assert {file.name for file in folder.glob("*/teacher/**/*")} == {"test_hidden.py"}


def test_all_that_is_not_an_answer_is_in_the_wheel(installed):
    for folder in (course_folder(), ROOT / "notebooks"):
        copied = installed / "asyncweb" / folder.name
        places = {file.relative_to(folder) for file in folder.rglob("*.*") if file.is_file()}
        missing = {place for place in places if not (copied / place).is_file()}
        assert not {place for place in missing if not is_left_out(place)}


def is_left_out(place):
    """Whether it is the teacher's, or what somebody or a tool has left in the checkout."""
    is_made = any(part.startswith((".", "__")) for part in place.parts)
    return is_made or "teacher" in place.parts or place.match("work_*")


def test_a_student_with_the_wheel_begins_checks_resets_and_is_graded(asyncweb, tmp_path):
    assert asyncweb("exercises").returncode == 0
    work = tmp_path / "exercises" / "01_pieces" / "work.py"
    stub = work.read_text()
    assert "Task 1.1 is still to be done" in asyncweb("check", "1").stdout
    work.write_text((course_folder() / "01_pieces" / "teacher" / "solution.py").read_text())
    assert "10 of 10 points" in asyncweb("check", "1").stdout
    graded = asyncweb("grade")
    assert "01_pieces: 10 of 10 points" in graded.stderr
    assert asyncweb("reset", "1").returncode == 0
    assert work.read_text() == stub


def test_who_teaches_with_the_wheel_packs_and_is_told_where_proofs_are_made(asyncweb, tmp_path):
    packs = ["--only", "pieces", "--nbgrader", "nb", "--classroom50", "c50"]
    packed = asyncweb("course", "pack", "class", *packs)
    assert packed.returncode == 0, packed.stderr
    (needs,) = (tmp_path / "c50").rglob("requirements.txt")
    assert len(needs.read_text().splitlines()) == len(requirements())
    assert "Task 1.1" in (tmp_path / "class" / "01_pieces" / "work.py").read_text()
    assert not (tmp_path / "nb" / "answers").exists()
    proved = asyncweb("course", "prove", "pieces")
    assert proved.returncode == 2
    assert "has no solutions to prove; name the exercises of a checkout" in proved.stderr
