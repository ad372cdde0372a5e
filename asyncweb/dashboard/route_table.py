"""The routes of an app, as a table and as plain values.

Rule: pure functions of the app; nothing is called, nothing is served.
"""

from __future__ import annotations

import inspect
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from asyncweb.app import App


def route_rows(app: App) -> list[dict[str, Any]]:
    """One mapping for each route, in the order they were added."""
    return [
        {
            "methods": list(route.methods),
            "pattern": route.pattern,
            "handler": route.name,
            "place": _place(route.handler),
            "async": route.is_async,
            "streams_body": route.streams,
        }
        for route in app.routes
    ]


def route_table(app: App) -> Table:
    """The same for people."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for title in ("methods", "pattern", "handler", "where"):
        table.add_column(title, overflow="fold")
    for row in route_rows(app):
        kind = "async def" if row["async"] else "def"
        handler = f"{kind} {row['handler']}" + (" (streams the body)" * row["streams_body"])
        cells = (", ".join(row["methods"]), row["pattern"], handler, row["place"] or "")
        table.add_row(*map(escape, cells))
    return table


def _place(handler: Any) -> str | None:
    """The file and the line of a handler; None when it has none, as a built-in."""
    code = getattr(inspect.unwrap(handler), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else None
