"""The crowd: many connections on one event loop, each asking as soon as it has been answered.

Rule: nothing here is done per request that can be done once per tick.

Before the clock of the run starts, each connection is answered once, a few at a time: what is
measured is a server that knows all its clients, not the rush at its door.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Progress, Result
from asyncweb.loadtest.visitor import Visitor
from asyncweb.metrics.histogram import Histogram

TICK_S = 0.02  # how often timeouts are looked for and the loop's own lag is measured
CONNECTING_AT_ONCE = 128
CONNECT_PAUSE_S = 0.1  # after a failed connect, so that a dead server is not hammered
WIND_DOWN_S = 2.0  # how long requests in flight at the end may take


class Crowd:
    """All connections of one plan, from the first send to the last answer."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.request = plan.request_bytes()
        self.heads_only = plan.method == "HEAD"
        self.loop = asyncio.get_running_loop()
        self.visitors: set[Visitor] = set()
        self.errors: Counter[str] = Counter()
        self.latency = Histogram()
        self._uncounted: list[float] = []  # durations the histogram does not know yet
        self.late = 0
        self.dismissed = False  # the end was reached and nothing is waited for any more
        self.began = 0.0  # when the clock started; 0 while the crowd gathers
        self.ended = 0.0  # when it stopped; 0 until then
        self._left = plan.requests
        self.over = asyncio.Event()  # set it to end the run early
        self._lag = Histogram()
        self._connecting = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self._waited_for = plan.connections
        self._gathered = asyncio.Event()
        self._told = (time.perf_counter(), 0)

    async def run(self) -> Result:
        """Does what the plan says."""
        visits = [self.loop.create_task(self._visit()) for _ in range(self.plan.connections)]
        ticks = self.loop.create_task(self._tick())
        if self.plan.requests is None:
            await self._gather()
        self._begin()
        cpu_before = time.process_time()
        try:
            await asyncio.wait_for(self.over.wait(), self.plan.duration_s)
        except TimeoutError:
            self.over.set()
        self.ended = time.perf_counter()
        cpu = time.process_time() - cpu_before
        self._count()
        busy_s = self.latency.total + sum(self._waiting_s(self.ended))
        await self._wind_down(visits)
        self._count()
        ticks.cancel()
        return self._result(self.ended - self.began, cpu, busy_s)

    def take_turn(self) -> bool:
        """Whether one more request is to be sent."""
        if self.over.is_set() or self._left == 0:
            return False
        if self._left is not None:
            self._left -= 1
        return True

    def answered(self, seconds: float, status: int) -> None:
        """Counts one whole answer, once the clock runs."""
        if not self.began:
            return
        self._uncounted.append(seconds)
        if self.ended:
            self.late += 1
        if status >= 400:
            self.errors["4xx" if status < 500 else "5xx"] += 1

    def progress(self) -> Progress:
        """How it stands now."""
        self._count()
        now, count = time.perf_counter(), self.latency.count
        then, count_then = self._told
        self._told = (now, count)
        return Progress(
            at_s=now - self.began if self.began else 0.0,
            requests=count,
            throughput_rps=(count - count_then) / max(now - then, 1e-9),
            latency=self.latency.copy(),
            errors=dict(self.errors),
            connected=len(self.visitors),
            in_flight=self._in_flight(),
        )

    def _count(self) -> None:
        self.latency.record_all(self._uncounted)
        self._uncounted.clear()

    def _in_flight(self) -> int:
        return sum(visitor.sent_at is not None for visitor in self.visitors)

    def _waiting_s(self, now: float) -> list[float]:
        """How long each request in flight has been waited for, at most since the clock started."""
        sent = (visitor.sent_at for visitor in self.visitors if visitor.sent_at is not None)
        return [now - max(moment, self.began) for moment in sent]

    async def _gather(self) -> None:
        """Waits until every connection has been answered once, or has failed."""
        over = self.loop.create_task(self.over.wait())
        gathered = self.loop.create_task(self._gathered.wait())
        await asyncio.wait((over, gathered), return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        gathered.cancel()

    def _begin(self) -> None:
        """Starts the clock, and everybody who is ready at once."""
        self.began = time.perf_counter()
        self._told = (self.began, 0)
        for visitor in tuple(self.visitors):
            if visitor.sent_at is None:
                visitor.ask()

    async def _visit(self) -> None:
        """Keeps one connection in the crowd until the end."""
        is_new = True
        while not self.over.is_set() and self._left != 0:
            visitor = await self._connect()
            if is_new:
                is_new = False
                self._arrived()
            if visitor is not None:
                await visitor.gone
                continue
            self.errors["connect"] += 1
            await asyncio.sleep(CONNECT_PAUSE_S)

    def _arrived(self) -> None:
        self._waited_for -= 1
        if self._waited_for == 0:
            self._gathered.set()

    async def _connect(self) -> Visitor | None:
        """A connection that has been answered once, when that is asked for; None if it failed."""
        plan, visitor = self.plan, Visitor(self)
        async with self._connecting:
            try:
                async with asyncio.timeout(plan.timeout_s):
                    await self.loop.create_connection(lambda: visitor, plan.host, plan.port)
            except OSError:  # TimeoutError is one of them
                visitor.forget()
                return None
            except asyncio.CancelledError:
                visitor.forget()
                raise
            if not self.began:
                await visitor.ready
        return visitor

    async def _tick(self) -> None:
        due = time.perf_counter()
        while True:
            await asyncio.sleep(TICK_S)
            now, due = time.perf_counter(), due + TICK_S
            self._lag.record(max(now - due, 0.0))
            due = max(due, now)
            self._count()
            for visitor in tuple(self.visitors):
                if visitor.sent_at is not None and now - visitor.sent_at > self.plan.timeout_s:
                    visitor.fail("timeout")
            if self._left == 0 and not self._in_flight():
                self.over.set()

    async def _wind_down(self, visits: list[asyncio.Task[None]]) -> None:
        """Waits for the requests in flight, then sends everybody home."""
        while self._in_flight() and time.perf_counter() < self.ended + WIND_DOWN_S:
            await asyncio.sleep(TICK_S)
        self.dismissed = True
        for visitor in tuple(self.visitors):
            visitor.dismiss()
        for visit in visits:
            visit.cancel()
        await asyncio.wait(visits)
        # Who was cancelled while it connected may never say that it is gone.
        while self.visitors and time.perf_counter() < self.ended + WIND_DOWN_S:
            await asyncio.sleep(0)

    def _result(self, duration_s: float, cpu_seconds: float, busy_s: float) -> Result:
        return Result(
            target=self.plan.url,
            connections=self.plan.connections,
            duration_s=duration_s,
            requests=self.latency.count,
            late=self.late,
            latency=self.latency,
            errors=dict(self.errors),
            busy_share=busy_s / (self.plan.connections * duration_s),
            client_cpu=cpu_seconds / duration_s,
            client_lag_s=self._lag.percentile(0.99) if self._lag.count else 0.0,
        )
