"""What two clients see of the same stall: one that waits for answers, and one that keeps its plan.

Rule: this room is quiet; it computes what would be seen, without a server, request by request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asyncweb.errors import LessonError
from asyncweb.lab.trouble import Pause


@dataclass(frozen=True, slots=True)
class Seen:
    """One request: when it was sent, in seconds, and its latency.

    >>> Seen(0.5, 0.1)
    Seen(at_s=0.5, latency_s=0.1)
    """

    at_s: float
    latency_s: float


def waiting_client(stall: Pause, answer_s: float) -> list[Seen]:
    """The requests of one period of `stall` by a client that asks when it has been answered.

    The period begins when a stall ends. `answer_s` is how long an answer takes otherwise.

    >>> [round(seen.latency_s, 1) for seen in waiting_client(Pause.read("1s/2s"), answer_s=0.4)]
    [0.4, 0.4, 0.4, 1.2]
    """
    _check(answer_s)
    seen, at_s = [], 0.0
    while at_s < stall.every_s:
        seen.append(Seen(at_s, stall.left_s(stall.for_s + at_s) + answer_s))
        at_s += seen[-1].latency_s
    return seen


def planning_client(stall: Pause, answer_s: float, rate_rps: float) -> list[Seen]:
    """The same period by a client that asks at `rate_rps`, whatever has been answered.

    >>> seen = planning_client(Pause.read("1s/2s"), answer_s=0.1, rate_rps=4)
    >>> [round(one.latency_s, 2) for one in seen]
    [0.1, 0.1, 0.1, 0.1, 1.1, 0.85, 0.6, 0.35]
    """
    _check(answer_s)
    moments = [number / rate_rps for number in range(round(stall.every_s * rate_rps))]
    return [Seen(at_s, stall.left_s(stall.for_s + at_s) + answer_s) for at_s in moments]


def corrected(latencies_s: Sequence[float], interval_s: float) -> list[float]:
    """`latencies_s` and those that a client that waited has left out, as far as one can guess.

    Somebody who meant to ask every `interval_s` and waited longer would have asked meanwhile: each
    such request would have waited one interval less than the one before. Source: Tene,
    HdrHistogram, recordValueWithExpectedInterval.

    >>> [round(value, 1) for value in corrected([0.1, 1.0], interval_s=0.3)]
    [0.1, 1.0, 0.7, 0.4]
    """
    if not interval_s > 0:
        raise LessonError(f"interval_s={interval_s!r}: expected seconds, above 0")
    complete = []
    for latency_s in latencies_s:
        complete.append(latency_s)
        while (latency_s := latency_s - interval_s) >= interval_s:
            complete.append(latency_s)
    return complete


def _check(answer_s: float) -> None:
    if not answer_s > 0:
        raise LessonError(f"answer_s={answer_s!r}: expected seconds, above 0")
