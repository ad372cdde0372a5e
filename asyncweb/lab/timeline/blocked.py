"""From what was noted to what happened: who was kept from going on, when, and by whom.

Rule: blocked is who could go on while another request has the thread it needs. A request that is
asked for could; one that waits could from the moment its wait was over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from asyncweb.lab.timeline.notes import OFFLOADED, Call, Notes, Step
from asyncweb.lab.timeline.story import BLOCKED, RUNS, UNDER_WAY, WAITS, Event, Timeline, Visit

_Hold = tuple[int, int, int]  # from, until, and which request


def told(engine: str, notes: Sequence[Notes], calls: Sequence[Call] = ()) -> Timeline:
    """The timeline of `notes`; with `calls`, of those requests alone, as they were asked.

    `engine` is "async", where only what runs has the thread, or "threads", where a request has
    its thread from its beginning to its end.
    """
    by_client = {one.client: one for one in notes}
    pairs: list[tuple[Call | None, Notes | None]] = (
        [(call, by_client.get(call.client)) for call in calls]
        if calls
        else [(None, one) for one in sorted(notes, key=lambda one: one.steps[0].began_ns)]
    )
    numbered = [(number, *pair) for number, pair in enumerate(pairs, 1)]
    teller = _Teller(engine, [(number, one) for number, _, one in numbered if one is not None])
    for number, call, one in numbered:
        teller.tell(number, call, one)
    return teller.timeline(numbered)


class _Teller:
    """Puts the events together."""

    def __init__(self, engine: str, numbered: Sequence[tuple[int, Notes]]):
        self._engine = engine
        self._spans: list[tuple[Event, int, int]] = []  # events, in ns so far
        self._events: list[Event] = []
        self._names = _thread_names(engine, [notes for _, notes in numbered])
        self._holds: dict[int, list[_Hold]] = defaultdict(list)
        for number, notes in numbered:
            for hold in _holds(engine, number, notes):
                self._holds[notes.thread].append(hold)
        for holds in self._holds.values():
            holds.sort()

    def tell(self, number: int, call: Call | None, notes: Notes | None) -> None:
        """Adds what happened to one request."""
        if notes is None:
            assert call is not None
            if call.answered_ns is not None:  # an answer without a handler
                self._add(number, UNDER_WAY, call.asked_ns, call.answered_ns)
            return
        if call is not None:
            self._tell_ready(number, notes, call.asked_ns, notes.steps[0].began_ns, UNDER_WAY)
        for step in notes.steps:
            self._tell_step(number, notes, step)
        if call is not None and call.answered_ns is not None:
            ended_ns = max(step.ended_ns for step in notes.steps)
            self._add(number, UNDER_WAY, ended_ns, call.answered_ns, notes.thread)

    def timeline(self, numbered: Sequence[tuple[int, Call | None, Notes | None]]) -> Timeline:
        """All of it, in ms since the first question."""
        zero_ns = min((began for _, began, _ in self._spans), default=0)

        def ms(at_ns: int) -> float:
            return (at_ns - zero_ns) / 1e6

        events = [
            event._replace(begins_ms=ms(began), ends_ms=ms(ended))
            for event, began, ended in self._spans
        ]
        visits = []
        for number, call, notes in numbered:
            name = (call or notes).name  # type: ignore[union-attr]
            if call is None:
                visits.append(Visit(number, name))
                continue
            answered_ms = None if call.answered_ns is None else ms(call.answered_ns)
            visits.append(Visit(number, name, ms(call.asked_ns), answered_ms, call.status))
        events.sort(key=lambda event: (event.begins_ms, event.request))
        return Timeline(self._engine, tuple(visits), tuple(events))

    def _tell_step(self, number: int, notes: Notes, step: Step) -> None:
        if step.what == WAITS:
            ready_ns = step.ended_ns if step.ready_ns is None else step.ready_ns
            ready_ns = min(max(ready_ns, step.began_ns), step.ended_ns)
            self._add(number, WAITS, step.began_ns, ready_ns, notes.thread)
            self._tell_ready(number, notes, ready_ns, step.ended_ns, WAITS)
            return
        line = "" if step.what == OFFLOADED else _line(notes, step)
        self._add(
            number, RUNS, step.began_ns, step.ended_ns, step.thread,
            cpu_ms=step.cpu_ns / 1e6, line=line,
        )  # fmt: skip

    def _tell_ready(
        self, number: int, notes: Notes, from_ns: int, until_ns: int, otherwise: str
    ) -> None:
        """It could go on all this time: where another had the thread, it was blocked."""
        for began, ended, by in self._others(number, notes.thread, from_ns, until_ns):
            self._add(number, otherwise, from_ns, began, notes.thread)
            self._add(number, BLOCKED, began, ended, notes.thread, by=by)
            from_ns = ended
        self._add(number, otherwise, from_ns, until_ns, notes.thread)

    def _others(self, number: int, thread: int, from_ns: int, until_ns: int) -> Iterator[_Hold]:
        """Who else had `thread` in that time, each from and until when."""
        holds = self._holds[thread]
        first = max(bisect_right(holds, (from_ns,)) - 1, 0)
        for began, ended, by in holds[first:]:
            if began >= until_ns:
                return
            began, ended = max(began, from_ns), min(ended, until_ns)
            if began < ended and by != number:
                yield began, ended, by

    def _add(
        self, number: int, what: str, began_ns: int, ended_ns: int, thread: int | None = None,
        cpu_ms: float | None = None, by: int | None = None, line: str = "",
    ) -> None:  # fmt: skip
        if ended_ns <= began_ns:
            return
        before = self._spans[-1] if self._spans else None
        if what == WAITS and before is not None and before[0][:2] == (number, WAITS):
            began_ns = before[1]  # one wait, which is told in two parts
            self._spans.pop()
        event = Event(number, what, 0.0, 0.0, self._names.get(thread, ""), cpu_ms, by, line)
        self._spans.append((event, began_ns, ended_ns))


def _holds(engine: str, number: int, notes: Notes) -> Iterator[_Hold]:
    """When a request had the thread it began in."""
    if engine == "threads":
        yield notes.steps[0].began_ns, notes.steps[-1].ended_ns, number
        return
    for step in notes.steps:
        if step.what == RUNS:
            yield step.began_ns, step.ended_ns, number


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
