"""What is wrong with an app that cannot be imported, or is not spelled as one.

Rule: one line, with the place to look at: in the current folder, if there is one.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path, PurePath

from asyncweb.errors import AppNotFound
from asyncweb.loopless import is_own


def as_module(file: str, name: str) -> str:
    """How `name` in `file` is spelled, "package.main:app", and where when that is not here."""
    parts = PurePath(file).with_suffix("").parts
    if all(part.isidentifier() for part in parts):
        return f"{'.'.join(parts)}:{name}"
    return f"{parts[-1]}:{name}, in the folder {PurePath(file).parent}"


def fault_of_import(name: str, error: BaseException) -> AppNotFound:
    """What to raise in the place of `error`, with which importing the module `name` has ended."""
    place = _place(error)
    if isinstance(error, ModuleNotFoundError) and not place:
        return AppNotFound(f"no module {error.name!r} here; is it in {os.getcwd()}?")
    kind, why = type(error).__name__, " ".join(_reason(error).split())
    told = f"{kind}: {why}" if why else kind
    return AppNotFound(f"{name} cannot be imported: {place}{told}")


def _reason(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _place(error: BaseException) -> str:
    """Where in what was imported it went wrong, "main.py:7: "; "" when nothing had begun to run.

    It is the deepest line in the current folder: what a library raises, its caller can change.
    """
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).exists():
        return _spelled(Path(error.filename), error.lineno)
    lines = [
        (Path(frame.f_code.co_filename), number)
        for frame, number in traceback.walk_tb(error.__traceback__)
        if not is_own(frame) and not frame.f_globals.get("__name__", "").startswith("importlib")
    ]
    theirs = [line for line in lines if _is_here(line[0])]
    return "".join(_spelled(*line) for line in (theirs or lines)[-1:])


def _is_here(file: Path) -> bool:
    return file.is_relative_to(Path.cwd()) and "site-packages" not in file.parts


def _spelled(file: Path, line: int | None) -> str:
    shown = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    return f"{shown}:{line}: "
