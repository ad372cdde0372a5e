"""The course for a teacher: notebooks run and kept as HTML, and one page that lists them."""

import importlib.util
import json
from pathlib import Path

import psutil
import pytest

from asyncweb.lab.course import listing, rendering
from asyncweb.lab.course.lesson_file import lessons
from tests.commands import command as command
from tests.ecosystem.conftest import library

FRONT = """# {number} · Title <{number}>

**Questions.** What is `*it*`?

**You will be able to** say *it*.

**Time:** 45 minutes. **Before this:** **nothing**."""
GOOD, WRONG = "print(20 + 3)", "print('before')\nfrom asyncweb.lab.lesson import predict"
ASKS = "predict('00.q1', ...)"


def write(folder, number, *code):
    prose = {"cell_type": "markdown", "metadata": {}, "source": FRONT.format(number=number)}
    more = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [prose, *({**more, "source": text} for text in code)]
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place:02}"
    made = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{number}_title.ipynb").write_text(json.dumps(made))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course of three notebooks, the second of which fails."""
    folder = tmp_path / "course"
    folder.mkdir()
    for number, code in {"97": [GOOD], "98": [WRONG, ASKS, "1 / 0"], "99": [GOOD]}.items():
        write(folder, number, *code)
    monkeypatch.setattr(listing, "notebook_folder", lambda: folder)
    return folder


@pytest.fixture
def without_kernels(monkeypatch):
    """Runs nothing: each notebook ends as it is told here, by its number of cells."""
    ends = {2: lambda: "", 4: lambda: "cell 2: no"}
    monkeypatch.setattr(listing, "must_have_jupyter", lambda: None)
    monkeypatch.setattr(rendering, "run", lambda notebook, _: ends[len(notebook.cells)]())
    monkeypatch.setattr(rendering, "as_html", lambda notebook, title: f"the page of {title}")
    return ends


def told(ended):
    return {one["number"]: one["rendered"] for one in json.loads(ended.stdout)["notebooks"]}


def test_a_notebook_that_fails_is_told_and_the_others_are_run(command, folder, without_kernels):
    ended = command("notebooks", "--render", "out", "--json", "-")
    assert ended.returncode == 1
    assert [one["failed"] for one in told(ended).values()] == ["", "cell 2: no", ""]
    assert "98_title runs, 2 of 3\n" in ended.stderr
    assert "98_title: failed after 0 s, cell 2: no; see out/98_title.html" in ended.stderr
    assert "99_title: 0 s; out/99_title.html" in ended.stderr
    assert Path("out/98_title.html").read_text() == "the page of 98_title"


def test_only_those_that_are_named_are_run(command, folder, without_kernels):
    ended = command("notebooks", "--render", "out", "--only", "97", "--only", "99", "--json", "-")
    assert ended.returncode == 0
    assert list(told(ended)) == ["97", "99"]


def test_what_was_rendered_before_ctrl_c_is_kept_and_told(command, folder, without_kernels):
    def interrupted():
        raise KeyboardInterrupt

    without_kernels[4] = interrupted
    ended = command("notebooks", "--render", "out", "--json", "-", "--html", "course.html")
    assert ended.returncode == 130
    assert told(ended)["97"]["html"] == "out/97_title.html"
    assert told(ended)["98"] is told(ended)["99"] is None
    page = Path("course.html").read_text()
    assert 'href="out/97_title.html"' in page
    assert "98_title.html" not in page
    assert 'href="97_title.html"' in Path("out/index.html").read_text()


def test_the_page_lists_what_the_notebooks_say_of_themselves_and_fetches_nothing(command, folder):
    ended = command("notebooks", "--html", "course.html")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    page = Path("course.html").read_text()
    assert "3 notebooks, 135 minutes in all" in page
    assert "97 · Title &lt;97&gt;" in page
    assert "What is <code>*it*</code>?" in page
    assert "say <em>it</em>." in page
    assert "<b>nothing</b>." in page
    assert "src=" not in page
    assert "://" not in page


def test_the_course_is_listed_as_json(command, folder):
    ended = command("notebooks", "--json", "-")
    assert json.loads(ended.stdout)["minutes"] == 135
    assert set(told(ended).values()) == {None}


def test_a_notebook_that_takes_more_than_half_of_its_time_is_told(folder):
    lesson = lessons(folder)[0]
    slow = rendering.Rendered(lesson, folder / "a.html", 45 * 60 / 2 + 1)
    assert "1351 s, more than half of its 45 minutes" in str(slow)
    assert not rendering.Rendered(lesson, folder, 5).is_slow


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "97"], "--only NN says what to render: give --render DIR, too"),
        (["--only", "97", "--html", "page.html"], "--only NN says what to render"),
        (["mine", "--html", "page.html"], "DIR is for notebooks that are copied, and --render"),
        (["asyncweb-notebooks", "--json", "-"], "DIR is for notebooks that are copied"),
        (["--render", "out", "--no-open"], "--no-open is for notebooks that are copied"),
        (["--render", "out", "--only", "5"], "there is no notebook 05; there are: 97, 98, 99"),
        (["--render", f"{__file__}/out"], "Not a directory; name a folder, new or not"),
        (["--html", "/nowhere/page.html"], "--html: cannot write /nowhere/page.html"),
    ],
)
def test_a_mistake_is_told_with_the_way_out(words, said, command, folder, without_kernels):
    ended = command("notebooks", *words)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_without_jupyter_the_way_to_it_is_told(command, folder, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ended = command("notebooks", "--render", "out")
    assert ended.returncode == 2
    assert 'is not installed, and runs them; run: pip install "asyncweb[course]"' in ended.stderr


@pytest.mark.slow
def test_a_real_kernel_shows_what_was_run_and_where_it_failed(command, folder):
    library("nbconvert")
    ended = command("notebooks", "--render", "out", "--only", "97", "--only", "98", "--json", "-")
    assert ended.returncode == 1
    good, failed = told(ended).values()
    assert good["failed"] == ""
    assert failed["failed"].startswith("cell 2: LessonError: 00.q1: ... is no guess.")
    page = Path(good["html"]).read_text()
    assert "23" in page
    assert "<script src" not in page
    page = Path(failed["html"]).read_text()
    assert "before" in page
    assert "LessonError" in page
    assert "ZeroDivisionError" not in page


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "said"),
    [("while True: pass", "cell 0: still running after 1 s"), ("import os; os._exit(1)", "died")],
)
def test_a_cell_that_never_ends_and_a_kernel_that_dies_are_told(code, said):
    nbformat = library("nbformat")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    assert said in rendering.run(notebook, 1)


@pytest.mark.slow
def test_ctrl_c_ends_the_kernel_that_runs():
    nbformat = library("nbformat")
    press = "import os, signal, threading; os.kill(os.getppid(), signal.SIGINT)"
    cells = [nbformat.v4.new_code_cell(f"{press}; threading.Event().wait()")]
    before = set(psutil.Process().children())
    with pytest.raises(KeyboardInterrupt):
        rendering.run(nbformat.v4.new_notebook(cells=cells), 60)
    assert set(psutil.Process().children()) <= before
