"""The load engine of many machines: a Locust master of this one, and the workers that join it.

Rule: Locust says who does what and when; what was found is ours, merged exactly. A worker that is
lost takes nothing with it but what it had not yet reported.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any, Self

from asyncweb.errors import LoadError, ServerError
from asyncweb.loadtest.locust.address import Address, locust_version
from asyncweb.loadtest.locust.master_process import (
    START,
    STOP,
    Listening,
    Order,
    Stopped,
    WorkerReport,
    Workers,
)
from asyncweb.loadtest.locust.wire import from_wire
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.child import Child

LISTEN_S = 30.0  # for Locust to be imported, and to listen
JOIN_S = 60.0  # for all workers to be there
STOP_S = 70.0  # for all workers to stop; Locust itself waits for them for a minute
LOOK_S = 0.5
PROGRESS_S = 1.0
MISSING = "missing"  # what Locust calls a worker that is silent


class LocustMaster:
    """`with LocustMaster(address, workers=2) as master: run(master, plan)`.

    Of the plan it takes the URL, the connections, which become Locust's users, and the duration;
    how they ask is the plan of each worker. `spawn_rate` users come each second, or all at once.
    `on_listening` is called with the address at which `workers` are waited for.
    """

    def __init__(
        self,
        address: Address,
        workers: int = 1,
        spawn_rate: float | None = None,
        on_listening: Callable[[Address], None] | None = None,
    ):
        locust_version()
        if workers < 1:
            raise LoadError(f"workers={workers}: expected a whole number, 1 or more")
        self._address = address
        self._wanted = workers
        self._spawn_rate = spawn_rate
        self._on_listening = on_listening
        self._child: Child | None = None
        self._states: dict[str, str] = {}
        self._results: dict[str, Result] = {}  # the latest of each worker
        self.silent: set[str] = set()  # workers that told nothing but Locust's own table
        self.lost: set[str] = set()  # workers that were silent while the load was under way
        self.locust: Stopped | None = None  # what Locust itself has counted

    @property
    def workers(self) -> int:
        """How many have told what they found."""
        return len(self._results)

    def prepare(self, plan: Plan, join_s: float = JOIN_S) -> None:
        """Returns when all workers are there. Raises LoadError if they are not after `join_s`."""
        self.close()
        self._states, self._results, self.locust = {}, {}, None
        self._plan = plan
        self._child = Child("asyncweb.loadtest.locust.master_process:main")
        rate = self._spawn_rate or plan.connections
        place = self._address.host, self._address.port
        self._say(Order(*place, plan.url, plan.connections, rate))
        self._hear(LISTEN_S)
        deadline = time.monotonic() + join_s
        while len(self._states) < self._wanted:
            if time.monotonic() > deadline:
                raise LoadError(
                    f"{len(self._states)} of {self._wanted} workers came within {join_s:g} s: "
                    f"start them with `asyncweb load --engine {self._address} worker`"
                )
            self._hear(LOOK_S)

    def start(self) -> None:
        """Lets Locust order the users from its workers."""
        self._say(START)
        self._ends_at = time.monotonic() + self._plan.lasts_s

    def snapshots(self) -> Iterator[Progress]:
        """How it stands with all workers, once a second, until the duration is over.

        Or sooner, when no worker is left. Raises LoadError when the master is lost, and for a
        report that cannot be read.
        """
        told_at, before = time.monotonic(), 0
        while (left_s := self._ends_at - time.monotonic()) > 0 and self._has_workers:
            self._hear(min(LOOK_S, left_s))
            now = time.monotonic()
            if self._results and now >= told_at + PROGRESS_S:
                result = self._merged()
                rate = max(result.requests - before, 0) / (now - told_at)
                told_at, before = now, result.requests
                yield _progress(result, rate)

    def stop(self) -> Result:
        """What all workers found, until now if it is early; those that are lost, until then."""
        self._say(STOP)
        deadline = time.monotonic() + STOP_S
        while self.locust is None:
            if time.monotonic() > deadline:
                raise LoadError(f"the workers have not stopped within {STOP_S:g} s")
            self._hear(LOOK_S)
        if not self._results:
            raise LoadError(
                "no worker has told what it found: start them with "
                f"`asyncweb load --engine {self._address} worker`"
            )
        return self._merged()

    def close(self) -> None:
        """Ends the master, which sends its workers home."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def _has_workers(self) -> bool:
        return any(state != MISSING for state in self._states.values())

    def _merged(self) -> Result:
        return reduce(Result.merge, self._results.values())

    def _say(self, message: Any) -> None:
        try:
            assert self._child is not None, "prepare comes first"
            self._child.send(message)
        except ServerError as error:
            raise LoadError(f"the Locust master is not there: {error}") from error

    def _hear(self, timeout_s: float) -> None:
        """Takes in what the master's process says next, within `timeout_s`."""
        try:
            assert self._child is not None, "prepare comes first"
            self._take(self._child.receive(timeout_s))
        except TimeoutError:
            return
        except ServerError as error:
            raise LoadError(f"the Locust master has failed: {error}") from error

    def _take(self, message: Any) -> None:
        match message:
            case LoadError():
                raise message
            case Listening(port):
                self._address = Address(self._address.host, port)
                if self._on_listening is not None:
                    self._on_listening(self._address)
            case Workers(states):
                self._states = states
                self.lost |= {name for name, state in states.items() if state == MISSING}
            case WorkerReport(worker, None):
                self.silent.add(worker)
            case WorkerReport(worker, data):
                self._results[worker] = from_wire(data)
            case Stopped():
                self.locust = message


def _progress(result: Result, throughput_rps: float) -> Progress:
    return Progress(
        at_s=result.duration_s,
        requests=result.requests,
        throughput_rps=throughput_rps,
        latency=result.latency,
        errors=result.errors,
        connected=result.connections,
        in_flight=result.connections,
        service=result.service if result.is_open else Histogram(),
        dropped=result.dropped,
    )
