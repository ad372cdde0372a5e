"""From what was noted to what happened: who was kept from going on, when, and by whom.

Rule: blocked is who could go on while another request has the thread it needs. A request that is
asked for could; one that waits could from the moment its wait was over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asyncweb.lab.timeline.notes import OFFLOADED, Call, Notes, Step
from asyncweb.lab.timeline.story import BLOCKED, RUNS, UNDER_WAY, WAITS, Event, Timeline, Visit


class _Request(NamedTuple):
    """One request as both sides saw it; as far as they did."""

    number: int
    call: Call | None
    notes: Notes | None

    @property
    def began_ns(self) -> int:
        if self.call is not None:
            return self.call.asked_ns
        assert self.notes is not None
        return self.notes.steps[0].began_ns


class _Hold(NamedTuple):
    """A while in which a request has a thread."""

    from_ns: int
    until_ns: int
    by: int


def told(engine: str, notes: Sequence[Notes], calls: Sequence[Call] = ()) -> Timeline:
    """The timeline of `notes`; with `calls`, of those requests alone, as they were asked.

    `engine` is "async", where only what runs has the thread, or "threads", where a request has
    its thread from its beginning to its end.
    """
    requests = _paired(notes, calls)
    zero_ns = min((request.began_ns for request in requests), default=0)
    teller = _Teller(engine, requests, zero_ns)
    events = [event for request in requests for event in teller.events(request)]
    events.sort(key=lambda event: (event.begins_ms, event.request))
    return Timeline(engine, tuple(map(teller.visit, requests)), tuple(events))


def _paired(notes: Sequence[Notes], calls: Sequence[Call]) -> list[_Request]:
    """What the server noted beside what the client did: a connection carries one request."""
    if not calls:
        in_order = sorted(notes, key=lambda one: one.steps[0].began_ns)
        return [_Request(number, None, one) for number, one in enumerate(in_order, 1)]
    of_client = {one.client: one for one in notes}
    return [
        _Request(number, call, of_client.get(call.client)) for number, call in enumerate(calls, 1)
    ]


class _Teller:
    """Tells of each request what it did, in ms since `zero_ns`."""

    def __init__(self, engine: str, requests: Sequence[_Request], zero_ns: int):
        self._zero_ns = zero_ns
        self._names = _thread_names(engine, [one.notes for one in requests if one.notes])
        self._holds: dict[int, list[_Hold]] = defaultdict(list)
        for request in requests:
            if request.notes is not None:
                self._holds[request.notes.thread] += _holds(engine, request.number, request.notes)
        for holds in self._holds.values():
            holds.sort()

    def visit(self, request: _Request) -> Visit:
        """The request as a whole."""
        number, call, notes = request
        if call is None:
            assert notes is not None
            return Visit(number, notes.name)
        answered_ms = None if call.answered_ns is None else self._ms(call.answered_ns)
        return Visit(number, call.name, self._ms(call.asked_ns), answered_ms, call.status)

    def events(self, request: _Request) -> Iterator[Event]:
        """All that it did; of what takes no time nothing is told."""
        yield from (event for event in self._steps(request) if event.ends_ms > event.begins_ms)

    def _steps(self, request: _Request) -> Iterator[Event]:
        number, call, notes = request
        if notes is None:
            if call is not None and call.answered_ns is not None:  # without a handler
                yield self._event(number, UNDER_WAY, call.asked_ns, call.answered_ns, None)
            return
        thread = notes.thread
        if call is not None:
            begun_ns = notes.steps[0].began_ns
            yield from self._ready(number, thread, call.asked_ns, begun_ns, UNDER_WAY)
        for step in notes.steps:
            yield from self._step(number, notes, step)
        if call is not None and call.answered_ns is not None:
            ended_ns = max(step.ended_ns for step in notes.steps)
            yield self._event(number, UNDER_WAY, ended_ns, call.answered_ns, thread)

    def _step(self, number: int, notes: Notes, step: Step) -> Iterator[Event]:
        span = step.began_ns, step.ended_ns, step.thread
        if step.what != WAITS:
            line = _line(notes, step) if step.what == RUNS else ""
            yield self._event(number, RUNS, *span)._replace(cpu_ms=step.cpu_ns / 1e6, line=line)
            return
        ready_ns = step.ended_ns if step.ready_ns is None else step.ready_ns
        ready_ns = min(max(ready_ns, step.began_ns), step.ended_ns)
        first, *others = self._ready(number, notes.thread, ready_ns, step.ended_ns, WAITS)
        yield first._replace(begins_ms=self._ms(step.began_ns))
        yield from others

    def _ready(
        self, number: int, thread: int, from_ns: int, until_ns: int, otherwise: str
    ) -> Iterator[Event]:
        """It could go on all this time: where another had the thread, it was blocked."""
        for began_ns, ended_ns, by in self._others(number, thread, from_ns, until_ns):
            yield self._event(number, otherwise, from_ns, began_ns, thread)
            yield self._event(number, BLOCKED, began_ns, ended_ns, thread)._replace(by=by)
            from_ns = ended_ns
        yield self._event(number, otherwise, from_ns, until_ns, thread)

    def _others(self, number: int, thread: int, from_ns: int, until_ns: int) -> Iterator[_Hold]:
        """Who else had `thread` in that time, each from and until when."""
        holds = self._holds[thread]
        first = max(bisect_right(holds, (from_ns,)) - 1, 0)
        for hold in holds[first:]:
            if hold.from_ns >= until_ns:
                return
            began_ns, ended_ns = max(hold.from_ns, from_ns), min(hold.until_ns, until_ns)
            if began_ns < ended_ns and hold.by != number:
                yield _Hold(began_ns, ended_ns, hold.by)

    def _event(
        self, number: int, what: str, began_ns: int, ended_ns: int, thread: int | None
    ) -> Event:
        name = self._names.get(thread, "")
        return Event(number, what, self._ms(began_ns), self._ms(ended_ns), name)

    def _ms(self, at_ns: int) -> float:
        return (at_ns - self._zero_ns) / 1e6


def _holds(engine: str, number: int, notes: Notes) -> Iterator[_Hold]:
    """When a request had the thread it began in."""
    if engine == "threads":
        yield _Hold(notes.steps[0].began_ns, notes.steps[-1].ended_ns, number)
        return
    for step in notes.steps:
        if step.what == RUNS:
            yield _Hold(step.began_ns, step.ended_ns, number)


def _thread_names(engine: str, notes: Sequence[Notes]) -> dict[int | None, str]:
    names: dict[int | None, str] = {}
    for one in notes:
        own = "loop" if engine == "async" else f"thread {len(names) + 1}"
        names.setdefault(one.thread, own)
    steps = [step for one in notes for step in one.steps if step.what == OFFLOADED]
    for place, thread in enumerate(dict.fromkeys(step.thread for step in steps), 1):
        names[thread] = f"offload {place}"
    return names


def _line(notes: Notes, run: Step) -> str:
    """Where the handler was seen most often during `run`; "" when nobody looked."""
    seen = [look.line for look in notes.looks if run.began_ns <= look.at_ns <= run.ended_ns]
    return max(seen, key=seen.count) if seen else ""
