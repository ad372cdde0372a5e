"""A notebook is what its source says, to the byte."""

import json

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.course import __main__ as program
from asyncweb.lab.course import sources
from asyncweb.lab.notebooks import notebook_folder
from tests.ecosystem.conftest import library

pytestmark = pytest.mark.slow  # they need the extra lint
SOURCE = """# %% [markdown]
# # 05 · A title
#
# Some *prose*.

# %%
value = await something()


def f():
    return value


# %%
f()
"""


@pytest.fixture
def folder(tmp_path):
    library("jupytext")
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "05_a_title.py").write_text(SOURCE)
    return tmp_path


@pytest.fixture
def course(monkeypatch, capsys):
    """Runs the program, and gives its exit code and what it said."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["course", *map(str, arguments)])
        code = program.main()
        return code, "".join(capsys.readouterr())

    return run


def test_every_notebook_is_what_its_source_says():
    library("jupytext")
    folder = notebook_folder()
    if not (folder / "source").exists():
        pytest.skip("no checkout")
    assert not list(sources.differences(folder))


def test_a_source_makes_cells_that_have_names_and_no_outputs():
    library("jupytext")
    made = json.loads(sources.as_notebook(SOURCE))
    assert [(cell["id"], cell["cell_type"], cell["metadata"]) for cell in made["cells"]] == [
        ("cell-00", "markdown", {}),
        ("cell-01", "code", {}),
        ("cell-02", "code", {}),
    ]
    assert "".join(made["cells"][0]["source"]) == "# 05 · A title\n\nSome *prose*."
    assert "".join(made["cells"][1]["source"]).endswith("    return value")
    assert made["cells"][1]["outputs"] == []
    assert made["metadata"]["kernelspec"]["name"] == "python3"


def test_a_notebook_is_built_when_it_differs(folder, course):
    notebook = folder / "05_a_title.ipynb"
    assert course("build", folder) == (0, f"built: {notebook}\n")
    first = notebook.read_bytes()
    assert course("build", folder) == (0, f"as it was: {notebook}\n")
    assert notebook.read_bytes() == first


def test_a_notebook_that_differs_from_its_source_or_has_none_is_told(folder, course):
    missing = "05_a_title.ipynb is missing; run: python -m asyncweb.lab.course build"
    assert list(sources.differences(folder)) == [missing]
    course("build", folder)
    (folder / "source" / "05_a_title.py").write_text(SOURCE + "\n# %%\n1\n")
    (folder / "06_b.ipynb").write_text('{"cells": []}')
    differs, alone = sources.differences(folder)
    assert "05_a_title.ipynb is not what source/05_a_title.py says; run" in differs
    assert "06_b.ipynb has no source/06_b.py; write one, or remove it" in alone
    code, said = course("check", folder)
    assert code == 1
    assert differs in said
    assert "06_b.ipynb: the first cell has no title" in said


def test_a_folder_without_sources_is_told(tmp_path, course):
    code, said = course("check", tmp_path)
    assert code == 1
    assert "has no notebooks; call this in a checkout" in said


def test_who_has_no_jupytext_is_told_where_it_is(folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "jupytext", None)
    with pytest.raises(LessonError, match=r'pip install "asyncweb\[lint\]"'):
        sources.as_notebook(SOURCE)
