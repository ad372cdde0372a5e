"""Notebooks are built from text: `source/07_inside_the_loop.py` makes `07_inside_the_loop.ipynb`.

Rule: the text is the truth. The same text makes the same file, to the byte, and no output is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asyncweb.errors import LessonError

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Each notebook of `folder`, written anew from its source where they differ, and whether so."""
    for notebook, text in _built(folder):
        differs = _read(notebook) != text
        if differs:
            notebook.write_text(text, encoding="utf-8")
        yield notebook, differs


def differences(folder: Path) -> Iterator[str]:
    """What is wrong with each notebook that is not what its source says, and the way out."""
    way_out = "run: python -m asyncweb.lab.course build"
    sources = set()
    for notebook, text in _built(folder):
        sources.add(notebook)
        if not notebook.exists():
            yield f"{notebook.name} is missing; {way_out}"
        elif _read(notebook) != text:
            yield f"{notebook.name} is not what source/{notebook.stem}.py says; {way_out}"
    for notebook in sorted(set(folder.glob("*.ipynb")) - sources):
        yield f"{notebook.name} has no source/{notebook.stem}.py; write one, or remove it"


def as_notebook(text: str) -> str:
    """The notebook that a source makes: `# %%` begins a cell, `# %% [markdown]` one of prose."""
    try:
        import jupytext
        import nbformat
    except ImportError:
        raise LessonError('building needs jupytext; run: pip install "asyncweb[lint]"') from None
    notebook: Any = jupytext.reads(text, fmt="py:percent")
    cells = [_cell(nbformat, cell, f"cell-{place:02}") for place, cell in enumerate(notebook.cells)]
    made = nbformat.v4.new_notebook(cells=cells, metadata=_METADATA, nbformat_minor=5)
    return str(nbformat.writes(made)) + "\n"


def _built(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each notebook of `folder`, and what it should hold."""
    sources = sorted((folder / "source").glob("*.py"))
    if not sources:
        raise LessonError(f"{folder / 'source'} has no notebooks; call this in a checkout")
    for source in sources:
        yield folder / f"{source.stem}.ipynb", as_notebook(source.read_text(encoding="utf-8"))


def _cell(nbformat: Any, cell: Any, name: str) -> Any:
    if cell.cell_type == "markdown":
        return nbformat.v4.new_markdown_cell(cell.source, id=name)
    return nbformat.v4.new_code_cell(cell.source, id=name)


def _read(notebook: Path) -> str:
    return notebook.read_text(encoding="utf-8") if notebook.exists() else ""
