"""The notebooks, each as a parameter; the first one runs in the plain suite, the others in CI."""

import pytest

from asyncweb.lab.course.lesson_file import lessons
from asyncweb.lab.notebooks import notebook_folder

COURSE = lessons(notebook_folder())
PLAIN = "00"


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        names = [lesson.number for lesson in COURSE]
        metafunc.parametrize("lesson", COURSE, ids=names, scope="module")
    if "run" in metafunc.fixturenames:
        metafunc.parametrize("run", [_marked(lesson) for lesson in COURSE], indirect=True)


def _marked(lesson):
    marks = () if lesson.number == PLAIN else pytest.mark.slow
    return pytest.param(lesson, id=lesson.number, marks=marks)
