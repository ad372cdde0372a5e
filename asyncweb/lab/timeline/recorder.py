"""Notes taken while requests are served: when each handler runs, and when it waits.

Rule: it changes nothing that it watches, not even whether a request needs a task. It stands where
every request passes: around the middleware, and between a coroutine and whoever drives it. A
coroutine runs from a `send` to its next `yield`, and waits from there to the next `send`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from asyncweb.context import Context
from asyncweb.engine import Engine
from asyncweb.http.messages import Response
from asyncweb.lab.timeline.notes import OFFLOADED, RUNS, WAITS, Address, Look, Notes, Step
from asyncweb.middleware import Unfinished

_NOT_ITS_OWN = -1  # the turn of what another task of the request has asked for


class Recorder:
    """Takes notes of every request that passes; `app.surround(recorder)`."""

    def __init__(self) -> None:
        self._visits: list[_Visit] = []
        self.running: dict[int, _Visit] = {}  # by thread: whose handler runs there now

    def __call__(self, ctx: Context, next: Callable[[Context], Any]) -> Any:
        """Passes the request on, and writes down what becomes of it."""
        visit = _Visit(ctx, self.running)
        self._visits.append(visit)
        ctx.engine = _Ear(ctx.engine, visit)
        visit.runs()
        try:
            value = next(ctx)
        finally:
            visit.rests()
        return _Driven(value, visit) if isinstance(value, Unfinished) else value

    def notes(self, port: int) -> list[Notes]:
        """What is known by now of the requests that came to `port`."""
        known = [visit.notes() for visit in self._visits.copy() if visit.port == port]
        return [notes for notes in known if notes.steps]


class _Visit:
    """One request under way. It is kept: a thousand of them should not be much."""

    __slots__ = (
        "_client", "_cpu_ns", "_name", "_rested_ns", "_running", "_steps", "began_ns", "is_running",
        "looks", "port", "ready_ns", "thread", "turns",
    )  # fmt: skip

    def __init__(self, ctx: Context, running: dict[int, _Visit]):
        self._name = f"{ctx.method} {ctx.request.raw_path}"
        self._client: Address | None = ctx.client
        self.port: int = getattr(ctx.engine, "port", 0)
        self._running = running
        self._steps: list[Step] = []
        self.looks: tuple[Look, ...] = ()  # of the lookout, which alone adds to them
        self.is_running = False
        self.turns = 0  # how often it was driven on
        self.ready_ns: int | None = None  # when what it waits for is there, as far as that is known
        self.began_ns = self._rested_ns = self._cpu_ns = self.thread = 0

    def runs(self) -> None:
        """Its handler goes on, in this thread."""
        self.thread = threading.get_ident()
        self._running[self.thread] = self
        self.is_running = True
        self._cpu_ns = time.thread_time_ns()
        self.began_ns = time.perf_counter_ns()
        if self._rested_ns:
            wait = Step(
                WAITS, self._rested_ns, self.began_ns, self.thread, ready_ns=self.ready_ns
            )  # fmt: skip
            self._steps.append(wait)
            self.ready_ns = None

    def rests(self) -> None:
        """Its handler has come to its end, or to a wait."""
        if not self.is_running:
            return
        self._rested_ns = time.perf_counter_ns()
        cpu_ns = time.thread_time_ns() - self._cpu_ns
        self.is_running = False
        self._running.pop(self.thread, None)
        self._steps.append(Step(RUNS, self.began_ns, self._rested_ns, self.thread, cpu_ns))

    def offloaded(self, turn: int, function: Callable[..., Any], *args: Any) -> Any:
        """What `function` returns, for which the handler waits since its `turn`."""
        thread = threading.get_ident()
        if thread == self.thread:
            return function(*args)  # on ThreadServer, as a part of its handler's run
        cpu_ns, began_ns = time.thread_time_ns(), time.perf_counter_ns()
        try:
            return function(*args)
        finally:
            ended_ns = time.perf_counter_ns()
            used_ns = time.thread_time_ns() - cpu_ns
            self._steps.append(Step(OFFLOADED, began_ns, ended_ns, thread, used_ns))
            if turn == self.turns:  # it still waits for this, and has not been cancelled
                self.ready_ns = ended_ns

    def notes(self) -> Notes:
        """All that was written down so far, in order."""
        steps = sorted(self._steps, key=lambda step: step.began_ns)
        return Notes(self._name, self._client, tuple(steps), self.looks)


class _Ear:
    """An engine that is heard: when a wait that it was asked for is over is known beforehand."""

    __slots__ = ("_engine", "_visit")

    def __init__(self, engine: Engine, visit: _Visit):
        self._engine = engine
        self._visit = visit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def sleep(self, seconds: float) -> None:
        visit, turns = self._visit, self._visit.turns
        if not visit.is_running:  # another task of this request asks
            await self._engine.sleep(seconds)
            return
        visit.ready_ns = time.perf_counter_ns() + int(seconds * 1e9)
        visit.rests()
        try:
            await self._engine.sleep(seconds)
        finally:
            if visit.turns == turns:  # nobody has driven it on: the thread itself has slept
                visit.runs()

    async def offload(self, function: Callable[..., Any], *args: Any) -> Any:
        turn = self._visit.turns if self._visit.is_running else _NOT_ITS_OWN
        return await self._engine.offload(self._visit.offloaded, turn, function, *args)


class _Driven(Unfinished):
    """A handler that waits, on its way between whoever drives it and its coroutine."""

    def __init__(self, handler: Unfinished, visit: _Visit):
        self._handler = handler
        self._visit = visit

    def __await__(self) -> Generator[Any, Any, Response]:
        steps, visit = self._handler.__await__(), self._visit
        waits_for = next(steps)
        while True:
            try:
                value = yield waits_for
            except BaseException as error:
                go_on = partial(steps.throw, error)
            else:
                go_on = partial(steps.send, value)
            visit.turns += 1
            visit.runs()
            try:
                waits_for = go_on()
            except StopIteration as done:
                response: Response = done.value
                return response
            finally:
                visit.rests()
