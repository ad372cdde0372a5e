"""What a server says of its handlers' failures while it runs in the foreground.

Rule: each failure is told once, and telling never ends the serving.
"""

from __future__ import annotations

import contextlib
import time
from typing import TextIO

from asyncweb.errors import ServerError
from asyncweb.servers.base import Server
from asyncweb.servers.observer import Failure

LOOK_S = 0.5


def tell_failures(server: Server, stream: TextIO) -> None:
    """Writes each failure of a handler to `stream` until the server is stopped."""
    told: list[Failure] = []
    while server.is_running:
        with contextlib.suppress(ServerError):  # a worker that is just being replaced
            failures = server.errors
            for failure in (one for one in failures if one not in told):
                print(f"{failure.request}\n{failure.traceback}", file=stream, flush=True)
            told = failures
        time.sleep(LOOK_S)
