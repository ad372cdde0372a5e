"""A server for tests, which does to each client exactly what its script says.

Rule: the system chooses its port, and at the end of its block no thread and no socket is left.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

from asyncweb.instruments.scripted_end import PATIENCE_S, ScriptedEnd


class ScriptedPeer:
    """Runs `script(end)` for each client that connects, in a thread of its own, then closes it.

    `errors` is what scripts raised; a client that has gone, or the end of the block, is no error.

    >>> peer = ScriptedPeer(print)  # or, without a block:
    >>> peer.close()

    A client that waits for more than comes:

    >>> def half_an_answer(end):
    ...     end.read_until(b"\\r\\n\\r\\n")
    ...     end.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhalf").stall()
    >>> from asyncweb.instruments import ScriptedClient
    >>> with ScriptedPeer(half_an_answer) as peer, ScriptedClient(peer.url) as client:
    ...     _ = client.send(b"GET / HTTP/1.1\\r\\n\\r\\n").read_until(b"\\r\\n\\r\\n")
    ...     client.read(4), peer.came, peer.errors
    (b'half', 1, [])
    """

    def __init__(self, script: Callable[[ScriptedEnd], Any]):
        self.came = 0  # how many clients have connected
        self.errors: list[Exception] = []
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._is_over = False
        self._ends: list[ScriptedEnd] = []
        self._threads = [self._start(self._accept)]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Ends every script and every connection."""
        self._is_over = True
        with contextlib.suppress(OSError):  # wakes who accepts; a Mac does not know it
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            end.end()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _accept(self) -> None:
        while not self._is_over:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.came += 1
            end = ScriptedEnd(connection)
            self._ends.append(end)
            self._threads.append(self._start(self._play, end))

    def _play(self, end: ScriptedEnd) -> None:
        with end:
            try:
                self._script(end)
            except ConnectionError:
                pass  # the client has gone
            except Exception as error:
                if not self._is_over:
                    self.errors.append(error)

    def _start(self, target: Callable[..., None], *args: Any) -> threading.Thread:
        name = "asyncweb-scripted-peer"
        thread = threading.Thread(target=target, args=args, name=name, daemon=True)
        thread.start()
        return thread

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
