"""Servers of others that host an App, in this process, in the place of ours.

Rule: what a test asks of a server it asks of a host in the same words; what a host cannot do is
excused by the test's name and a reason.
"""

from __future__ import annotations

import logging
import socket
import threading
from typing import Any

import uvicorn
from cheroot import wsgi

from asyncweb import App
from asyncweb.http.limits import Limits
from asyncweb.servers.observer import Failure
from tests.conftest import PATIENCE_S, eventually


class Host:
    """A started host of one App. `errors` is what the log was told, as Failures."""

    def __init__(self, app: App, limits: Limits | None = None):
        if limits is not None:
            app.limits = limits
        self._log = _Log()
        self.errors = self._log.failures
        logging.getLogger("asyncweb").addHandler(self._log)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(app)

    def _start(self, app: App) -> None:
        raise NotImplementedError

    def stats(self) -> dict[str, int]:
        in_flight, connections = self._busy()
        return {"in_flight": in_flight, "connections": connections}

    def stop(self) -> None:
        self._stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        logging.getLogger("asyncweb").removeHandler(self._log)
        self._listener.close()

    def _run(self, target: Any, *args: Any) -> None:
        self._thread = threading.Thread(target=target, args=args, daemon=True)
        self._thread.start()


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.failures: list[Failure] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.failures.append(Failure.of(record.getMessage(), record.exc_info[1]))


class Uvicorn(Host):
    """Our App as ASGI."""

    def _start(self, app: App) -> None:
        config = uvicorn.Config(
            app, log_config=None, lifespan="on", ws="websockets-sansio", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._run(self._server.run, [self._listener])
        eventually(lambda: self._server.started or not self._thread.is_alive())

    def _busy(self) -> tuple[int, int]:
        state = self._server.server_state
        return len(state.tasks), len(state.connections)

    def _stop(self) -> None:
        self._server.should_exit = True


class Cheroot(Host):
    """Our App as WSGI."""

    def _start(self, app: App) -> None:
        self._server = wsgi.Server(("127.0.0.1", self.port), app, numthreads=4)
        self._server.expiration_interval = 0.01  # how often it looks whether it shall end
        self._listener.close()
        self._server.prepare()
        self._run(self._server.serve)

    def _busy(self) -> tuple[int, int]:
        busy = len(self._server.requests._threads) - self._server.requests.idle
        return busy, busy

    def _stop(self) -> None:
        self._server.stop()


def start_host(kind: str, app: App, **settings: Any) -> Any:
    """A started host, in the place of a Server."""
    return {"asgi": Uvicorn, "wsgi": Cheroot}[kind](app, **settings)
