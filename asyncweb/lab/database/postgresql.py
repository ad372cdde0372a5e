"""PostgreSQL both ways: psycopg, which blocks, and asyncpg, which speaks to it from the loop.

Rule: each query is a transaction of its own, so that none leaves anything behind for the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from asyncweb.lab.database.drivers import driver
from asyncweb.lab.database.users import Row


class BlockingPostgresql:
    """The thread that calls waits for the server's answer."""

    def __init__(self, url: str):
        self._postgres: Any = driver("psycopg").connect(url, autocommit=True)

    def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""
        rows: list[Row] = self._postgres.execute(sql).fetchall()
        return rows

    def close(self) -> None:
        """Says goodbye to the server."""
        self._postgres.close()


class AwaitedPostgresql:
    """The loop hears when the server's answer is there."""

    def __init__(self, postgres: Any):
        self._postgres = postgres  # asyncpg.Connection

    @classmethod
    async def open(cls, url: str) -> Self:
        """A connection; no thread is needed for it."""
        return cls(await driver("asyncpg").connect(url))

    async def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects."""
        return [tuple(record) for record in await self._postgres.fetch(sql)]

    def when_free(self, then: Callable[[], None]) -> None:
        """Calls `then` at once: a query whose asker is cancelled is cancelled by asyncpg."""
        then()

    async def close(self) -> None:
        """Says goodbye to the server."""
        await self._postgres.close()
