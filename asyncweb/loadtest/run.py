"""Runs plans in processes of their own, one plan after the other.

Rule: Ctrl-C ends the run, not the caller: what was measured until then comes back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from types import TracebackType
from typing import Any, Self

from asyncweb.errors import LoadError, ServerError
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.worker import GATHERED, STOP
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.child import Child, packed

SILENCE_S = 30.0  # a worker speaks five times a second; so long a silence is its end
LOOK_S = 0.02  # at each of several workers
START_S = 0.05  # from the word that they shall start to the start: it has to reach them all


class LoadProcess:
    """Processes that make load: `with LoadProcess() as load: load.run(plan)`.

    `processes` of them share each plan, start it together and are measured as one.
    """

    def __init__(self, processes: int = 1) -> None:
        self._children = [Child("asyncweb.loadtest.worker:main") for _ in range(processes)]

    @property
    def pid(self) -> int:
        """The process id of the load generator; of several, the first."""
        return self._children[0].pid

    def run(self, plan: Plan, on_progress: Callable[[Progress], None] | None = None) -> Result:
        """Does what `plan` says and gives what it found.

        `on_progress` is called here, five times a second. Ctrl-C ends the run and gives the
        partial result, with `interrupted` set; a second one is raised. Raises LoadError when the
        plan turns out to be impossible, and when a process has ended.
        """
        for child, share in zip(self._children, plan.shared(len(self._children)), strict=True):
            self._say(child, _packed(share))
        told = _Told(len(self._children))
        try:
            self._listen(told, on_progress)
        except KeyboardInterrupt:
            self._say_all(STOP)
            self._listen(told, None)
            return replace(told.result(), interrupted=True)
        return told.result()

    def close(self) -> None:
        """Ends the processes."""
        for child in self._children:
            child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _listen(self, told: _Told, on_progress: Callable[[Progress], None] | None) -> None:
        """Hears the workers until each has told its result."""
        for number, message in self._messages(told):
            if isinstance(message, Result):
                told.results[number] = message
            elif isinstance(message, LoadError):
                told.results[number] = message
                self._stop_others(told)
            elif isinstance(message, Progress):
                told.progress[number] = message
                if on_progress is not None and number == min(told.progress):
                    on_progress(told.so_far())
            elif message == GATHERED:
                told.gathered += 1
                if told.gathered == len(self._children) and not told.results:
                    self._say_all(time.perf_counter() + START_S)

    def _messages(self, told: _Told) -> Iterator[tuple[int, Any]]:
        look_s = SILENCE_S if len(self._children) == 1 else LOOK_S
        heard_at = [time.monotonic()] * len(self._children)
        while len(told.results) < len(self._children):
            for number, child in enumerate(self._children):
                if number in told.results:
                    continue
                message = _heard(child, look_s, heard_at[number])
                if message is not None:
                    heard_at[number] = time.monotonic()
                    yield number, message

    def _stop_others(self, told: _Told) -> None:
        """Ends those who have told no result yet; who has may have ended with it."""
        for number, child in enumerate(self._children):
            if number not in told.results:
                self._say(child, STOP)

    def _say_all(self, message: Any) -> None:
        for child in self._children:
            self._say(child, message)

    def _say(self, child: Child, message: Any) -> None:
        try:
            child.send(message)
        except ServerError as error:
            raise LoadError(f"the load generator is not there: {error}") from error


def _heard(child: Child, look_s: float, last_at: float) -> Any:
    """What `child` says within `look_s`; None if nothing. Raises LoadError for its end."""
    try:
        return child.receive(look_s)
    except TimeoutError as error:
        if time.monotonic() - last_at >= SILENCE_S:
            raise LoadError(f"the load generator has failed: {error}") from error
        return None
    except ServerError as error:
        raise LoadError(f"the load generator has failed: {error}") from error


class _Told:
    """What the workers have told of one run."""

    def __init__(self, workers: int):
        self.results: dict[int, Result | LoadError] = {}  # an error where there is no result
        self.progress: dict[int, Progress] = {}
        self.gathered = 0

    def result(self) -> Result:
        """What all found together. Raises LoadError when one of them could not do its part."""
        found = []
        for result in self.results.values():
            if isinstance(result, LoadError):
                raise result
            found.append(result)
        return reduce(Result.merge, found)

    def so_far(self) -> Progress:
        """How it stands with all of them."""
        all_told = self.progress.values()
        return Progress(
            at_s=max(progress.at_s for progress in all_told),
            requests=sum(progress.requests for progress in all_told),
            throughput_rps=sum(progress.throughput_rps for progress in all_told),
            latency=sum((progress.latency for progress in all_told), Histogram()),
            errors=sum((Counter(progress.errors) for progress in all_told), Counter()),
            connected=sum(progress.connected for progress in all_told),
            in_flight=sum(progress.in_flight for progress in all_told),
        )


def _packed(plan: Plan) -> bytes:
    """`plan` in an envelope: what cannot be read there does not spoil the pipe."""
    try:
        return bytes(packed(plan))
    except Exception as error:  # whatever the values that a function holds may raise
        raise LoadError(
            f"ask cannot be sent to the load's process: {error}; let it use plain values only"
        ) from None
