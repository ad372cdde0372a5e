"""What a crowd has found, as a result.

Rule: it only looks, when the run is over and before anybody is sent home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asyncweb.loadtest.result import Result
from asyncweb.loadtest.second import before_zero

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd


def findings(crowd: Crowd, cpu_s: float) -> Result:
    """The result of `crowd`, whose process used `cpu_s` seconds of CPU while it counted."""
    plan, tally, strain = crowd.plan, crowd.tally, crowd.strain
    duration_s = crowd.ended - crowd.counts_from
    latency = tally.latency()
    return Result(
        target=plan.url,
        connections=crowd.attendance.most,
        duration_s=duration_s,
        requests=latency.count,
        late=crowd.late,
        latency=latency,
        errors=dict(+tally.errors),
        busy_share=crowd.busy_share,
        client_cpu=cpu_s / duration_s if duration_s else 0.0,
        client_lag_s=strain.lag_s,
        stolen_share=strain.stolen_share(),
        service=tally.service(),
        slips=tally.slips,
        connects=tally.connects,
        dropped=tally.dropped,
        unanswered=_unanswered(crowd),
        unasked=tally.unasked,
        sent_bytes=tally.sent_bytes,
        received_bytes=tally.received_bytes,
        seconds=tuple(tally.seconds),
        schedule=plan.schedule,
        think_s=plan.think_s,
        warm_up_s=crowd.counts_from - crowd.began,
        warm_up_requests=crowd.warm_up.latency().count,
        warm_up=before_zero(crowd.warm_up.seconds),
    )


def _unanswered(crowd: Crowd) -> int:
    asked = (due_at for visitor in crowd.visitors for due_at, _, _ in visitor.asked)
    return sum(due_at >= crowd.counts_from for due_at in asked)
