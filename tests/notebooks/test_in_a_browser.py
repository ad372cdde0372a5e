"""Some notebooks in Jupyter Notebook, in a real browser: "Run all", and look."""

import contextlib
import shutil

import pytest

from tests.ecosystem.conftest import library
from tests.notebooks.conftest import COURSE
from tests.outside.notebook_page import SIZE, NotebookPage, browser, jupyter

pytestmark = pytest.mark.slow
PATIENCES = 3  # of a page's: a notebook takes longer than what a page shows
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


def come_to_an_end(page, last):
    """Returns when the last cell has run, or when it seems that it never will."""
    from playwright.sync_api import TimeoutError as NotYet

    for _ in range(PATIENCES):
        with contextlib.suppress(NotYet):
            return page.ended(last)


@pytest.mark.parametrize("seen", IN_A_BROWSER, ids=lambda lesson: lesson.number)
def test_run_all_comes_to_the_end_and_every_cell_has_run(seen, look):
    page = look(seen)
    code = [place for place, cell in enumerate(seen.cells) if cell.is_code]
    page.begin_all()
    come_to_an_end(page, code[-1])
    saved = page.saved().cells
    page.close()
    outputs = [output for place in code for output in saved[place].outputs]
    assert not [out.evalue for out in outputs if out.output_type == "error"]
    assert all(saved[place].execution_count for place in code)
