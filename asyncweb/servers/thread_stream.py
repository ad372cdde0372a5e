"""A connection of the thread server that a handler has taken over.

Rule: who reads waits in its own thread. What a client does not take at once is sent on by the
thread at the door, so that who only has something to tell a client need not wait for it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING

from asyncweb.errors import ClientGone
from asyncweb.http.bytestream import Home, Watcher
from asyncweb.servers.patience import Patience
from asyncweb.servers.thread_peer import Peer
from asyncweb.servers.waiting import LONGEST_S, wait_for

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

RECEIVE_BYTES = 64 * 1024


class ThreadStream:
    """The ByteStream of a thread. Parked at the door, it sends on what waits."""

    def __init__(self, engine: ThreadEngine, client: Peer, received: bytes):
        self.watcher: Watcher | None = None
        self.lock = threading.RLock()
        self._made = time.perf_counter()
        self._engine, self._client, self._socket = engine, client, client._socket
        self._received = received
        self._unsent = bytearray()
        self._sent = threading.Condition(self.lock)
        self.is_read = False  # by some thread
        self._ended = False  # the client says no more, or shall not
        self._closed = False  # we say no more
        self._gone = False  # what is unsent will never be sent
        self._parked = False  # the door sends on
        self._patience = Patience()
        self._since = time.monotonic()  # when the door's wait began
        self._engine.door.streams.add(self)

    # ------------------------------------------------------------------ ByteStream, for the handler

    async def read(self) -> bytes:
        """The next bytes; b"" at the end."""
        if self.is_read:
            raise RuntimeError("two threads read one connection; let one of them read and share it")
        self.is_read = True
        try:
            while (data := self.read_now()) is None:
                wait_for(self._socket, EVENT_READ, LONGEST_S)
            return data
        finally:
            self.is_read = False

    def read_now(self) -> bytes | None:
        """What has come; b"" at the end; None when something may still come."""
        with self.lock:
            data, self._received = self._received, b""
            if data or self._ended:
                return data
            try:
                data = self._socket.recv(RECEIVE_BYTES)
            except BlockingIOError:
                return None
            except OSError:
                self._lose()
            self._ended = not data
            return data

    async def write(self, data: bytes) -> None:
        """Sends `data`; waits while the client is slow."""
        await self.room()
        self.put(data)

    async def room(self) -> None:
        """Waits until there is room."""
        with self._sent:
            self._sent.wait_for(lambda: not self._unsent or self.closed)
            if self.closed:
                raise ClientGone("the client has left, or the connection was closed")

    def put(self, data: bytes) -> None:
        """Sends `data`; what the client does not take at once, the door sends on."""
        with self.lock:
            if self.closed or not data:
                return
            if not self._unsent:
                data = data[self._send(data) :]
            if self._gone or not data:
                return
            self._unsent += data
            if not self._parked:
                self._parked, self._since = True, time.monotonic()
                self._engine.door.park(self, EVENT_WRITE)

    @property
    def home(self) -> Home:
        """The engine."""
        return self._engine

    @property
    def has_room(self) -> bool:
        """Whether the client has taken all that was put."""
        return not self._unsent

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._closed or self._gone

    def close(self) -> None:
        """Ends the connection when all is sent that was written."""
        with self._sent:
            self._closed = self._ended = True
            self._received = b""
            self._shut(socket.SHUT_RD)  # which wakes who reads
            if not self._unsent:
                self._shut(socket.SHUT_WR)
            self._sent.notify_all()

    def abort(self) -> None:
        """Drops the client at once, with a reset."""
        self._client.abort()
        self._lose()

    # ------------------------------------------------------------------ for the door

    def fileno(self) -> int:
        """The socket's descriptor, for a selector."""
        return self._socket.fileno()

    def turn(self) -> int | None:
        """Sends on; says what it waits for then, if for anything."""
        with self._sent:
            self._since = time.monotonic()
            if self._unsent:
                del self._unsent[: self._send(self._unsent)]
            if not self._unsent and self.watcher is not None and not self.closed:
                self.watcher.flush()
            if self._unsent:
                return EVENT_WRITE
            if self._closed:
                self._shut(socket.SHUT_WR)
            self._parked = False
            self._patience.spend(None, 0.0)
            self._sent.notify_all()
            return None

    def settle(self) -> bool:
        """Counts the wait up to now; whether it has used up the patience with the client."""
        now = time.monotonic()
        spent_s = self._patience.spend("reader", now - self._since)
        self._since = now
        if spent_s < self._engine.limits.write_s:
            return False
        self.abort()
        return True

    def leave(self) -> None:
        """The door is shut for good."""
        with self._sent:
            self._lose()
            self._parked = False

    def look(self, now: float) -> None:
        """Called about once a second."""
        watcher = self.watcher
        if watcher is not None:
            watcher.look(now)

    # ------------------------------------------------------------------ for the client

    def since(self, began: float) -> float:
        """When it would have begun, did it end now: what counts is the time up to the take-over."""
        return began + time.perf_counter() - self._made

    def end(self, recent_s: float) -> None:
        """The server stops: the conversation is to come to its end.

        A young one is given `recent_s` seconds in which its handler may set a watcher, who knows
        how to say goodbye.
        """
        watcher = self.watcher
        if watcher is not None:
            watcher.leave()
        elif not self._ended and time.perf_counter() - self._made >= recent_s:
            self._ended = True
            self._shut(socket.SHUT_RD)

    def returned(self) -> None:
        """The handler is at its end: returns when all is sent, or never will be."""
        self.watcher = None
        self._engine.door.streams.discard(self)
        with self._sent:
            self._sent.wait_for(lambda: not self._parked)

    # ------------------------------------------------------------------ the socket

    def _send(self, data: bytes | bytearray) -> int:
        try:
            sent = self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self._lose()
            return 0
        self._patience.earn(sent / self._engine.limits.write_bytes_per_s)
        return sent

    def _lose(self) -> None:
        with self._sent:
            self._gone = True
            self._unsent.clear()
            self._sent.notify_all()

    def _shut(self, how: int) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(how)
