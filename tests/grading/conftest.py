"""What the tests of grading share: a toy exercise, and a way to hand something in."""

import zipfile
from pathlib import Path

import pytest

from asyncweb.grading.exercise import Exercise
from asyncweb.grading.runner import How, check

collect_ignore = ["toy", "corpus"]  # what is graded here, not what grades
HERE = Path(__file__).parent
TOY = HERE / "toy"
RIGHT = {
    "add": "return a + b",
    "meet": "return await asyncio.gather(*[caller() for caller in callers])",
}


@pytest.fixture(scope="session")
def toy():
    return Exercise.read(TOY)


@pytest.fixture
def hand_in(toy, tmp_path):
    """Grades a file with these bodies of its two functions, or with this whole text."""

    def grade(text=None, *, how=None, **bodies):
        work = tmp_path / "work.py"
        bodies = {**RIGHT, **bodies}
        work.write_text(
            text
            or f"import asyncio\ndef add(a, b):\n    {bodies['add']}\n"
            f"async def meet(callers):\n    {bodies['meet']}\n"
        )
        return check(toy, work, how or How(seeds=[7]))

    return grade


@pytest.fixture
def handed_in(tmp_path):
    """A class's folder; calling it puts there what somebody hands in."""
    folder = tmp_path / "class"
    folder.mkdir()

    def put(name, text, place="toy/work.py"):
        if name.lower().endswith(".zip"):
            with zipfile.ZipFile(folder / name, "w") as zipped:
                zipped.writestr(place, text)
        else:
            file = folder / name / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    put.folder = folder
    return put
