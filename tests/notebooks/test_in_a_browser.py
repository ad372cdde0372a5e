"""Some notebooks in Jupyter Notebook, in a real browser: "Run all", and look."""

import shutil

import nbformat
import pytest

from tests.ecosystem.conftest import library
from tests.notebooks.conftest import COURSE
from tests.outside.notebook_page import SIZE, NotebookPage, browser, jupyter

pytestmark = pytest.mark.slow
IN_A_BROWSER = [lesson for lesson in COURSE if lesson.number in ("00", "02", "04")]


@pytest.fixture(scope="module")
def look(tmp_path_factory):
    """Opens a notebook in the browser, and closes it afterwards."""
    library("playwright")
    folder = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASYNCWEB_QUICK", "1")
        with jupyter(folder) as url, browser() as opened:

            def look(lesson):
                file = folder / lesson.path.name
                shutil.copy(lesson.path, file)
                address = url.format(name=file.name)
                return NotebookPage(opened.new_page(viewport=SIZE), file, address)

            yield look


@pytest.mark.parametrize("opened", IN_A_BROWSER, ids=lambda lesson: lesson.number)
def test_run_all_comes_to_the_end_and_every_cell_has_run(opened, look):
    page = look(opened)
    code = [place for place, cell in enumerate(opened.cells) if cell.is_code]
    page.begin_all()
    page.ended(code[-1])
    saved = page.saved().cells
    page.close()
    nbformat.validate(nbformat.v4.new_notebook(cells=saved))
    for place in code:
        failed = [out for out in saved[place].outputs if out.output_type == "error"]
        assert not failed, failed[0].evalue
        assert saved[place].execution_count
