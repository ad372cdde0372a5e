"""What several servers counted, as if it had been one.

Rule: what was counted is added up; of what was measured the longest is told, since percentiles
cannot be added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from asyncweb.servers.observer import BLOCKS_KEPT


def total(counts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sum of what several servers counted; where they measured, the worst of it.

    >>> total([{"requests": 2, "statuses": {200: 2}}, {"requests": 1, "statuses": {404: 1}}])
    {'requests': 3, 'connections': 0, 'in_flight': 0, 'queued': 0, 'statuses': {200: 2, 404: 1}, \
'blocks': []}
    """
    sums = {"requests": 0, "connections": 0, "in_flight": 0, "queued": 0}
    blocks: list[dict[str, Any]] = []
    statuses: Counter[int] = Counter()
    counts = tuple(counts)
    for counted in counts:
        for name in sums:
            sums[name] += counted.get(name) or 0
        statuses.update(counted.get("statuses", {}))
        blocks += counted.get("blocks", [])
    blocks.sort(key=itemgetter("began"))
    return {
        **sums,
        "statuses": dict(statuses),
        "blocks": blocks[-BLOCKS_KEPT:],
        **_worst(counts),
    }


def _worst(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of what was measured in seconds the longest: no percentile of all is above it.

    >>> one, other = {"count": 1, "p50": 0.1}, {"count": 2, "p50": 0.3}
    >>> _worst([{"routes": {"/": one}}, {"routes": {"/": other}}])
    {'routes': {'/': {'count': 3, 'p50': 0.3}}}
    """
    worst: dict[str, Any] = {}
    for name in ("loop_lag_recent_s", "gc_pause_recent_s"):
        if any(name in counted for counted in counts):
            worst[name] = max((counted.get(name) or 0.0 for counted in counts), default=0.0) or None
    if any("routes" in counted for counted in counts):
        routes: dict[str, dict[str, Any]] = {}
        for counted in counts:
            for route, measured in counted.get("routes", {}).items():
                routes[route] = _longer(routes.get(route), measured)
        worst["routes"] = routes
    return worst


def _longer(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """Two measurements of one route as one: the requests of both, the longer of each duration."""
    if one is None:
        return dict(other)
    longer = {name: max(one[name] or 0, other[name] or 0) or None for name in one}
    return {**longer, "count": one["count"] + other["count"]}
