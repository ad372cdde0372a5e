"""A Python process of our own and the pipe to it.

Rule: a child never outlives its parent, and never shares its terminal signals: it runs in a
session of its own and ends when the pipe from its parent closes.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import marshal
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import ChainMap
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType
from typing import IO, Any, ClassVar

import cloudpickle

from asyncweb.errors import ServerError
from asyncweb.servers.open_files import allow_open_files

EXIT_GRACE_S = 5.0
READER_GRACE_S = 1.0  # a process that the child has forked may hold its end of the pipe still
PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])


class Pipe:
    """Pickled messages over two byte streams; `receive` raises EOFError when the peer is gone."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]):
        self._incoming = incoming
        self._outgoing = outgoing
        self._sending = threading.Lock()

    def send(self, message: Any) -> None:
        """Sends one message; safe to call from several threads. Raises OSError when closed."""
        data = packed(message)
        with self._sending:
            self._outgoing.write(data)
            self._outgoing.flush()

    def receive(self) -> Any:
        """The next message. Waits for it; raises EOFError when the peer has closed."""
        try:
            return pickle.load(self._incoming)
        except (pickle.UnpicklingError, OSError, ValueError) as error:
            raise EOFError("the pipe was cut in the middle of a message") from error

    def close_outgoing(self) -> None:
        """Tells the peer that nothing more will come."""
        with contextlib.suppress(OSError):
            self._outgoing.close()


def packed(message: Any) -> memoryview:
    """`message` as a Pipe sends it."""
    data = io.BytesIO()
    _Pickler(data).dump(message)
    return data.getbuffer()


def _pack_code(code: CodeType) -> tuple[Any, ...]:
    return marshal.loads, (marshal.dumps(code),)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Packs code with the file it stands in, which cloudpickle forgets: tracebacks need it."""

    dispatch_table: ClassVar = ChainMap({CodeType: _pack_code}, cloudpickle.Pickler.dispatch_table)


class Child:
    """A process that runs `module:function` with a Pipe as its only argument.

    `entry` is spelled "package.module:function". The child gets this process's `sys.path`, and
    of its files those in `pass_fds`, under the same numbers.
    """

    def __init__(self, entry: str, pass_fds: Sequence[int] = ()):
        python = _python()
        self.process = subprocess.Popen(
            [python, "-P", "-m", "asyncweb.servers.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(python),
            pass_fds=pass_fds,
            **_own_session(),
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self._pipe = Pipe(self.process.stdout, self.process.stdin)
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="asyncweb-child", daemon=True)
        self._reader.start()
        self.send((sys.path, entry))

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    @property
    def end(self) -> str:
        """How the process ended: "exit code 1". Waits a moment for it to be known."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        return f"exit code {self.process.returncode}"

    def wait(self) -> None:
        """Returns when the process has ended, by itself or by force; so do those who receive."""
        self.process.wait()
        self._reader.join(READER_GRACE_S)  # what it has said last comes before its end
        self._inbox.put(_ENDED)

    def send(self, message: Any) -> None:
        """Sends one message. Raises ServerError when the child has ended."""
        try:
            self._pipe.send(message)
        except (OSError, ValueError) as error:
            raise ServerError(f"process {self.pid} has ended: {self.end}") from error

    def receive(self, timeout_s: float | None = None) -> Any:
        """The child's next message.

        Raises TimeoutError after `timeout_s` seconds, ServerError when the child has ended.
        """
        try:
            message = self._inbox.get(timeout=timeout_s)
        except queue.Empty:
            raise TimeoutError(f"process {self.pid} said nothing for {timeout_s} s") from None
        if message is _ENDED:
            self._inbox.put(_ENDED)
            raise ServerError(f"process {self.pid} has ended: {self.end}")
        return message

    def stop(self, grace_s: float = EXIT_GRACE_S) -> None:
        """Closes the pipe, so that the child ends; kills it when it has not after `grace_s`."""
        self._pipe.close_outgoing()
        try:
            self.process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(READER_GRACE_S)

    def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            with self.process.stdout, contextlib.suppress(EOFError):
                while True:
                    self._inbox.put(self._pipe.receive())
        finally:  # also when it says what cannot be read here: nobody shall wait for more
            self._inbox.put(_ENDED)


_ENDED = object()


def _python() -> str:
    # In a virtual environment on Windows, sys.executable only launches the real Python as a child
    # of its own: a listener shared with the pid we know would go to the launcher (bpo-35797).
    if sys.platform == "win32":
        return str(getattr(sys, "_base_executable", sys.executable))  # undocumented
    return sys.executable


def _environment(python: str) -> dict[str, str]:
    # The child must find this very asyncweb, also when it was never installed.
    paths = [PACKAGE_PARENT, os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    if python != sys.executable:  # so that the real Python knows its virtual environment
        environment["__PYVENV_LAUNCHER__"] = sys.executable
    return environment


def _own_session() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def main() -> None:
    """The child's side: takes the standard streams as the pipe, then runs the entry."""
    pipe = Pipe(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    allow_open_files()
    os.dup2(2, 1)  # what a handler prints must not land between our messages
    paths, entry = pipe.receive()
    module, _, function = entry.partition(":")
    # Ours first: what is in the parent's folder may have the name of a module of Python's.
    sys.path += paths
    run: Callable[[Pipe], None] = getattr(importlib.import_module(module), function)
    sys.path[:] = paths
    run(pipe)


if __name__ == "__main__":
    main()
