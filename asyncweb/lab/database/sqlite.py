"""SQLite both ways: sqlite3, which blocks, and aiosqlite, which gives it a thread to block.

Rule: both take the same SQL as PostgreSQL does; SQLite is lent the one function that it lacks.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any, Self

from asyncweb.lab.database.drivers import driver
from asyncweb.lab.database.users import Row


class BlockingSqlite:
    """The file is read on the thread that calls."""

    def __init__(self, path: str):
        # It goes from thread to thread, but a Pool lends it to one at a time.
        self._sqlite = sqlite3.connect(path, check_same_thread=False)
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

    @classmethod
    async def open(cls, path: str) -> Self:
        """A connection, and its thread."""
        sqlite = await driver("aiosqlite").connect(path)
        await sqlite.create_function("pg_sleep", 1, time.sleep)
        return cls(sqlite)

    async def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""
        return list(await self._sqlite.execute_fetchall(sql))

    async def close(self) -> None:
        """Closes the file and ends the thread."""
        await self._sqlite.close()
