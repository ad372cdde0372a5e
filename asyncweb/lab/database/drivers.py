"""A connection to the database at a URL: one that blocks its thread, and one that is awaited.

Rule: the two say the same words, `fetch` and `close`, for every kind of database.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol

from asyncweb.errors import LessonError
from asyncweb.lab.database.users import Row

SQLITE = "sqlite://"
POSTGRESQL = ("postgresql://", "postgres://")


class Connection(Protocol):
    """Whoever calls it waits, and the thread with it."""

    def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""

    def close(self) -> None:
        """Ends it. Can be called from any thread."""


class AsyncConnection(Protocol):
    """Whoever awaits it waits, and nobody else."""

    async def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""

    def when_free(self, then: Callable[[], None]) -> None:
        """Calls `then` when no query runs here any more, also none whose asker was cancelled."""

    async def close(self) -> None:
        """Ends it."""


def kind_of(url: str) -> str:
    """ "SQLite" or "PostgreSQL". Raises LessonError for a URL of anything else.

    >>> kind_of("sqlite:///tmp/users.db"), kind_of("postgresql://localhost/school")
    ('SQLite', 'PostgreSQL')
    """
    if url.startswith(SQLITE):
        return "SQLite"
    if url.startswith(POSTGRESQL):
        return "PostgreSQL"
    raise LessonError(f"{url!r} is no database: expected postgresql://user:password@host/name")


def connect(url: str) -> Connection:
    """A connection that blocks: sqlite3, or psycopg.

    Raises LessonError when the driver is not installed, and the driver's own error when there is
    no such database.
    """
    if kind_of(url) == "SQLite":
        from asyncweb.lab.database.sqlite import BlockingSqlite

        return BlockingSqlite(url.removeprefix(SQLITE))
    from asyncweb.lab.database.postgresql import BlockingPostgresql

    return BlockingPostgresql(url)


async def connect_async(url: str) -> AsyncConnection:
    """A connection that is awaited: aiosqlite, or asyncpg. Errors are as with `connect`."""
    if kind_of(url) == "SQLite":
        from asyncweb.lab.database.sqlite import AwaitedSqlite

        return await AwaitedSqlite.open(url.removeprefix(SQLITE))
    from asyncweb.lab.database.postgresql import AwaitedPostgresql

    return await AwaitedPostgresql.open(url)


def driver(name: str) -> Any:
    """The library `name`. Raises LessonError, with the way out, when it is not installed.

    >>> driver("no_such_driver")
    Traceback (most recent call last):
    asyncweb.errors.LessonError: no_such_driver is not installed here; run: pip install ...
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise LessonError(
            f'{name} is not installed here; run: pip install "asyncweb[database]"'
        ) from None
