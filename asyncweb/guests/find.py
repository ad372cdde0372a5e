"""The app that somebody means by `module:name`.

Rule: whatever keeps it from being served is told in one line, with the place to look at.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from asyncweb.errors import AppNotFound

if TYPE_CHECKING:
    from asyncweb.app import App


def find_app(where: str) -> App | Callable[..., Any]:
    """The App, or the ASGI or WSGI app, that `where`, spelled "module:name", means.

    The current folder is searched first. Raises AppNotFound that says which part is wrong.
    """
    from asyncweb.guests.guest import kinds_of

    module_name, _, name = where.partition(":")
    if module_name.endswith(".py"):
        from asyncweb.guests.mistake import as_module  # loaded by those who made one

        raise AppNotFound(f"{where!r} names a file; write {as_module(module_name, name or 'app')}")
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


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        from asyncweb.guests.mistake import fault_of_import

        raise fault_of_import(name, error) from error


def _apps_of(module: ModuleType) -> str:
    from asyncweb.app import App

    names = [name for name, value in vars(module).items() if isinstance(value, App)]
    return f"it has: {', '.join(names)}" if names else "it has no App at all"
