"""When a connection that is free asks again: at once, after a thought, or when a request is due.

Rule: a closed loop waits for answers, an open one never does. What is due and cannot be sent waits
in its order, and its clock runs.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING

from asyncweb.loadtest.alarm import Alarm, new_alarm
from asyncweb.loadtest.visitor import Visitor

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd

GRAIN_S = 0.0002  # what is due within it is sent together: to be woken costs as much as a request


class Closed:
    """Each connection asks as soon as it has been answered and has thought for a while.

    One that goes away meanwhile is made again when the thought is over, and asks at once: a server
    that closes what is idle is asked as often as any other.
    """

    def __init__(self, crowd: Crowd, think_s: float):
        self._crowd = crowd
        self._think_s = think_s
        self._thoughts: dict[Visitor, float] = {}  # and when each is over
        self._thought_through = 0  # connections still to be made, whose thought is over

    def start(self) -> None:
        """The clock runs: nothing else is to be done."""

    def free(self, visitor: Visitor) -> None:
        """`visitor` has been answered, or is new."""
        if not self._think_s:
            self._ask(visitor)
        elif self._thought_through:
            self._thought_through -= 1
            self._ask(visitor)
        else:
            self._thoughts[visitor] = time.perf_counter() + self._think_s
            self._crowd.loop.call_later(self._think_s, self._wake, visitor)

    async def think_on(self, gone: Visitor) -> None:
        """Returns when the connection that is to follow on `gone` has something to ask."""
        over_at = self._thoughts.pop(gone, None)
        if over_at is not None:
            await asyncio.sleep(over_at - time.perf_counter())
            self._thought_through += 1

    def end(self) -> None:
        """The run is over."""

    @property
    def waiting(self) -> int:
        """How many requests are due and not sent."""
        return 0

    def _wake(self, visitor: Visitor) -> None:
        if visitor.can_ask:
            del self._thoughts[visitor]
            self._ask(visitor)

    def _ask(self, visitor: Visitor) -> None:
        if self._crowd.take_turn():
            visitor.ask()
        else:
            visitor.leave()


class Open:
    """Requests are sent when they are due, by any connection that is free."""

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        plan = crowd.plan
        assert plan.arrivals is not None
        self._moments = plan.arrivals.moments(plan.seed)
        self._most_waiting = plan.max_waiting
        self._idle: deque[Visitor] = deque()  # the longest idle first
        self._waiting: deque[float] = deque()  # when they were due
        self._next_due = 0.0
        self._alarm: Alarm | None = None  # of the next moment, while the clock runs

    def start(self) -> None:
        """The clock runs: the first request may be due."""
        self._alarm = new_alarm(self._crowd.loop, self._send_due)
        self._advance()
        self._send_due()

    def free(self, visitor: Visitor) -> None:
        """`visitor` has been answered, or is new."""
        if self._waiting:
            visitor.ask(self._waiting.popleft())
        else:
            self._idle.append(visitor)

    async def think_on(self, gone: Visitor) -> None:
        """Returns at once: what is due does not wait for a thought."""

    def end(self) -> None:
        """The run is over: what waits is never sent."""
        if self._alarm is not None:
            self._alarm.close()
            self._alarm = None
        self._crowd.tally.dropped += len(self._waiting)
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """How many requests are due and not sent."""
        return len(self._waiting)

    def _send_due(self) -> None:
        crowd = self._crowd
        while not crowd.over.is_set() and (late_s := time.perf_counter() - self._next_due) >= 0:
            if not crowd.take_turn():
                return
            crowd.tally.slipped(late_s)
            self._send(self._next_due)
            if not self._advance():
                return
        if self._alarm is not None and not crowd.over.is_set():
            self._alarm.set(max(self._next_due, time.perf_counter() + GRAIN_S))

    def _send(self, due_at: float) -> None:
        while self._idle:
            visitor = self._idle.popleft()
            if visitor.can_ask:
                visitor.ask(due_at)
                return
        if len(self._waiting) < self._most_waiting:
            self._waiting.append(due_at)
        else:
            self._crowd.tally.dropped += 1

    def _advance(self) -> bool:
        """Turns to the next moment; the load ends with the last one."""
        moment = next(self._moments, None)
        if moment is None:
            self._crowd.exhausted()
            return False
        self._next_due = self._crowd.began + moment
        return True
