"""The engines as a test has them: without an address, and with every error in hand.

Rule: nothing else differs from what serves the app for real.
"""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar, cast

from asyncweb.app import App
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request
from asyncweb.loopless import as_needs_event_loop
from asyncweb.servers.aio import AsyncServer, EventLoopEngine
from asyncweb.servers.base import Server
from asyncweb.servers.running import Running
from asyncweb.servers.threads import ThreadEngine, ThreadServer
from asyncweb.testing.pair import PairListener, new_pair

DRAIN_S = 1.0
S = TypeVar("S", bound=Server)


class Rehearsal:
    """An engine that serves `app` to whoever connects; `raised` has what no handler took."""

    def __init__(self, app: App | Callable[..., Any], engine: str, limits: Limits | None):
        self.raised: deque[BaseException] = deque()
        self._bring: Callable[[socket.socket], None]
        self._running = self._launched(app, engine, limits)

    def _launched(self, app: Any, engine: str, limits: Limits | None) -> Running:
        raised = self.raised

        class Loop(EventLoopEngine):
            def failed(self, request: Request | str, error: BaseException) -> None:
                raised.append(error)
                super().failed(request, error)

            def bring(self, sock: socket.socket) -> None:
                self.loop.call_soon_threadsafe(self.door.let_in, sock)

        class Threads(ThreadEngine):
            def failed(self, request: Request | str, error: BaseException) -> None:
                error = as_needs_event_loop(error)
                raised.append(error)
                super().failed(request, error)

        if engine == "async":
            loop = Loop(_settings(AsyncServer, app, limits), listener=None)
            self._bring = loop.bring
            return loop
        listener = PairListener()
        self._bring = listener.bring
        try:
            return Threads(_settings(ThreadServer, app, limits), cast(socket.socket, listener))
        except BaseException:
            listener.close()
            raise

    def connect(self) -> socket.socket:
        """A connection of a new client."""
        ours, theirs = new_pair()
        self._bring(theirs)
        return ours

    def stop(self) -> None:
        """Ends it, after the shutdown hooks."""
        self._running.stop(DRAIN_S)


def _settings(kind: type[S], app: Any, limits: Limits | None) -> S:
    return kind(app, name="test", limits=limits)
