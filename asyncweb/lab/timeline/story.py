"""What happened during a few requests, as data and as a picture.

Rule: plain values only; whoever watched has filled them in, and whoever draws reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from rich.console import RenderableType

UNDER_WAY, RUNS, WAITS, BLOCKED = "under way", "runs", "waits", "blocked"


class Event(NamedTuple):
    """What one request did for a while.

    "under way": between client and handler, with nobody in its way. "runs": its handler has a
    thread. "waits": it has asked for time, or for another thread's work. "blocked": it could go
    on, and the request `by` has the thread.
    """

    request: int  # its number, from 1
    what: str
    begins_ms: float  # since the first request was sent
    ends_ms: float
    thread: str  # "loop", "thread 2", "offload 1": where it runs, or would
    cpu_ms: float | None = None  # of what runs: how long the thread had a processor
    by: int | None = None
    line: str = ""  # of what ran long: where it was seen, "slow, line 7: time.sleep(0.2)"

    @property
    def lasts_ms(self) -> float:
        """How long.

        >>> Event(1, WAITS, 2.0, 12.5, "loop").lasts_ms
        10.5
        """
        return self.ends_ms - self.begins_ms


class Visit(NamedTuple):
    """One request from its question to its answer.

    >>> Visit(1, "GET /users/1", asked_ms=2.0, answered_ms=12.5).took_ms
    10.5
    """

    number: int
    name: str  # "GET /users/1"
    asked_ms: float | None = None  # None: another program asked
    answered_ms: float | None = None  # None: or there was no answer in time
    status: int | None = None

    @property
    def took_ms(self) -> float | None:
        """From the question to the answer, as its client saw it; None when nobody knows."""
        if self.asked_ms is None or self.answered_ms is None:
            return None
        return self.answered_ms - self.asked_ms


class Holdup(NamedTuple):
    """A run that kept others waiting."""

    run: Event
    held_up: tuple[int, ...]  # the requests
    cost_ms: float  # what all of them together waited for it


@dataclass(frozen=True, repr=False)
class Timeline:
    """A few requests and what each of them did; shows itself in a notebook and in a terminal.

    >>> run = Event(1, RUNS, 0.5, 50.5, "loop", cpu_ms=0.1, line="slow, line 3: time.sleep(0.05)")
    >>> late = Event(2, BLOCKED, 1.0, 50.5, "loop", by=1)
    >>> seen = Timeline("async", (Visit(1, "GET /slow"), Visit(2, "GET /fast")), (run, late))
    >>> seen.lasted_ms, seen.threads, seen.total_ms(BLOCKED), seen.most_at_once(RUNS)
    (50.5, ('loop',), 49.5, 1)
    >>> seen.holdups[0].held_up, seen.holdups[0].run.line
    ((2,), 'slow, line 3: time.sleep(0.05)')
    >>> print(seen)
    1 GET /slow  ▓▓▓...
    """

    engine: str  # "async" or "threads"
    visits: tuple[Visit, ...]
    events: tuple[Event, ...]  # in the order of their beginnings

    @property
    def lasted_ms(self) -> float:
        """From the first question to the last thing that was seen."""
        answered = [visit.answered_ms or 0.0 for visit in self.visits]
        return max([*answered, *(event.ends_ms for event in self.events)], default=0.0)

    @property
    def threads(self) -> tuple[str, ...]:
        """The threads that handlers, or what they offloaded, ran in."""
        return tuple(sorted({event.thread for event in self._of(RUNS)}, key=_kind_and_number))

    def total_ms(self, what: str, request: int | None = None) -> float:
        """How long `what` lasted in all, of all requests or of one; several at once count each."""
        return sum(event.lasts_ms for event in self._of(what) if request in (None, event.request))

    def most_at_once(self, what: str) -> int:
        """The most requests that did `what` at the same moment."""
        ends = ((event.ends_ms, -1) for event in self._of(what))
        begins = ((event.begins_ms, 1) for event in self._of(what))
        steps = sorted([*begins, *ends])  # at one moment, who ends goes first
        return max(accumulate(step for _, step in steps), default=0)

    @property
    def holdups(self) -> tuple[Holdup, ...]:
        """The runs that kept others waiting, the most costly first."""
        found = [self._holdup(run) for run in self._of(RUNS)]
        return tuple(sorted((one for one in found if one.held_up), key=lambda one: -one.cost_ms))

    def _of(self, what: str) -> Iterator[Event]:
        return (event for event in self.events if event.what == what)

    def _holdup(self, run: Event) -> Holdup:
        cost_ms: dict[int, float] = defaultdict(float)
        for event in self._of(BLOCKED):
            shared_ms = min(event.ends_ms, run.ends_ms) - max(event.begins_ms, run.begins_ms)
            if event.by == run.request and event.thread == run.thread and shared_ms > 0:
                cost_ms[event.request] += shared_ms
        return Holdup(run, tuple(sorted(cost_ms)), sum(cost_ms.values()))

    def __repr__(self) -> str:
        return f"<Timeline of {len(self.visits)} requests in {self.lasted_ms:.1f} ms>"

    def __str__(self) -> str:
        from asyncweb.lab.timeline.lines import as_text

        return as_text(self)

    def __rich__(self) -> RenderableType:
        from asyncweb.lab.timeline.lines import as_rich

        return as_rich(self)

    def svg(self) -> str:
        """The picture, as an SVG file that needs nothing from elsewhere."""
        from asyncweb.lab.timeline.svg import drawn

        return drawn(self)

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        from asyncweb.lab.timeline.page import bundle

        return bundle(self)


def _kind_and_number(thread: str) -> tuple[bool, int]:
    kind, _, number = thread.partition(" ")
    return kind == "offload", int(number or 0)
