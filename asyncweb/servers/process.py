"""A server in a process of its own: the same server, with its own GIL and its own memory.

Rule: the two sides speak in question and answer; a question left without one is an error, never
a wait without end. What the app brings along goes in a letter: one that cannot be read over there
is an error here, and ends nothing. The process is told to stop, and its end is the answer.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import signal
import socket
import sys
import threading
import time
import traceback
from types import FrameType
from typing import TYPE_CHECKING, Any

import cloudpickle

from asyncweb.app import App
from asyncweb.errors import ServerError
from asyncweb.servers.aio import AsyncServer
from asyncweb.servers.base import DRAIN_S
from asyncweb.servers.child import Child, Pipe, packed
from asyncweb.servers.garbage import collect_rarely
from asyncweb.servers.listener import inherited, pack, port_of, unpack
from asyncweb.servers.observer import Failure, Observer
from asyncweb.servers.stuck import END_TIMEOUT_S
from asyncweb.servers.threads import ThreadServer
from asyncweb.servers.total import GROWING

if TYPE_CHECKING:
    from asyncweb.servers.base import Server
    from asyncweb.servers.running import Running

START_TIMEOUT_S = 30.0
ANSWER_TIMEOUT_S = 10.0
LAST = -1  # the number of what it tells unasked when it has stopped: its last failures
_KINDS: dict[str, type[Server]] = {kind.engine: kind for kind in (AsyncServer, ThreadServer)}


class Worker:
    """The parent's side of one process: starts it, asks it, stops it.

    It accepts from `listener`, which the parent keeps. `shared` says that others do so too.
    """

    def __init__(
        self, server: Server, listener: socket.socket, observer: Observer, shared: bool = False
    ):
        self.serving_since: float | None = None  # None: it has not started
        self.counted: dict[str, Any] = {}  # as far as it has told
        self.last_failures = list(observer.errors)  # until it tells its own, at its end
        self._asking = threading.Lock()
        self._numbers = itertools.count(1)
        self._ends_by = 0.0
        self._child = Child("asyncweb.servers.process:main", inherited(listener))
        self.pid = self._child.pid
        try:
            place = pack(listener, self.pid)
            order = server.engine, server.app, server.settings(), observer, place, shared
            self._child.send(_letter(*order))
        except BaseException:
            self._child.stop()
            raise

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._child.alive

    def await_start(self) -> None:
        """Returns when it serves; raises what went wrong over there, and leaves nothing then."""
        late = f"has not started within {START_TIMEOUT_S:g} s; its startup hooks take too long"
        try:
            with self._asking:
                self._answer_to(0, START_TIMEOUT_S, late)
        except BaseException:
            self._child.stop()
            raise
        self.serving_since = time.monotonic()

    def await_end(self) -> float:
        """Returns when the process has ended, with the seconds it served."""
        self._child.wait()
        return 0.0 if self.serving_since is None else time.monotonic() - self.serving_since

    @property
    def end(self) -> str:
        """How the process ended, in words."""
        return f"process {self.pid} has ended: {self._child.end}"

    def begin_stop(self, drain_s: float) -> None:
        """Tells the process to drain and end."""
        self._ends_by = time.monotonic() + drain_s + END_TIMEOUT_S
        with contextlib.suppress(ServerError):
            self._child.send((0, "stop", _letter(drain_s)))

    def end_stop(self) -> None:
        """Returns when it has ended; kills it when that takes too long."""
        self._child.stop(max(self._ends_by - time.monotonic(), 0))
        with self._asking, contextlib.suppress(ServerError):
            self.last_failures = self._answer_to(LAST, 0, "has left no last failures")

    def stop(self, drain_s: float) -> None:
        """Lets the process drain and end."""
        self.begin_stop(drain_s)
        self.end_stop()

    def counts(self) -> dict[str, Any]:
        """What the observer counted over there."""
        counts: dict[str, Any] = self._ask("counts")
        self.counted = {name: counts[name] for name in GROWING if name in counts}
        return counts

    def errors(self) -> list[Failure]:
        """The last failures over there."""
        failures: list[Failure] = self._ask("errors")
        return failures

    def adopt(self, app: App) -> None:
        """Serves from now on what `app` is now."""
        self._ask("adopt", app)

    def _ask(self, question: str, *args: Any) -> Any:
        late = f"said nothing for {ANSWER_TIMEOUT_S:g} s"
        with self._asking:
            number = next(self._numbers)
            self._child.send((number, question, _letter(*args)))
            return self._answer_to(number, ANSWER_TIMEOUT_S, late)

    def _answer_to(self, number: int, timeout_s: float, late: str) -> Any:
        """The answer; raises it when it is an error, and ServerError when it is `late`."""
        answered = None
        while answered != number:  # what comes too late answers a question that was given up
            try:
                answered, answer = self._child.receive(timeout_s)
            except TimeoutError:
                raise ServerError(f"process {self.pid} {late}") from None
        if isinstance(answer, BaseException):
            raise answer
        return answer


class ServerProcess(Worker):
    """One worker that has the listener for itself, and that nobody replaces."""

    def __init__(self, server: Server, listener: socket.socket):
        self.port = port_of(listener)
        super().__init__(server, listener, server.observer)
        self.await_start()
        listener.close()  # so that the port is free when the process ends
        self._observer = server.observer
        self._app = server.app
        self._unwatch = self._app.watch(self._app_changed)

    def stop(self, drain_s: float) -> None:
        """Lets the process drain and end; its last failures are the observer's then."""
        self._unwatch()
        super().stop(drain_s)
        self._observer.keep(self.last_failures)

    def _app_changed(self) -> None:
        try:
            self.adopt(self._app)
        except ServerError:
            if self.alive:  # else its end is told to who asks the server, not to who writes an app
                raise


def main(pipe: Pipe) -> None:
    """The process's side: serves, and answers until it is told to stop or the pipe closes."""
    try:
        order = pipe.receive()
    except EOFError:
        return  # the parent has found that its app cannot be sent
    try:
        running, app = _launched(*_read(order))
    except BaseException as error:
        pipe.send((0, _fit_to_travel(error)))
        return
    collect_rarely()
    drain_s = 0.0
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _exit)
        with contextlib.suppress(EOFError, OSError):
            pipe.send((0, None))
            drain_s = _answer_all(pipe, running, app)
    except SystemExit:
        drain_s = DRAIN_S
    running.stop(drain_s)
    with contextlib.suppress(OSError):  # nobody is left to be told
        pipe.send((LAST, running.errors()))


def _launched(
    engine: str,
    app: App,
    settings: dict[str, Any],
    observer: Observer,
    place: int | bytes,
    shared: bool,
) -> tuple[Running, App]:
    if shared and sys.platform == "win32":
        # Of all who hold a socket only one may wait for it with a completion port.
        os.environ["ASYNCWEB_LOOP"] = "selector"
    server = _KINDS[engine](app, observer=observer, **settings)
    server.is_one_of_many = shared
    return server._launch(unpack(place)), app


def _answer_all(pipe: Pipe, running: Running, app: App) -> float:
    """Answers until it is told to stop; the seconds to drain."""
    while True:
        number, question, letter = pipe.receive()
        if question == "stop":
            drain_s: float = _read(letter)[0]
            return drain_s
        try:
            answer = _answer(running, app, question, *_read(letter))
        except Exception as error:
            answer = _fit_to_travel(error)
        pipe.send((number, answer))


def _answer(running: Running, app: App, question: str, *args: Any) -> Any:
    match question:
        case "counts":
            return running.counts()
        case "errors":
            return running.errors()
        case "adopt":
            (newer,) = args
            newer.state = app.state  # its handlers ask for it, and startup does not run again
            return app.adopt(newer)
    return ServerError(f"unknown question {question!r}")


def _letter(*contents: Any) -> bytes:
    """`contents`, to be read by another process. Raises ServerError when they cannot be sent."""
    try:
        return bytes(packed(contents))
    except Exception as error:  # whatever the values that a handler holds may raise
        raise ServerError(
            f"the app cannot be sent to another process: {error}. Handlers there may use "
            "modules, functions and plain data, but no open sockets, locks or servers"
        ) from error


def _read(letter: bytes) -> tuple[Any, ...]:
    """What the parent has written. Raises ServerError for what this process does not have."""
    try:
        contents: tuple[Any, ...] = pickle.loads(letter)
    except Exception as error:
        raise ServerError(
            f"the app cannot be read in the server's process: {type(error).__name__}: {error}. "
            "That process imports by itself what handlers use: after importlib.reload or a change "
            "of sys.path, stop the server and start it again"
        ) from error
    return contents


def _fit_to_travel(error: BaseException) -> Exception:
    """`error` with its traceback as a note; what cannot be sent, or would end more, in words."""
    story = "".join(traceback.format_exception(error))
    fit = error
    try:
        pickle.loads(cloudpickle.dumps(error))
    except Exception:
        fit = ServerError(f"{type(error).__name__}: {error}")
    if not isinstance(fit, Exception):
        fit = ServerError(f"{type(error).__name__}: {error}")
    fit.add_note(f"in process {os.getpid()}:\n{story}")
    return fit


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit
