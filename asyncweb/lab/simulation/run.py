"""The simulation: a heap of events, each a moment, what happens then, and when its request came.

Rule: a request is one number, the moment at which it came. Nothing is kept for who only thinks, so
that a million users cost no more than those of them who are inside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from heapq import heappop, heappush
from random import Random

from asyncweb.errors import LessonError
from asyncweb.lab.simulation import theory
from asyncweb.lab.simulation.loads import ClosedLoop, Load
from asyncweb.lab.simulation.model import Model
from asyncweb.lab.simulation.record import Record
from asyncweb.metrics.histogram import Histogram

WARM_UP = 0.1  # of the requests, before counting begins
POINTS = 500  # at most so many moments are kept for a picture

Happens = Callable[[float], None]


def simulate(model: Model, load: Load, *, requests: int = 20_000, seed: int = 0) -> Record:
    """What `model` does under `load`, until `requests` have been answered and counted.

    Takes some microseconds of this machine for each of them, whatever the number of users. The
    same seed gives the same record. A closed crowd begins at rest, with the backlog it would come
    to have. Raises LessonError for a number of requests that is none, and for users who ask without
    end while no time passes.

    >>> from asyncweb.lab.simulation.loads import OpenLoop
    >>> record = simulate(Model("server", answer_s=0.001), OpenLoop(500), requests=2000)
    >>> record.requests, round(record.utilisation, 1)
    (2000, 0.5)
    >>> record.latency == simulate(record.model, record.load, requests=2000).latency
    True
    """
    if not isinstance(requests, int) or requests < 1:
        raise LessonError(f"requests={requests!r}: expected a whole number from 1")
    _check_patience(model, load)
    let_in = _let_in(model, load)
    run = _Run(model, let_in, seed, every=-(-requests // POINTS))
    run.answer(int(requests * WARM_UP))
    run.begin_to_count()
    run.answer(requests)
    return run.record(load)


def _let_in(model: Model, load: Load) -> Load:
    most = model.bounds.connections
    if isinstance(load, ClosedLoop) and most is not None and load.users > most:
        return replace(load, users=most)
    return load


def _check_patience(model: Model, load: Load) -> None:
    if not isinstance(load, ClosedLoop) or load.think_s:
        return
    if not load.wait_s and not model.answer_s:
        raise LessonError("nothing takes time here: give answer_s, wait_s or think_s")
    workers, room = model.bounds.workers, model.bounds.room
    if workers is not None and room is not None and load.users > workers + room:
        raise LessonError(
            f"{load.users} users and room for {workers + room}: the others would be turned away "
            "and ask again at the same moment, for ever; give them time to think, think_s=1"
        )


class _Run:
    """One simulation on its way."""

    def __init__(self, model: Model, load: Load, seed: int, every: int):
        self._model, self._load, self._every = model, load, every
        # Two dice: what servers do has no say in when strangers come, so that two servers under
        # the same open load get the very same requests.
        self._asks, self._works = Random(f"asks {seed}"), Random(f"works {seed}")
        self._due: list[tuple[float, int, Happens, float]] = []  # a heap
        self._ready: deque[tuple[float, Happens, float]] = deque()  # they wait for a core
        self._outside: deque[float] = deque()  # they wait for a worker
        self._free_cores = model.cores
        self._free_workers = model.bounds.workers
        self._now = self._changed_at = 0.0
        self._numbered = self._inside = self._most_inside = 0
        self._area_s = 0.0
        self.begin_to_count()
        self._fill(theory.backlog(model, load))
        self._await_next()

    def answer(self, requests: int) -> None:
        """Lets time pass until so many have been answered since counting began."""
        due = self._due
        while len(self._latencies) < requests:
            if due and due[0][0] <= self._next_ask:
                self._now, _, happen, born = heappop(due)
                happen(born)
            else:
                self._now = self._next_ask
                self._arrive(self._now)
                self._await_next()

    def begin_to_count(self) -> None:
        """Forgets what was counted; who is inside stays."""
        self._note_inside(0)
        self._begun_at = self._now
        self._latencies: list[float] = []
        self._area_s = self._busy_s = self._stayed_s = 0.0
        self._came = self._turned_away = 0
        self._most_inside = self._inside
        self._points: list[tuple[float, int]] = []

    def record(self, asked: Load) -> Record:
        """What was seen since counting began, of the load that was `asked` for."""
        self._note_inside(0)
        waiting = [*self._outside, *(born for _, _, born in self._ready)]
        waiting += [born for *_, born in self._due]
        left_s = sum(self._now - max(born, self._begun_at) for born in waiting)
        connections, locked_out = self._most_inside, 0
        if isinstance(asked, ClosedLoop) and isinstance(self._load, ClosedLoop):
            connections, locked_out = self._load.users, asked.users - self._load.users
        return Record(
            model=self._model,
            load=asked,
            begin_s=self._begun_at,
            end_s=self._now,
            latency=Histogram(self._latencies),
            area_s=self._area_s,
            busy_s=self._busy_s,
            stayed_s=self._stayed_s + left_s,
            turned_away=self._turned_away,
            locked_out=locked_out,
            connections=connections,
            inside=tuple(self._points),
        )

    # ------------------------------------------------------------------ who asks

    def _fill(self, count: int) -> None:
        """Lets `count` requests stand in the queue as if it had always been there."""
        if not count:
            return
        # Who waits longest has come first, so long ago as it takes the queue to move on. Without
        # a bound of workers a request that waits stands in the same queue twice, for half of that.
        stay_s = count / theory.capacity_rps(self._model, self._load)
        twice = self._free_workers is None and self._load.wait_s and self._model.switch_s
        for place in range(count):
            ago_s = stay_s * (1 - place / count)
            if twice and place % 2:
                self._want_core(self._model.switch_s, self._resumed, -(stay_s + ago_s) / 2)
                self._note_inside(+1)
            else:
                self._arrive(-ago_s / 2 if twice else -ago_s)

    def _await_next(self) -> None:
        """Sets the clock of all who may ask."""
        self._next_ask = self._now + self._load.gap_s(self._inside, self._asks)

    # ------------------------------------------------------------------ the way of a request

    def _arrive(self, born: float) -> None:
        self._came += 1
        if self._came % self._every == 0:
            self._points.append((self._now, self._inside))
        if self._free_workers is None:
            self._want_core(self._model.answer_s, self._computed, born)
        elif self._free_workers:
            self._free_workers -= 1
            self._want_core(self._model.answer_s, self._computed, born)
        elif self._model.bounds.room is None or len(self._outside) < self._model.bounds.room:
            self._outside.append(born)
        else:
            self._turned_away += 1
            return
        self._note_inside(+1)

    def _computed(self, born: float) -> None:
        self._leave_core()
        if self._load.wait_s:
            self._later(self._drawn(self._load.wait_s), self._woken, born)
        else:
            self._leave(born)

    def _woken(self, born: float) -> None:
        if self._model.switch_s:
            self._want_core(self._model.switch_s, self._resumed, born)
        else:
            self._leave(born)

    def _resumed(self, born: float) -> None:
        self._leave_core()
        self._leave(born)

    def _leave(self, born: float) -> None:
        self._latencies.append(self._now - born)
        self._stayed_s += self._now - max(born, self._begun_at)
        self._note_inside(-1)
        if self._outside:
            self._want_core(self._model.answer_s, self._computed, self._outside.popleft())
        elif self._free_workers is not None:
            self._free_workers += 1
        if self._load.hears_answers:
            self._await_next()

    # ------------------------------------------------------------------ cores and time

    def _want_core(self, seconds: float, then: Happens, born: float) -> None:
        if self._free_cores:
            self._free_cores -= 1
            self._compute(seconds, then, born)
        else:
            self._ready.append((seconds, then, born))

    def _leave_core(self) -> None:
        if self._ready:
            self._compute(*self._ready.popleft())
        else:
            self._free_cores += 1

    def _compute(self, mean_s: float, then: Happens, born: float) -> None:
        seconds = self._drawn(mean_s)
        self._busy_s += seconds
        self._later(seconds, then, born)

    def _drawn(self, mean_s: float) -> float:
        if self._load.varies and mean_s:
            return self._works.expovariate(1 / mean_s)
        return mean_s

    def _later(self, seconds: float, then: Happens, born: float) -> None:
        self._numbered += 1  # what is due at the same moment happens in this order
        heappush(self._due, (self._now + seconds, self._numbered, then, born))

    def _note_inside(self, change: int) -> None:
        self._area_s += self._inside * (self._now - self._changed_at)
        self._changed_at = self._now
        self._inside += change
        if self._inside > self._most_inside:
            self._most_inside = self._inside
