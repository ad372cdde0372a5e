"""Signs of life in a stream, while its client's own thread waits for the source.

Rule: a heartbeat is sent by the thread at the door, between two pieces and never into one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from asyncweb.connection import Connection
from asyncweb.events import HEARTBEAT
from asyncweb.servers.silence import Silence, silence_of

if TYPE_CHECKING:
    from asyncweb.servers.thread_door import Door


class Heart:
    """One stream's source, and what is sent while it is silent."""

    def __init__(self, silence: Silence | None, beat: bytes, sock: Any):
        self._silence = silence
        self._beat = beat
        self._socket = sock
        self._drawn = 0  # pieces
        self._owed = b""  # the rest of a heartbeat
        self._sending = threading.Lock()  # free only while the source is waited for
        self._sending.acquire()

    def draw(self, source: Callable[[], Any]) -> Any:
        """What `source()` gives, as long as that may take."""
        self._sending.release()
        try:
            return source()
        finally:
            self._sending.acquire()
            self._drawn += 1

    def take_owed(self) -> bytes:
        """What has to be sent before the next piece."""
        owed, self._owed = self._owed, b""
        return owed

    def look(self, now: float) -> None:
        """Called about once a second."""
        if not self._sending.acquire(blocking=False):
            return
        try:
            if self._owed or (
                self._silence is not None and self._silence.is_long(self._drawn, now)
            ):
                self._owed = self._sent_of(self._owed or self._beat)
        finally:
            self._sending.release()

    def abort(self) -> None:
        """Beats no more; the stream goes on."""
        self._silence = None

    def _sent_of(self, data: bytes) -> bytes:
        """What is left of `data` after as much as the client takes at once."""
        try:
            return data[self._socket.send(memoryview(data)) :]
        except OSError:  # it takes nothing now, or has gone: its own thread will notice
            return data


@contextmanager
def beating(door: Door, connection: Connection, body: Any, sock: Any) -> Iterator[Heart]:
    """A heart for the stream of `body`, which beats if `body` asks for it."""
    silence = silence_of(body, connection.wants_body)
    sent = connection.streamed_bytes
    heart = Heart(silence, b"" if silence is None else connection.piece(HEARTBEAT), sock)
    connection.streamed_bytes = sent  # it is only spelled here
    if silence is not None:
        door.streams.add(heart)
    try:
        yield heart
    finally:
        door.streams.discard(heart)
