"""How much of its connections' time a crowd has waited for the server.

Rule: it only looks. A connection that idles while there is something to ask is the load generator's
fault, so whatever else it does then has to be counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd


def busy_share(crowd: Crowd, until: float) -> float:
    """The share of all connections' time in this phase that they waited; 1.0 of no time at all.

    Each request that a connection may have in flight is waited for by itself.
    """
    spent_s = crowd.attendance.spent_s(crowd.counts_from, until) * crowd.plan.pipelined
    in_flight_s = sum(
        crowd.counted_s(sent_at, until)
        for visitor in crowd.visitors
        for _, sent_at, _ in visitor.asked
    )
    return (crowd.tally.busy_s + in_flight_s) / spent_s if spent_s else 1.0
