"""A pool for an event loop: a few connections, lent to one task at a time.

Rule: there are as many tickets as connections. Whoever has no ticket waits, and nobody with it. A
task that is cancelled leaves at once; its ticket comes back when its query has ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from asyncweb.errors import LessonError
from asyncweb.lab.database.drivers import AsyncConnection, connect_async
from asyncweb.lab.database.ledger import Ledger, checked_size
from asyncweb.lab.database.users import Row

Tickets = asyncio.LifoQueue[AsyncConnection | None]


class AsyncPool:
    """At most `size` connections to the database at `url`, opened when they are first needed.

    They belong to the loop that first asked. To another process it goes empty. Pool is its twin
    for threads. Raises LessonError when a second loop asks.

    >>> from asyncweb.lab.database.place import UserDatabase
    >>> async def ask(pool):
    ...     names = await pool.fetch("SELECT name FROM users WHERE id = 1")
    ...     async with pool.lent() as connection:
    ...         count = await connection.fetch("SELECT count(*) FROM users")
    ...     await pool.close()
    ...     return names, count, pool.ledger.connections
    >>> with UserDatabase() as database:  # doctest: +SKIP
    ...     asyncio.run(ask(AsyncPool(database.url, size=2)))
    ([('Ada Byron',)], [(50,)], 1)
    """

    def __init__(self, url: str, size: int):
        self.url, self.size, self.ledger = url, checked_size(size), Ledger()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tickets: Tickets = asyncio.LifoQueue()
        self._ending: set[AsyncConnection] = set()  # of cancelled tasks, their query still runs

    async def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects. Waits until a connection is free."""
        async with self.lent() as connection:
            return await connection.fetch(sql)

    @contextlib.asynccontextmanager
    async def lent(self) -> AsyncIterator[AsyncConnection]:
        """A connection, until the block ends. Waits until one is free."""
        tickets = self._of_this_loop()
        asked_at = time.perf_counter()
        ticket = await tickets.get()
        self.ledger.waited(time.perf_counter() - asked_at)
        try:
            if ticket is None:
                ticket = await connect_async(self.url)
                self.ledger.opened()
            yield ticket
        except Exception:  # nobody knows in which state it is now
            if ticket is not None:
                await ticket.close()
            ticket = None
            raise
        finally:
            self._give_back(tickets, ticket)

    async def close(self) -> None:
        """Closes those that are not lent now, if they are this loop's. Whoever asks later opens."""
        if self._loop is None or self._loop is not _running_loop():
            return  # another server stops, one that shares the app
        tickets, self._loop = self._tickets, None
        while not tickets.empty():
            ticket = tickets.get_nowait()
            if ticket is not None:
                await ticket.close()
        for ending in list(self._ending):
            await ending.close()

    def _give_back(self, tickets: Tickets, ticket: AsyncConnection | None) -> None:
        if ticket is None:
            tickets.put_nowait(None)
            return

        def free() -> None:
            self._ending.discard(ticket)
            tickets.put_nowait(ticket)

        self._ending.add(ticket)
        ticket.when_free(free)

    def _of_this_loop(self) -> Tickets:
        loop = asyncio.get_running_loop()
        if self._loop is None or self._loop.is_closed():
            self._loop, self._tickets = loop, asyncio.LifoQueue()
            for _ in range(self.size):
                self._tickets.put_nowait(None)
        if self._loop is not loop:
            raise LessonError(
                "this pool serves another event loop; give each server an AsyncPool of its own"
            )
        return self._tickets

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.url, self.size)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that runs in this thread; None where there is none."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
