"""The course's notebooks, on their way from the package to the student's folder.

Rule: what a student has written is never overwritten.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from asyncweb.errors import AsyncwebError

# Jupyter asks at one Ctrl-C whether to end, and ends at two; so many mean that it hangs.
INSISTENT_PRESSES, WITHIN_S = 5, 10.0
_PACKAGE = Path(__file__).resolve().parents[1]


def notebook_folder() -> Path:
    """Where the notebooks are: in the installed package, or beside it in a checkout."""
    for folder in (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise AsyncwebError("this installation has no notebooks; install asyncweb again with pip")


def copy_notebooks(folder: str | Path) -> Iterator[tuple[Path, bool]]:
    """Each notebook in `folder`, and whether it was copied now; one that is there already is kept.

    Raises AsyncwebError when `folder` is none, or cannot be written to.
    """
    source, folder = notebook_folder(), Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in sorted(source.glob("*.ipynb")):
            copy = folder / notebook.name
            is_new = not copy.exists()
            if is_new:
                shutil.copyfile(notebook, copy)
            yield copy, is_new
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror
        raise AsyncwebError(
            f"cannot copy the notebooks to {folder}: {why}; name a folder, there already or new"
        ) from None


def open_notebooks(folder: str | Path) -> int:
    """Opens `folder` in Jupyter and waits; gives Jupyter's exit code.

    Ctrl-C is Jupyter's to answer, which hears it too; five within ten seconds kill it. Raises
    AsyncwebError when Jupyter is not installed.
    """
    if importlib.util.find_spec("notebook") is None:
        raise AsyncwebError('Jupyter is not installed here; run: pip install "asyncweb[course]"')
    return _exit_code(subprocess.Popen([sys.executable, "-m", "notebook", str(folder)]))


def _exit_code(jupyter: subprocess.Popen[bytes]) -> int:
    """How `jupyter` has ended, when it has."""
    presses: deque[float] = deque(maxlen=INSISTENT_PRESSES)
    while True:
        try:
            return jupyter.wait()
        except KeyboardInterrupt:
            presses.append(time.monotonic())
            if len(presses) == INSISTENT_PRESSES and presses[-1] - presses[0] < WITHIN_S:
                jupyter.kill()
