"""How much of its connections' time a crowd has waited for the server.

Rule: it only looks. A connection that idles while there is something to ask is told as a fault of
the load generator, so every wait for the server has to be counted here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncweb.loadtest.client import Crowd


def busy_share(crowd: Crowd, until: float) -> float:
    """The share of all connections' time in this phase that they waited; 1.0 of no time at all.

    They wait for answers, each request in flight by itself, and before that to be connected.
    """
    sent = [sent_at for visitor in crowd.visitors for _, sent_at, _ in visitor.asked]
    answers_s = crowd.tally.busy_s + _so_far_s(crowd, sent, until)
    connecting_s = crowd.tally.connecting_s + _so_far_s(crowd, crowd.door.knocking.values(), until)
    spent_s = crowd.attendance.spent_s(crowd.counts_from, until)
    may_ask = crowd.plan.pipelined  # at a time; all of these wait for the connection
    return (answers_s / may_ask + connecting_s) / spent_s if spent_s else 1.0


def _so_far_s(crowd: Crowd, since: Iterable[float], until: float) -> float:
    return sum(crowd.counted_s(moment, until) for moment in since)
