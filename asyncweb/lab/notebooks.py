"""The course's notebooks, on their way from the package to the student's folder.

Rule: what a student has written is never overwritten.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from asyncweb.errors import AsyncwebError

_PACKAGE = Path(__file__).resolve().parents[1]


def notebook_folder() -> Path:
    """Where the notebooks are: in the installed package, or beside it in a checkout."""
    for folder in (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise AsyncwebError("this installation has no notebooks; install asyncweb again with pip")


def copy_notebooks(folder: Path) -> Iterator[Path]:
    """Copies each notebook that `folder` does not have yet; yields the copies."""
    source = notebook_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(source.glob("*.ipynb")):
        copy = folder / notebook.name
        if not copy.exists():
            shutil.copyfile(notebook, copy)
            yield copy


def open_notebooks(folder: Path) -> int:
    """Opens `folder` in Jupyter and waits; gives Jupyter's exit code."""
    if importlib.util.find_spec("notebook") is None:
        raise AsyncwebError('Jupyter is not installed here; run: pip install "asyncweb[course]"')
    return subprocess.call([sys.executable, "-m", "notebook", str(folder)])
