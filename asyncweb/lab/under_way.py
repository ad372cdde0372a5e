"""A turn as the live view shows it: what was planned, how it stands, how it ended.

Rule: values in, values out; the plan says what shall be, the load's process what is.
"""

from __future__ import annotations

from dataclasses import replace

from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Phase, Progress
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.turn import Generator, Turn


def planned(target: str, plan: Plan) -> Turn:
    """The turn of `target` before it has begun."""
    return Turn(
        target=target,
        phase=Phase.GATHERING,
        lasts_s=plan.lasts_s,
        warm_up_s=plan.warm_up_s,
        most_requests=plan.requests,
        connections=plan.connections,
    )


def under_way(turn: Turn, progress: Progress, ceiling_rps: float | None) -> Turn:
    """`turn` as it stands by `progress`, of a generator that can do `ceiling_rps`."""
    return replace(
        turn,
        phase=progress.phase,
        at_s=progress.at_s,
        requests=progress.requests,
        warm_up_requests=progress.warm_up_requests,
        connected=progress.connected,
        generator=Generator(
            cpu_share=progress.client_cpu,
            lag_s=progress.client_lag_s,
            slip_s=progress.slip_s,
            usual_s=_median_s(progress.latency),
            throughput_rps=progress.throughput_rps,
            ceiling_rps=ceiling_rps,
        ),
    )


def over(turn: Turn, result: Result) -> Turn:
    """`turn` when it has ended, with what was found of the generator in all of it.

    >>> plan = Plan("http://127.0.0.1/", connections=2, duration_s=3.0)
    >>> turn = over(planned("fast", plan), Result("/", 2, 2.5, 5, 0, Histogram([0.1] * 5)))
    >>> turn.phase, turn.at_s, turn.requests, turn.generator.throughput_rps
    (<Phase.OVER: 'over'>, 2.5, 5, 2.0)
    """
    return replace(
        turn,
        phase=Phase.INTERRUPTED if result.interrupted else Phase.OVER,
        at_s=result.warm_up_s + result.duration_s,
        warm_up_s=result.warm_up_s,
        requests=result.requests,
        warm_up_requests=result.warm_up_requests,
        generator=replace(
            turn.generator,
            cpu_share=result.client_cpu,
            lag_s=result.client_lag_s,
            slip_s=result.slips.percentile(0.99) if result.slips.count else None,
            usual_s=_median_s(result.latency),
            throughput_rps=result.throughput_rps,
        ),
    )


def _median_s(latency: Histogram) -> float:
    return latency.percentile(0.5) if latency.count else 0.0
