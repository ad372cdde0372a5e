"""Several processes that serve one address, and what watches over them.

Rule: all of them accept from one socket, which this process made and keeps open. So a worker that
dies loses only the connections it held; who waits in the queue is served by another.
"""

from __future__ import annotations

import os
import socket
import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from asyncweb.errors import ServerError
from asyncweb.servers.listener import port_of
from asyncweb.servers.observer import ERRORS_KEPT, Failure
from asyncweb.servers.process import Worker
from asyncweb.servers.total import total

if TYPE_CHECKING:
    from asyncweb.servers.base import Server

SETTLED_S = 5.0  # a worker that served for so long did not die of its start
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 10.0


class Workers:
    """`number` workers; each has a thread here that waits for its end and starts the next."""

    alive = True  # whichever of them has died is started again

    def __init__(self, server: Server, listener: socket.socket, number: int):
        self.port = port_of(listener)
        self.pid = os.getpid()
        self._server = server
        self._listener = listener
        self._changing = threading.Lock()  # who is in which place, and what the past ones counted
        self._stopping = threading.Event()
        self._version = 0  # of the app, counted from the start
        self._past = server.observer.counts()
        self._failures = deque(server.observer.errors, maxlen=ERRORS_KEPT)
        self._workers: list[Worker] = []
        self._unwatch = server.app.watch(self._app_changed)
        try:
            self._start(number)
        except BaseException:
            self._unwatch()
            _stop_all(self._workers, drain_s=0)
            raise
        self._keepers = [
            threading.Thread(
                target=self._keep, args=(place,), name=f"asyncweb-keeper-{place}", daemon=True
            )
            for place in range(number)
        ]
        for keeper in self._keepers:
            keeper.start()

    def stop(self, drain_s: float) -> None:
        """Lets all of them drain and end at the same time."""
        self._unwatch()
        with self._changing:
            self._stopping.set()
            # Before the workers close theirs: nobody shall be let in whom nobody would serve.
            self._listener.close()
        _stop_all(self._workers, drain_s)
        for keeper in self._keepers:
            keeper.join()
        last = [failure for worker in self._workers for failure in worker.last_failures]
        self._server.observer.keep([*self._failures, *last])

    def counts(self) -> dict[str, Any]:
        """The sums of what the workers counted, how many `workers` answered, and `each` by pid.

        What a worker counted since it was last asked is lost when it is killed.
        """
        with self._changing:
            workers, counts = tuple(self._workers), [self._past]
        each: dict[int, dict[str, Any]] = {}
        for worker in workers:
            try:
                if worker.serving_since is not None:
                    each[worker.pid] = worker.counts()
            except ServerError:
                counts.append(worker.counted)
        return {**total([*counts, *each.values()]), "workers": len(each), "each": each}

    def errors(self) -> list[Failure]:
        """The ends of workers, then the last failures of the handlers in each."""
        failures = list(self._failures)
        for worker in self._serving():
            try:
                failures += worker.errors()
            except ServerError:
                continue  # its end is told by its keeper
        return failures

    # ------------------------------------------------------------------ start, change, replace

    def _start(self, number: int) -> None:
        for _ in range(number):
            self._workers.append(self._new_worker())
        for worker in self._workers:
            try:
                self._bring_up(worker, version=0)
            except ServerError:
                raise
            except Exception as error:
                raise ServerError(
                    f"a worker could not start: {type(error).__name__}: {error}"
                ) from error

    def _new_worker(self) -> Worker:
        observer = type(self._server.observer)()  # the sum shall count nothing twice
        return Worker(self._server, self._listener, observer, shared=True)

    def _bring_up(self, worker: Worker, version: int) -> None:
        """Returns when `worker`, which was sent that version of the app, serves the present one."""
        worker.await_start()
        try:
            if version != self._version:
                worker.adopt(self._server.app)
        except BaseException:
            worker.stop(drain_s=0)
            raise

    def _app_changed(self) -> None:
        self._version += 1
        for worker in self._serving():
            try:
                worker.adopt(self._server.app)
            except ServerError:
                if worker.alive:
                    raise

    def _serving(self) -> list[Worker]:
        with self._changing:
            return [worker for worker in self._workers if worker.serving_since is not None]

    def _keep(self, place: int) -> None:
        """Waits for the end of the worker in `place` and starts another, until the stop."""
        early_ends = 0
        while True:
            worker = self._workers[place]
            served_s = worker.await_end()
            if self._stopping.is_set():
                return
            worker.end_stop()
            self._failures.extend(worker.last_failures)
            worker.last_failures = []  # a stop asks all who are in their place, be it this one
            self._note(ServerError(worker.end))
            early_ends = 0 if served_s >= SETTLED_S else early_ends + 1
            while not self._stopping.wait(pause_s(early_ends)) and not self._replaced(place):
                early_ends += 1

    def _replaced(self, place: int) -> bool:
        """Whether another worker serves in `place` now; if not, why is kept."""
        try:
            with self._changing:
                if self._stopping.is_set():
                    return True
                version = self._version
                worker = self._new_worker()
                self._past = total([self._past, self._workers[place].counted])
                self._workers[place] = worker
            self._bring_up(worker, version)
        except Exception as error:
            self._note(error)
            return False
        return True

    def _note(self, error: Exception) -> None:
        if not self._stopping.is_set():
            self._failures.append(Failure.of("worker", error))


def pause_s(early_ends: int) -> float:
    """How long to wait before the next start, after so many in a row that came to nothing.

    >>> [pause_s(ends) for ends in (0, 1, 2, 3, 50)]
    [0.0, 0.1, 0.2, 0.4, 10.0]
    """
    if early_ends == 0:
        return 0.0
    return min(FIRST_PAUSE_S * 2.0 ** min(early_ends - 1, 30), LONGEST_PAUSE_S)


def _stop_all(workers: Iterable[Worker], drain_s: float) -> None:
    for worker in workers:
        worker.begin_stop(drain_s)
    for worker in workers:
        worker.end_stop()
