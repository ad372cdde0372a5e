"""A server in a process of its own: the same server, with its own GIL and its own memory.

Rule: the two sides speak in question and answer; a question left without one is an error, never
a wait without end.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from asyncweb.errors import ServerError
from asyncweb.servers.aio import AsyncServer
from asyncweb.servers.child import Child, Pipe
from asyncweb.servers.observer import Failure
from asyncweb.servers.threads import ThreadServer

if TYPE_CHECKING:
    from asyncweb.servers.base import Server

START_TIMEOUT_S = 30.0
ANSWER_TIMEOUT_S = 10.0
_KINDS: dict[str, type[Server]] = {kind.engine: kind for kind in (AsyncServer, ThreadServer)}


class ServerProcess:
    """The parent's side: starts the process, asks it, stops it."""

    def __init__(self, server: Server, port: int):
        self._asking = threading.Lock()
        self._app = server.app
        self._child = Child("asyncweb.servers.process:main")
        try:
            made_of = (server.engine, server.app, {**server.settings(), "port": port})
            self.port: int = self._ask((*made_of, server.observer), START_TIMEOUT_S)
        except BaseException:
            self._child.stop()
            raise
        self.pid = self._child.pid
        self._unwatch = server.app.watch(self._app_changed)

    def stop(self, drain_s: float) -> None:
        """Lets the process drain and end."""
        self._unwatch()
        with contextlib.suppress(ServerError, TimeoutError):
            self._ask(("stop", drain_s), drain_s + ANSWER_TIMEOUT_S)
        self._child.stop()

    def stats(self) -> dict[str, Any]:
        """What the observer counted over there."""
        counted: dict[str, Any] = self._ask(("stats",))
        return counted

    def errors(self) -> list[Failure]:
        """The last failures over there."""
        failures: list[Failure] = self._ask(("errors",))
        return failures

    def _app_changed(self) -> None:
        self._ask(("adopt", self._app))

    def _ask(self, question: Any, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        with self._asking:
            try:
                self._child.send(question)
            except (TypeError, AttributeError, ValueError, RecursionError) as error:
                raise ServerError(
                    f"the app cannot be sent to another process: {error}. Handlers there may use "
                    "modules, functions and plain data, but no open sockets, locks or servers"
                ) from error
            except Exception as error:
                if isinstance(error, ServerError):
                    raise
                raise ServerError(f"the app cannot be sent to another process: {error}") from error
            answer = self._child.receive(timeout_s)
        if isinstance(answer, BaseException):
            raise answer
        return answer


def main(pipe: Pipe) -> None:
    """The child's side: starts the server it is told to, then answers until the pipe closes."""
    engine, app, settings, observer = pipe.receive()
    try:
        server = _KINDS[engine](app, observer=observer, **settings).start()
    except BaseException as error:
        pipe.send(error)
        return
    pipe.send(server.port)
    with contextlib.suppress(EOFError, OSError):
        while server.is_running:
            pipe.send(_answer(server, *pipe.receive()))
    server.stop(drain_s=0)


def _answer(server: Server, question: str, *args: Any) -> Any:
    match question:
        case "stats":
            return server.stats()
        case "errors":
            return server.errors
        case "adopt":
            return server.app.adopt(*args)
        case "stop":
            return server.stop(*args)
    return ServerError(f"unknown question {question!r}")
