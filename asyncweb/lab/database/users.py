"""The users in the database, and the page that shows them.

Rule: user number n is the same on every machine, and the same rows always make the same bytes.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from string import Template
from typing import Any

Row = tuple[Any, ...]

ALL_USERS = "SELECT * FROM users"
TABLE = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL)"
TEMPLATE = """<!doctype html>
<title>Users</title>
<h1>$count users</h1>
<table>
$rows
</table>
"""
_FIRST = ("Ada", "Alan", "Barbara", "Dennis", "Edsger", "Grace", "Ken", "Radia")
_LAST = ("Byron", "Curie", "Goldberg", "Ng", "O'Neill", "Perlman", "Wirth")


def users(count: int) -> list[Row]:
    """The first `count` users: number, name and e-mail address.

    >>> users(2)
    [(1, 'Ada Byron', 'ada1@example.org'), (2, 'Alan Curie', 'alan2@example.org')]
    """
    return [_user(number) for number in range(1, count + 1)]


def _user(number: int) -> Row:
    first = _FIRST[(number - 1) % len(_FIRST)]
    last = _LAST[(number - 1) % len(_LAST)]
    return number, f"{first} {last}", f"{first.lower()}{number}@example.org"


def nap(seconds: float) -> str:
    """A query for user 1 that takes so many seconds, and keeps no processor busy meanwhile.

    >>> nap(0.02)
    'SELECT id, name, email, pg_sleep(0.02) FROM users WHERE id = 1'
    """
    return f"SELECT id, name, email, pg_sleep({float(seconds)}) FROM users WHERE id = 1"


def page(rows: Iterable[Row], template: str = TEMPLATE) -> str:
    """`template` with a line for each of `rows`, of which the first three columns are shown.

    >>> print(page([(5, "Edsger O'Neill", "edsger5@example.org")], "$count: $rows"))
    1: <tr><td>5<td>Edsger O&#x27;Neill<td>edsger5@example.org
    """
    lines = ["<tr>" + "".join(f"<td>{html.escape(str(cell))}" for cell in row[:3]) for row in rows]
    return Template(template).substitute(count=len(lines), rows="\n".join(lines))
