"""Notebook 08 with a PostgreSQL server, as a student has it who set DATABASE_URL."""

import nbformat
import pytest
from nbclient import NotebookClient

from asyncweb.lab.notebooks import notebook_folder

TIMEOUT_S = 60


@pytest.mark.slow
def test_the_notebook_measures_a_postgresql_server_that_it_is_given(postgresql_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", postgresql_url)
    monkeypatch.setenv("ASYNCWEB_QUICK", "1")
    notebook = nbformat.read(notebook_folder() / "08_a_real_database.ipynb", as_version=4)
    NotebookClient(notebook, timeout=TIMEOUT_S).execute()
    (cell,) = [cell for cell in notebook.cells if 'reveal("08.q5"' in cell.source]
    told = [output.get("text", "") for output in cell.outputs]
    told += [output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    assert "08.c3 holds here" in "".join(told)
    assert "as psycopg" in "".join(told)  # the question that is revealed
