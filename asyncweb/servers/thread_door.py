"""The thread at the door: it lets clients in, and watches over all who have no thread just now.

Rule: it reads what has come, if need be, but never runs a handler, and never waits for one client
alone.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from selectors import EVENT_READ
from typing import TYPE_CHECKING, TypeAlias

from asyncweb.servers.address import client_address
from asyncweb.servers.listener import NO_FILES, NO_FILES_PAUSE_S
from asyncweb.servers.poller import new_poller
from asyncweb.servers.sweep import Sweep
from asyncweb.servers.thread_client import Client
from asyncweb.servers.thread_heart import Heart
from asyncweb.servers.thread_stream import ThreadStream

if TYPE_CHECKING:
    from asyncweb.servers.threads import ThreadEngine

Parked: TypeAlias = Client | ThreadStream
AT_ONCE = 64  # who are let in before the others get a turn


class Door:
    """Accepts from the listener, and wakes parked clients when what they wait for has come."""

    def __init__(self, engine: ThreadEngine, listener: socket.socket, name: str):
        self._engine = engine
        self._listener = listener
        self._listener.setblocking(False)
        self._poller = new_poller()
        self.streams: set[ThreadStream | Heart] = set()  # of those who have a thread; looked at
        self._closing = self._stopping = False
        self._closed = threading.Event()
        self._opens_at: float | None = None  # after a failed accept
        self._sweep = Sweep(lambda: self.parked)
        self._sweep_of_streams = Sweep(lambda: tuple(self.streams))
        self._thread = threading.Thread(target=self._watch, name=name, daemon=True)

    def open(self) -> None:
        """Starts the thread; somebody may have knocked already."""
        self._thread.start()

    def park(self, client: Parked, event: int) -> None:
        """Wakes `client` when `event` has come; called from any thread."""
        try:
            self._poller.watch(client, event)
        except (OSError, ValueError):  # there is no room for it, or the door is shut for good
            client.leave()

    def close(self) -> None:
        """Lets in who has already knocked, then nobody any more."""
        self._closing = True
        self._poller.wake()
        self._closed.wait()

    def stop(self) -> None:
        """Ends the thread; who is still parked is let go."""
        self._stopping = True
        self._poller.wake()
        self._thread.join()

    # ------------------------------------------------------------------ in the thread

    def _watch(self) -> None:
        try:
            with contextlib.closing(self._poller), self._listener:
                self._poller.watch(self._listener, EVENT_READ)
                while not self._stopping:
                    self._tell_news()
                    self._open_or_close()
                    self._look_at_some()
        except Exception as error:  # ours: nobody comes in any more, but a stop still returns
            self._engine.failed("the door", error)
        finally:
            self._closed.set()
            for client in self.parked:  # now that the poller is closed, nobody joins them
                client.leave()

    def _tell_news(self) -> None:
        now = time.monotonic()
        pause_s = min(self._sweep.due_in_s(now), self._sweep_of_streams.due_in_s(now))
        if self._opens_at is not None:
            pause_s = min(pause_s, NO_FILES_PAUSE_S)
        for watched in self._poller.wait(pause_s):
            if watched is self._listener:
                self._accept_some()
            else:
                self._wake(watched)

    def _wake(self, client: Parked) -> None:
        """What it waited for has come. An error of ours ends this client, and never this thread."""
        try:
            client.settle()
            self._engine.go_on(client)
        except Exception as error:
            self._engine.failed("a client at the door", error)
            client.leave()

    @property
    def room(self) -> int:
        """For how many clients it can watch at once; the listener is one more."""
        return self._poller.room - 1

    @property
    def parked(self) -> list[Parked]:
        """Those who have no thread now."""
        return [client for client in self._poller.watched() if client is not self._listener]

    def _look_at_some(self) -> None:
        """Checks the patience with a few of the parked, and looks at a few streams."""
        now = time.monotonic()
        for client in self._sweep.due(now):
            if self._poller.watches(client) and client.settle():
                self._poller.forget(client)
                self._wake(client)
        for stream in self._sweep_of_streams.due(now):
            if stream in self.streams:
                self._look_at(stream, now)

    def _look_at(self, stream: ThreadStream | Heart, now: float) -> None:
        try:
            stream.look(now)
        except Exception as error:
            self._engine.failed("a look at a stream", error)
            stream.abort()

    # ------------------------------------------------------------------ the listener

    def _accept_all(self) -> None:
        while self._accept():
            pass

    def _accept_some(self) -> None:
        """Lets in those who have knocked; a crowd of them only a part at a time."""
        for _ in range(AT_ONCE):
            if not self._accept():
                return
        self._poller.watch(self._listener, EVENT_READ)

    def _accept(self) -> bool:
        """Whether one was let in; if not, this waits for the next one, or for room."""
        try:
            sock, address = self._listener.accept()
        except OSError as error:
            if error.errno in NO_FILES:
                self._opens_at = time.monotonic() + NO_FILES_PAUSE_S
            else:
                self._poller.watch(self._listener, EVENT_READ)
            return False
        self._let_in(sock, client_address(address))
        return True

    def _let_in(self, sock: socket.socket, address: tuple[str, int]) -> None:
        client = None
        try:
            client = Client(self._engine, sock, address)
            self._engine.welcome(client)
        except Exception as error:  # those who knock after this client are not to wait for ever
            sock.close() if client is None else client.leave()
            if not isinstance(error, OSError | MemoryError):  # gone already, or too much for us
                self._engine.failed("a client at the door", error)

    def _open_or_close(self) -> None:
        is_open = not self._closed.is_set()
        if is_open and self._opens_at is not None and time.monotonic() >= self._opens_at:
            self._opens_at = None
            self._accept_all()
        if is_open and self._closing:
            self._poller.forget(self._listener)
            self._accept_all()
            self._poller.forget(self._listener)
            self._opens_at = None
            self._listener.close()
            self._closed.set()
