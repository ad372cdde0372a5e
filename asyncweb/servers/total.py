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
        **_latency(counts),
        **_worst(counts),
    }


def _latency(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The histogram of all, exactly; nothing where none is told.

    >>> one = {"counts": {"7": 1}, "total_s": 0.25, "min_s": 0.25, "max_s": 0.25}
    >>> none = {"counts": {}, "total_s": 0.0, "min_s": 0.0, "max_s": 0.0}
    >>> _latency([{"latency": one}, {}, {"latency": none}, {"latency": one}])
    {'latency': {'counts': {'7': 2}, 'total_s': 0.5, 'min_s': 0.25, 'max_s': 0.25}}
    """
    told = [counted["latency"] for counted in counts if "latency" in counted]
    if not told:
        return {}
    buckets: Counter[str] = Counter()
    for latency in told:
        buckets.update(latency["counts"])
    latency = {
        "counts": dict(buckets),
        "total_s": sum(latency["total_s"] for latency in told),
        "min_s": min((latency["min_s"] for latency in told if latency["counts"]), default=0.0),
        "max_s": max(latency["max_s"] for latency in told),
    }
    return {"latency": latency}


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
