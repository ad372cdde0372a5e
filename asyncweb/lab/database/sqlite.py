"""SQLite both ways: sqlite3, which blocks, and aiosqlite, which gives it a thread to block.

Rule: both take the same SQL as PostgreSQL does; SQLite is lent the one function that it lacks. Each
query is a transaction of its own there too.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from typing import Any, Self

from asyncweb.lab.database.drivers import driver
from asyncweb.lab.database.users import Row


class BlockingSqlite:
    """The file is read on the thread that calls."""

    def __init__(self, path: str):
        # It goes from thread to thread, but a Pool lends it to one at a time. With an isolation
        # level, a write would wait for a commit, and keep all others out until then.
        self._sqlite = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._sqlite.create_function("pg_sleep", 1, time.sleep)

    def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""
        return self._sqlite.execute(sql).fetchall()

    def close(self) -> None:
        """Closes the file."""
        self._sqlite.close()


class AwaitedSqlite:
    """The file is read on a thread of the connection's own, one query after the other."""

    def __init__(self, sqlite: Any):
        self._sqlite = sqlite  # aiosqlite.Connection
        self._asked: asyncio.Future[Any] | None = None  # the last query

    @classmethod
    async def open(cls, path: str) -> Self:
        """A connection, and its thread."""
        sqlite = await driver("aiosqlite").connect(path, isolation_level=None)
        await sqlite.create_function("pg_sleep", 1, time.sleep)
        return cls(sqlite)

    async def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""
        self._asked = asyncio.ensure_future(self._sqlite.execute_fetchall(sql))
        return list(await asyncio.shield(self._asked))

    def when_free(self, then: Callable[[], None]) -> None:
        """Calls `then` when the thread has done its last query: nothing can cancel that."""
        if self._asked is None or self._asked.done():
            then()
        else:
            self._asked.add_done_callback(lambda _: then())

    async def close(self) -> None:
        """Closes the file and ends the thread."""
        await self._sqlite.close()
