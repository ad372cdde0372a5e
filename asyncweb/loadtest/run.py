"""Runs plans in a process of their own, one after the other.

Rule: Ctrl-C ends the run, not the caller: what was measured until then comes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from asyncweb.errors import LoadError, ServerError
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Progress, Result
from asyncweb.loadtest.worker import STOP
from asyncweb.servers.child import Child, packed

SILENCE_S = 30.0  # the worker speaks five times a second; so long a silence is its end


class LoadProcess:
    """A process that makes load: `with LoadProcess() as load: load.run(plan)`."""

    def __init__(self) -> None:
        self._child = Child("asyncweb.loadtest.worker:main")

    @property
    def pid(self) -> int:
        """The process id of the load generator."""
        return self._child.pid

    def run(self, plan: Plan, on_progress: Callable[[Progress], None] | None = None) -> Result:
        """Does what `plan` says and gives what it found.

        `on_progress` is called here, five times a second. Ctrl-C ends the run and gives the
        partial result, with `interrupted` set; a second one is raised. Raises LoadError when the
        plan turns out to be impossible, and when the process has ended.
        """
        try:
            self._child.send(_packed(plan))
        except ServerError as error:
            raise LoadError(f"the load generator is not there: {error}") from error
        try:
            return self._await_result(on_progress)
        except KeyboardInterrupt:
            self._child.send(STOP)
            return replace(self._await_result(None), interrupted=True)

    def close(self) -> None:
        """Ends the process."""
        self._child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _await_result(self, on_progress: Callable[[Progress], None] | None) -> Result:
        while True:
            message: Any = self._receive()
            if isinstance(message, Result):
                return message
            if isinstance(message, LoadError):
                raise message
            if on_progress is not None:
                on_progress(message)

    def _receive(self) -> Any:
        try:
            return self._child.receive(SILENCE_S)
        except (ServerError, TimeoutError) as error:
            raise LoadError(f"the load generator has failed: {error}") from error


def _packed(plan: Plan) -> bytes:
    """`plan` in an envelope: what cannot be read there does not spoil the pipe."""
    try:
        return bytes(packed(plan))
    except Exception as error:  # whatever the values that a function holds may raise
        raise LoadError(
            f"ask cannot be sent to the load's process: {error}; let it use plain values only"
        ) from None
