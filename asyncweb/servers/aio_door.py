"""Where clients of the event-loop server come in.

Rule: a few clients per turn of the loop, so that of several processes that share the listener
each takes as many as it has time for; and at the end all who had knocked. With one per turn, a
loop that is busy with other clients would keep those who knock waiting for half a minute.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from functools import partial

from asyncweb.servers.listener import NO_FILES, NO_FILES_PAUSE_S

AT_ONCE = 16  # clients let in per turn


class Door:
    """Accepts from `listener`, and gives each client's transport to a protocol of its own.

    Without a listener only those come in who are brought to `let_in`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listener: socket.socket | None,
        client: Callable[[], asyncio.BaseProtocol],
        failed: Callable[[str, BaseException], None],
    ):
        self._loop = loop
        self._listener = listener
        self._client = client
        self._failed = failed
        self._arriving: set[asyncio.Task[object]] = set()
        self._watched: asyncio.Server | None = None  # by the loop itself
        self._pause: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Begins to let clients in."""
        if self._listener is None:
            return
        self._listener.setblocking(False)
        try:
            self._watch(self._listener)
        except NotImplementedError:  # Windows' loop with completion ports has its own way
            self._watched = await self._loop.create_server(self._client, sock=self._listener)

    async def close(self) -> None:
        """Lets in who has knocked; returns when all of them have their protocol."""
        if self._watched is not None:
            self._watched.close()
            return
        if self._listener is not None:
            self._shut(self._listener)
        while self._arriving:
            await asyncio.wait(self._arriving)

    def _watch(self, listener: socket.socket) -> None:
        self._pause = None
        self._loop.add_reader(listener, self._accept_some, listener)

    def _shut(self, listener: socket.socket) -> None:
        if listener.fileno() >= 0:  # else it was closed while a handler held the loop
            self._loop.remove_reader(listener)
        while self._accept(listener):
            pass
        if self._pause is not None:
            self._pause.cancel()
        listener.close()

    def _accept_some(self, listener: socket.socket) -> None:
        for _ in range(AT_ONCE):
            if not self._accept(listener):
                return

    def _accept(self, listener: socket.socket) -> bool:
        """Whether one was let in. Another process may have been faster: that is no news."""
        try:
            sock, _ = listener.accept()
        except OSError as error:
            if error.errno in NO_FILES and self._pause is None:
                self._loop.remove_reader(listener)
                self._pause = self._loop.call_later(NO_FILES_PAUSE_S, self._watch, listener)
            return False
        self.let_in(sock)
        return True

    def let_in(self, sock: socket.socket) -> None:
        """Serves the client at the other end of `sock`. Called on the loop."""
        sock.setblocking(False)
        arriving = self._loop.create_task(self._loop.connect_accepted_socket(self._client, sock))
        self._arriving.add(arriving)
        arriving.add_done_callback(partial(self._arrived, sock))

    def _arrived(self, sock: socket.socket, task: asyncio.Task[object]) -> None:
        self._arriving.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        sock.close()
        if not isinstance(error, OSError | MemoryError):  # gone already, or too much for us
            self._failed("a client at the door", error)
