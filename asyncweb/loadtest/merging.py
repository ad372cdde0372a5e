"""The results of several processes that made one load at the same time, as one.

Rule: what is counted is added, and nothing is averaged that could be counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from asyncweb.errors import LoadError
from asyncweb.loadtest.second import added

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result


def merged(one: Result, other: Result) -> Result:
    """Both as one. Raises LoadError for results that do not belong together.

    The rates are over the time of the longer one.
    """
    _check_kin(one, other)
    parts = (one, other)
    spent_s = [part.connections * part.duration_s for part in parts]
    busy_s = sum(part.busy_share * time_s for part, time_s in zip(parts, spent_s, strict=True))
    return replace(
        one,
        connections=one.connections + other.connections,
        duration_s=max(one.duration_s, other.duration_s),
        requests=one.requests + other.requests,
        late=one.late + other.late,
        latency=one.latency + other.latency,
        errors=dict(Counter(one.errors) + Counter(other.errors)),
        busy_share=busy_s / sum(spent_s) if any(spent_s) else 1.0,
        client_cpu=max(one.client_cpu, other.client_cpu),
        client_lag_s=max(one.client_lag_s, other.client_lag_s),
        stolen_share=max(one.stolen_share, other.stolen_share),
        interrupted=one.interrupted or other.interrupted,
        service=one.service + other.service,
        slips=one.slips + other.slips,
        connects=one.connects + other.connects,
        dropped=one.dropped + other.dropped,
        unanswered=one.unanswered + other.unanswered,
        unasked=one.unasked + other.unasked,
        sent_bytes=one.sent_bytes + other.sent_bytes,
        received_bytes=one.received_bytes + other.received_bytes,
        seconds=added(one.seconds, other.seconds),
        warm_up_s=max(one.warm_up_s, other.warm_up_s),
        warm_up_requests=one.warm_up_requests + other.warm_up_requests,
        warm_up=added(one.warm_up, other.warm_up),
        schedule=" + ".join(dict.fromkeys(filter(None, (one.schedule, other.schedule)))),
    )


def _check_kin(one: Result, other: Result) -> None:
    advice = "merge is for processes that make one load together; use compare for two loads"
    if one.target != other.target:
        raise LoadError(f"merge: {one.target} and {other.target} are two targets; {advice}")
    if one.is_open != other.is_open:
        raise LoadError(f"merge: one loop is open and the other one closed; {advice}")
    if one.think_s != other.think_s:
        raise LoadError(f"merge: think_s is {one.think_s} and {other.think_s}; {advice}")
