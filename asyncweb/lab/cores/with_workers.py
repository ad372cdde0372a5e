"""One of our servers with a number of worker processes, as a `with` block.

Rule: what the block has started is gone when it ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from asyncweb.servers.base import Server


@contextlib.contextmanager
def with_workers(server: Server, number: int) -> Iterator[Server]:
    """A server like `server`, on a port of its own, served by `number` processes.

    >>> from asyncweb import AsyncServer
    >>> from asyncweb.lab.cores.app import app
    >>> with with_workers(AsyncServer(app), 2) as server:
    ...     server.stats()["workers"]
    2
    """
    twin = server.twin().start(workers=number)
    try:
        yield twin
    finally:
        twin.stop()
