"""A pool for threads: a few connections, lent to one thread at a time.

Rule: there are as many tickets as connections. Whoever has no ticket waits, and its thread with it.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator
from typing import Any

from asyncweb.lab.database.drivers import Connection, connect
from asyncweb.lab.database.ledger import Ledger, checked_size
from asyncweb.lab.database.users import Row


class Pool:
    """At most `size` connections to the database at `url`, opened when they are first needed.

    To another process it goes empty. AsyncPool is its twin for an event loop.

    >>> from asyncweb.lab.database.place import UserDatabase
    >>> with UserDatabase() as database:
    ...     pool = Pool(database.url, size=2)
    ...     pool.fetch("SELECT name FROM users WHERE id = 1")
    ...     with pool.lent() as connection:
    ...         connection.fetch("SELECT count(*) FROM users")
    ...     pool.close()
    [('Ada Byron',)]
    [(50,)]
    >>> pool.ledger.connections
    1
    """

    def __init__(self, url: str, size: int):
        self.url, self.size, self.ledger = url, checked_size(size), Ledger()
        # A ticket is a connection, or None where none was opened yet. The last returned is the
        # first lent: with few clients, few are opened.
        self._tickets: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        for _ in range(size):
            self._tickets.put(None)

    def fetch(self, sql: str) -> list[Row]:
        """The rows that `sql` selects. Waits until a connection is free."""
        with self.lent() as connection:
            return connection.fetch(sql)

    @contextlib.contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection, until the block ends. Waits until one is free."""
        asked_at = time.perf_counter()
        ticket = self._tickets.get()
        self.ledger.waited(time.perf_counter() - asked_at)
        try:
            if ticket is None:
                ticket = connect(self.url)
                self.ledger.opened()
            yield ticket
        except Exception:  # nobody knows in which state it is now
            if ticket is not None:
                ticket.close()
            ticket = None
            raise
        finally:
            self._tickets.put(ticket)

    def close(self) -> None:
        """Closes those that are not lent now. Whoever asks later opens anew."""
        tickets = []
        with contextlib.suppress(queue.Empty):
            while True:
                tickets.append(self._tickets.get_nowait())
        for ticket in tickets:
            if ticket is not None:
                ticket.close()
            self._tickets.put(None)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.url, self.size)
