"""A timeline in words, for whoever does not see the picture.

Rule: all that the picture shows is said, in the order in which one would point at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from asyncweb.drawing.units import seconds
from asyncweb.lab.timeline.story import BLOCKED, RUNS, UNDER_WAY, WAITS, Event, Timeline

TOLD = 12  # requests, each in a sentence of its own
HOLDUPS_TOLD = 3
LEAST_MS = 1.0  # of waiting that one run has cost; less is how a queue moves on
_VERBS = {RUNS: "ran", WAITS: "waited", BLOCKED: "was kept waiting", UNDER_WAY: "was under way"}


def in_words(timeline: Timeline) -> str:
    """The whole of it.

    >>> from asyncweb.lab.timeline.story import Visit
    >>> ran = Event(1, RUNS, 0.0, 0.5, "loop", cpu_ms=0.4)
    >>> print(in_words(Timeline("async", (Visit(1, "GET /"),), (ran,))))
    Requests: 1, in 0.5 ms, on the loop. At most 0 waited at once. Request 1, GET /: ran 0.5 ms.
    """
    count, threads = len(timeline.visits), timeline.threads
    where = "the loop" if threads == ("loop",) else f"threads: {len(threads)}"
    said = [
        f"Requests: {count}, in {timeline.lasted_ms:.1f} ms, on {where}.",
        f"At most {timeline.most_at_once(WAITS)} waited at once.",
    ]
    said += [f"{one}." for one in holdups(timeline)]
    for visit in timeline.visits[:TOLD]:
        parts = [
            f"{verb} {timeline.total_ms(what, visit.number):.1f} ms"
            for what, verb in _VERBS.items()
            if timeline.total_ms(what, visit.number)
        ]
        said.append(f"Request {visit.number}, {visit.name}: {', '.join(parts) or 'unseen'}.")
    if count > TOLD:
        said.append(f"And {count - TOLD} more.")
    return " ".join(said)


def holdups(timeline: Timeline) -> Iterator[str]:
    """Who kept whom waiting, where that is worth a sentence."""
    for holdup in timeline.holdups[:HOLDUPS_TOLD]:
        if holdup.cost_ms < LEAST_MS:
            return
        run, others = holdup.run, holdup.held_up
        thread = "the loop" if run.thread == "loop" else run.thread
        share = processor_share(run)
        used = "" if share is None else f" ({share:.0%} of it with a processor)"
        whom = f"request {others[0]}" if len(others) == 1 else f"{len(others)} requests"
        yield (
            f"Request {run.request} held {thread} for {seconds(run.lasts_ms / 1000)}{used} and "
            f"kept {whom} waiting{': ' if run.line else ''}{run.line}"
        )


def processor_share(run: Event) -> float | None:
    """How much of a run its thread had a processor, 0 to 1; None when nobody knows."""
    if run.cpu_ms is None or not run.lasts_ms:
        return None
    return min(run.cpu_ms / run.lasts_ms, 1.0)
