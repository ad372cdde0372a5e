"""One of our servers with a number of worker processes, as a `with` block.

Rule: what the block has started is gone when it ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from asyncweb.servers.base import Server


@contextlib.contextmanager
def several(server: Server, workers: int) -> Iterator[Server]:
    """A server like `server`, on a port of its own, served by so many processes.

    >>> from asyncweb import AsyncServer
    >>> from asyncweb.lab.cores.app import app
    >>> with several(AsyncServer(app), workers=2) as server:
    ...     server.stats()["workers"]
    2
    """
    twin = server.twin().start(workers=workers)
    try:
        yield twin
    finally:
        twin.stop()
