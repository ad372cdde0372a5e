"""Load from processes of this machine, one plan after the other.

Rule: several processes are as one: they share a plan, start it together, and what they tell is
added before anybody hears of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import add
from typing import Any, Self

from asyncweb.errors import LoadError, ServerError
from asyncweb.loadtest import engine
from asyncweb.loadtest.plan import Plan, part_of
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.worker import GATHERED, STOP
from asyncweb.servers.child import Child, packed

SILENCE_S = 30.0  # a worker speaks five times a second; so long a silence is its end
LOOK_S = 0.02  # at each of several workers
START_S = 0.05  # from the word that they shall start to the start: it has to reach them all


class LoadProcess:
    """Processes that make load: `with LoadProcess() as load: load.run(plan)`.

    `processes` of them share each plan, start it together and are measured as one. It is the
    LoadEngine of this machine.
    """

    def __init__(self, processes: int = 1) -> None:
        self._children = [Child("asyncweb.loadtest.worker:main") for _ in range(processes)]
        self._coming = list(self._children)  # those who have not yet said that they are here
        self._shares: list[bytes] = []
        self._told = _Told(processes)

    @property
    def pid(self) -> int:
        """The process id of the load generator; of several, the first."""
        return self._children[0].pid

    def run(self, plan: Plan, on_progress: Callable[[Progress], None] | None = None) -> Result:
        """Does what `plan` says and gives what it found: see `asyncweb.loadtest.engine.run`."""
        return engine.run(self, plan, on_progress)

    def gather(self) -> None:
        """Returns when all processes are there. Raises LoadError when one of them fails."""
        while self._coming:
            _heard(self._coming[0], SILENCE_S, time.monotonic())
            self._coming.pop(0)

    def prepare(self, plan: Plan) -> None:
        """Returns when each process is there, and its share of `plan` is known.

        Raises LoadError when `plan` cannot be shared, and when a process fails.
        """
        self.gather()
        self._shares = [_packed(share) for share in plan.shared(len(self._children))]
        self._told = _Told(len(self._children))

    def start(self) -> None:
        """Lets them gather their connections, and begin together. Raises LoadError."""
        for child, share in zip(self._children, self._shares, strict=True):
            self._say(child, share)

    def snapshots(self) -> Iterator[Progress]:
        """How it stands with all of them, five times a second, until all have ended.

        Raises LoadError when a process has ended.
        """
        told = self._told
        for number, message in self._messages(told):
            if isinstance(message, Result):
                told.results[number] = message
            elif isinstance(message, LoadError):
                told.results[number] = message
                self._stop_others(told)
            elif isinstance(message, Progress):
                told.progress[number] = message
                if number == min(told.progress):
                    yield told.so_far()
            elif message == GATHERED:
                told.gathered += 1
                if told.gathered == len(self._children) and not told.results:
                    self._say_all(time.perf_counter() + START_S)

    def stop(self) -> Result:
        """What they found, until now if they have not ended. Raises LoadError as `snapshots`."""
        if not self._told.is_whole:
            self._say_all(STOP)
            for _ in self.snapshots():
                pass
        return self._told.result()

    def resize(self, connections: int) -> None:
        """So many connections shall ask from now on, each process its share.

        Only while the clock of a plan runs: `snapshots` has told of it, with `at_s` above 0.
        """
        for number, child in enumerate(self._children):
            self._say(child, part_of(connections, number, len(self._children)))

    def close(self) -> None:
        """Ends the processes."""
        for child in self._children:
            child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _messages(self, told: _Told) -> Iterator[tuple[int, Any]]:
        look_s = SILENCE_S if len(self._children) == 1 else LOOK_S
        heard_at = [time.monotonic()] * len(self._children)
        while not told.is_whole:
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
        self._workers = workers
        self.results: dict[int, Result | LoadError] = {}  # an error where there is no result
        self.progress: dict[int, Progress] = {}
        self.gathered = 0

    @property
    def is_whole(self) -> bool:
        """Whether each of them has told how it ended."""
        return len(self.results) == self._workers

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
        return reduce(add, self.progress.values())


def _packed(plan: Plan) -> bytes:
    """`plan` in an envelope: what cannot be read there does not spoil the pipe."""
    try:
        return bytes(packed(plan))
    except Exception as error:  # whatever the values that a function holds may raise
        raise LoadError(
            f"ask cannot be sent to the load's process: {error}; let it use plain values only"
        ) from None
