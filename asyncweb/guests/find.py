"""The app that somebody means by `module:name`.

Rule: whatever keeps it from being served is told in one line, with the place to look at.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path, PurePath
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from asyncweb.errors import AppNotFound
from asyncweb.loopless import is_own

if TYPE_CHECKING:
    from asyncweb.app import App


def find_app(where: str) -> App | Callable[..., Any]:
    """The App, or the ASGI or WSGI app, that `where`, spelled "module:name", means.

    The current folder is searched first. Raises AppNotFound that says which part is wrong.
    """
    from asyncweb.guests.guest import kinds_of

    module_name, _, name = where.partition(":")
    if module_name.endswith(".py"):
        raise AppNotFound(f"{where!r} names a file; write {_as_module(module_name, name or 'app')}")
    if not module_name or not name:
        raise AppNotFound(f"{where!r} names no app; expected module:name, e.g. main:app")
    if "" not in sys.path:
        sys.path.insert(0, os.getcwd())
    module = _imported(module_name)
    app: Any = getattr(module, name, None)
    if kinds_of(app):  # an App is called as either
        return cast("App | Callable[..., Any]", app)
    nor = ", and no ASGI or WSGI app" if hasattr(module, name) else ""
    raise AppNotFound(f"{name!r} is no App in module {module_name!r}{nor}; {_apps_of(module)}")


def _as_module(file: str, name: str) -> str:
    """How `name` in `file` is spelled, "package.main:app", and where when that is not here."""
    parts = PurePath(file).with_suffix("").parts
    if all(part.isidentifier() for part in parts):
        return f"{'.'.join(parts)}:{name}"
    return f"{parts[-1]}:{name}, in the folder {PurePath(file).parent}"


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        place = _place(error)
        if isinstance(error, ModuleNotFoundError) and not place:
            raise AppNotFound(f"no module {error.name!r} here; is it in {os.getcwd()}?") from None
        kind, why = type(error).__name__, " ".join(_reason(error).split())
        told = f"{kind}: {why}" if why else kind
        raise AppNotFound(f"{name} cannot be imported: {place}{told}") from error


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


def _apps_of(module: ModuleType) -> str:
    from asyncweb.app import App

    names = [name for name, value in vars(module).items() if isinstance(value, App)]
    return f"it has: {', '.join(names)}" if names else "it has no App at all"
