"""The crowd: many connections on one event loop, each asking at its pace.

Rule: nothing here is done per request that can be done once per tick.

Before the clock of the run starts, each connection is answered once, a few at a time: what is
measured is a server that knows all its clients, not the rush at its door. One that takes its time
with that is waited for half a second, and the next few come.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from typing import Any

from asyncweb.errors import LoadError
from asyncweb.loadtest.alarm import new_alarm
from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.attendance import Attendance
from asyncweb.loadtest.busy import busy_share
from asyncweb.loadtest.door import Door
from asyncweb.loadtest.findings import findings
from asyncweb.loadtest.pace import Closed, Open
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Phase
from asyncweb.loadtest.questions import requests
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.strain import Strain
from asyncweb.loadtest.tally import Tally
from asyncweb.loadtest.visitor import Visitor

TICK_S = 0.02  # how often timeouts are looked for and the loop's own lag is measured
CONNECT_PAUSE_S = 0.1  # after a failed connect, so that a dead server is not hammered
WIND_DOWN_S = 2.0  # how long requests in flight at the end may take


class Crowd:
    """All connections of one plan, from the first send to the last answer.

    Raises LoadError for a plan that cannot be done here.
    """

    def __init__(self, plan: Plan):
        self.plan = plan
        self.door = Door(self)
        self.loop = asyncio.get_running_loop()
        self.heads = Heads()  # of the answers that came before
        self._requests = requests(plan, self.heads)
        # A function of others may fail, and only then that has to be looked for.
        self.next_request = self._requests.__next__ if plan.ask is None else self._next_or_fail
        self.phase = Phase.GATHERING
        self.tally = self._new_tally()  # of the present phase
        self.warm_up = self._new_tally()
        self.pace = Closed(self, plan.think_s) if plan.arrivals is None else Open(self)
        self.visitors: set[Visitor] = set()
        self.late = 0
        self.dismissed = False  # the end was reached and nothing is waited for any more
        self.began = 0.0  # when the clock started; 0 while the crowd gathers
        self.ended = 0.0  # when it stopped; 0 until then
        self.settled_at = 0.0  # when a request was last answered, or failed
        self.over = asyncio.Event()  # set it to end the run early
        self._failure: LoadError | None = None  # that ends the run without a result
        self.counts_from = math.inf  # what was due before is not of this phase
        self._left = plan.requests
        self.strain = Strain()  # since the present phase began
        self.busy_share = 1.0  # see `busy`; known when there is nothing left to ask
        self.attendance = Attendance(self._visit)
        self._waited_for = plan.connections
        self._gathered = asyncio.Event()

    async def run(self, together: Callable[[], Awaitable[float]] | None = None) -> Result:
        """Does what the plan says.

        `together()` is asked when the crowd has gathered, and waited for: it gives the moment, by
        time.perf_counter, at which several crowds shall start. Raises LoadError when the plan turns
        out to be impossible.
        """
        self.attendance.resize(self.plan.connections, -math.inf)
        ticks = self.loop.create_task(self._tick())
        if self.plan.gathers:
            await self._unless_over(self._gathered.wait())
        if together is not None:
            await self._unless_over(self._wait_until(together()))
        self._begin()
        await self._until_over()
        self.ended = self._ended_at()
        self._end_warm_up(self.ended)
        # The timer of the end may be early by a part of a tick: the last second is a whole one.
        self.tally.turn_to(int(self.ended - self.counts_from + TICK_S / 2))
        cpu_s = self.strain.cpu_s()
        self.pace.end()
        if self._left != 0:
            self.busy_share = busy_share(self, self.ended)
        await self._wind_down()
        found = findings(self, cpu_s)
        await self._go_home()
        ticks.cancel()
        if self._failure is not None:
            raise self._failure
        return found

    def resize(self, connections: int) -> None:
        """So many shall ask from now on: more come, or the last leave when they are answered."""
        self.attendance.resize(connections, time.perf_counter())

    # ------------------------------------------------------------------ for the visitors

    def arrived(self, visitor: Visitor) -> None:
        """A connection is made: it may ask."""
        self.door.let_in(visitor)
        self.visitors.add(visitor)
        if self.plan.gathers and not self.began:
            visitor.ask()
        else:
            self._admit(visitor)

    def take_turn(self) -> bool:
        """Whether one more request is to be sent."""
        if self.over.is_set() or self._left == 0:
            return False
        if self._left is not None and self.phase is Phase.MEASURED:
            self._left -= 1
            if not self._left:
                self.exhausted()
        return True

    def exhausted(self) -> None:
        """No request will be due any more: from now on it is no fault to be idle."""
        self._left = 0
        self.busy_share = busy_share(self, time.perf_counter())

    def fail(self, error: LoadError) -> None:
        """Ends the run at once: it comes to nothing but `error`."""
        self._failure = self._failure or error
        self.over.set()

    def _next_or_fail(self) -> tuple[bytes, Heads]:
        """The next request; nothing when there is none, which ends the run."""
        try:
            return next(self._requests, (b"", self.heads))
        except LoadError as error:
            self.fail(error)
            return b"", self.heads

    def answered(self, due_at: float, sent_at: float, status: int) -> None:
        """Counts one whole answer, if its request is one that counts."""
        self.settled_at = now = time.perf_counter()
        if due_at < self.counts_from:
            self.tally.asked_before_s += self.counted_s(sent_at, now)
            return
        self.tally.answered(due_at, sent_at, now)
        if self.ended:
            self.late += 1
        if status >= 400:
            self.tally.errors["4xx" if status < 500 else "5xx"] += 1

    def failed(self, kind: str, requests: int) -> None:
        """Counts `requests` that will have no answer."""
        self.settled_at = time.perf_counter()
        self.tally.errors[kind] += requests

    # ------------------------------------------------------------------ for those who look

    def in_flight(self) -> int:
        """How many connections wait for an answer."""
        return sum(visitor.sent_at is not None for visitor in self.visitors)

    def counted_s(self, since: float, until: float) -> float:
        """The seconds between two moments, as far as they are of this phase."""
        return max(until - max(since, self.counts_from), 0.0)

    # ------------------------------------------------------------------ the run

    async def _unless_over(self, coming: Coroutine[Any, Any, object]) -> None:
        """Waits for what is `coming`, or for the end of the run."""
        waits = [self.loop.create_task(coming), self.loop.create_task(self.over.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _until_over(self) -> None:
        with closing(new_alarm(self.loop, self.over.set)) as end:
            end.set(self.began + self.plan.lasts_s)
            await self.over.wait()

    async def _wait_until(self, moment: Awaitable[float]) -> None:
        await asyncio.sleep(await moment - time.perf_counter())

    def _begin(self) -> None:
        """Starts the clock, and everybody who is ready at once."""
        self.began = time.perf_counter()
        self._count(Phase.WARM_UP, self.began)
        if self.plan.warm_up_s:
            begin_to_count = self.began + self.plan.warm_up_s
            self.loop.call_later(self.plan.warm_up_s, self._end_warm_up, begin_to_count)
        else:
            self._end_warm_up(self.began)
        for visitor in tuple(self.visitors):
            if visitor.can_ask:
                self._admit(visitor)
        self.pace.start()

    def _end_warm_up(self, moment: float) -> None:
        """What is due from `moment` on is measured, and no longer apart."""
        if self.phase is not Phase.WARM_UP:
            return
        self.warm_up = self.tally
        self.warm_up.turn_to(int(moment - self.began + TICK_S / 2))
        self._count(Phase.MEASURED, moment)

    def _count(self, phase: Phase, moment: float) -> None:
        """Counts anew what is due from `moment` on; the connections that were made stay."""
        before, self.tally = self.tally, self._new_tally()
        self.tally.connects = before.connects
        if not self.plan.warm_up_s:
            self.tally.errors = before.errors  # at the door
        self.phase, self.counts_from = phase, moment
        self.strain = Strain()

    def _new_tally(self) -> Tally:
        return Tally(is_open=self.plan.arrivals is not None)

    def _admit(self, visitor: Visitor) -> None:
        """Lets `visitor` have as many requests in flight as it may."""
        for _ in range(self.plan.pipelined - len(visitor.asked)):
            self.pace.free(visitor)

    async def _visit(self) -> None:
        """Keeps one connection in the crowd until the end."""
        is_new = True
        while not self.over.is_set() and (self._left != 0 or self.pace.waiting):
            visitor = await self.door.connect()
            if is_new:
                is_new = False
                self._has_come()
            if visitor is not None:
                await self._until_gone(visitor)
                await self.pace.think_on(visitor)
                continue
            await asyncio.sleep(CONNECT_PAUSE_S)

    async def _until_gone(self, visitor: Visitor) -> None:
        try:
            await visitor.gone
        except asyncio.CancelledError:
            if not self.dismissed:
                visitor.leave()
            raise

    def _has_come(self) -> None:
        self._waited_for -= 1
        if self._waited_for == 0:
            self._gathered.set()

    async def _tick(self) -> None:
        due = time.perf_counter()
        while True:
            await asyncio.sleep(TICK_S)
            now, due = time.perf_counter(), due + TICK_S
            self.strain.lagged(max(now - due, 0.0))
            due = max(due, now)
            if self.began and not self.ended:
                self.tally.turn_to(int(now - self.counts_from))
            for visitor in tuple(self.visitors):
                if visitor.sent_at is not None and now - visitor.sent_at > self.plan.timeout_s:
                    visitor.fail("timeout")
            if self._is_done():
                self.over.set()

    def _is_done(self) -> bool:
        """Whether all that shall be asked has been, and nothing is waited for."""
        return self._left == 0 and not self.in_flight() and not self.pace.waiting

    def _ended_at(self) -> float:
        """When the run was over: with its last answer, where the next tick has only noticed it."""
        if self._is_done():
            return max(self.settled_at, self.counts_from)
        return time.perf_counter()

    async def _wind_down(self) -> None:
        """Waits for the requests in flight, for a while."""
        last_s = self.ended if self._failure else self.ended + WIND_DOWN_S
        while self.in_flight() and time.perf_counter() < last_s:
            await asyncio.sleep(TICK_S)

    async def _go_home(self) -> None:
        """Sends everybody home, whatever they wait for."""
        self.dismissed = True
        for visitor in tuple(self.visitors):
            visitor.dismiss()
        await self.attendance.end()
        # Who was cancelled while it connected may never say that it is gone.
        while self.visitors and time.perf_counter() < self.ended + WIND_DOWN_S:
            await asyncio.sleep(0)
