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
from asyncweb.servers.child import Child

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
        partial result, with `interrupted` set; a second one is raised. Raises LoadError when a
        process has ended.
        """
        for child, share in zip(self._children, plan.shared(len(self._children)), strict=True):
            self._say(child, share)
        told = _Told(len(self._children))
        try:
            self._listen(told, on_progress)
        except KeyboardInterrupt:
            for child in self._children:
                self._say(child, STOP)
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
            elif isinstance(message, Progress):
                told.progress[number] = message
                if on_progress is not None and number == min(told.progress):
                    on_progress(told.so_far())
            elif message == GATHERED:
                told.gathered += 1
                self._start_if_ready(told)

    def _start_if_ready(self, told: _Told) -> None:
        if told.gathered == len(self._children):
            start_at = time.perf_counter() + START_S
            for child in self._children:
                self._say(child, start_at)

    def _messages(self, told: _Told) -> Iterator[tuple[int, Any]]:
        """What the workers say, until each has told its result."""
        while len(told.results) < len(self._children):
            for number, child in enumerate(self._children):
                message = None if number in told.results else self._next(child, told)
                if message is not None:
                    yield number, message

    def _next(self, child: Child, told: _Told) -> Any:
        """What `child` says next; None when it says nothing just now."""
        try:
            message = child.receive(SILENCE_S if len(self._children) == 1 else LOOK_S)
        except TimeoutError as error:
            if time.monotonic() - told.heard_at < SILENCE_S:
                return None
            raise LoadError(f"the load generator has failed: {error}") from error
        except ServerError as error:
            raise LoadError(f"the load generator has failed: {error}") from error
        told.heard_at = time.monotonic()
        return message

    def _say(self, child: Child, message: Any) -> None:
        try:
            child.send(message)
        except ServerError as error:
            raise LoadError(f"the load generator is not there: {error}") from error


class _Told:
    """What the workers have told of one run."""

    def __init__(self, workers: int):
        self.results: dict[int, Result] = {}
        self.progress: dict[int, Progress] = {}
        self.gathered = 0
        self.heard_at = time.monotonic()  # any of them

    def result(self) -> Result:
        """What all found together."""
        return reduce(Result.merge, self.results.values())

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
