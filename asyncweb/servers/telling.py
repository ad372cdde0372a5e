"""What a server says of its handlers' failures while it runs in the foreground.

Rule: each failure is told once, those of the last moment too, and telling never ends the serving.
"""

from __future__ import annotations

import contextlib
import time
from typing import TextIO

from asyncweb.errors import ServerError
from asyncweb.servers.base import Server
from asyncweb.servers.observer import Failure

LOOK_S = 0.5


class Teller:
    """Writes each failure of the handlers of `server` to `stream`, once."""

    def __init__(self, server: Server, stream: TextIO):
        self._server = server
        self._stream = stream
        self._told: list[Failure] = []

    def tell_until_stopped(self) -> None:
        """Tells until the server is stopped or Ctrl-C is raised here, and then the last ones."""
        try:
            while self._server.is_running:
                self.tell()
                time.sleep(LOOK_S)
        finally:
            self.tell()

    def tell(self) -> None:
        """Tells what is new. After a stop: what failed while the server drained."""
        with contextlib.suppress(ServerError):  # a worker that is just being replaced
            failures = self._server.errors
            for failure in (one for one in failures if one not in self._told):
                print(f"{failure.request}\n{failure.traceback}", file=self._stream, flush=True)
                self._told.append(failure)  # at once: Ctrl-C may come before the next
            self._told = failures
