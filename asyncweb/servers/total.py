"""What several servers counted, as if it had been one.

Rule: what was counted is added up, also in the buckets of a histogram; of what was measured the
longest is told, since percentiles cannot be added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from asyncweb.servers.observer import BLOCKS_KEPT

HISTOGRAMS = ("latency", "loop_lag", "gc_pauses")


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
        **_histograms(counts),
        **_routes(counts),
    }


def _histograms(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Each histogram of all, exactly; nothing where none is told.

    >>> one = {"counts": {"7": 1}, "total_s": 0.25, "min_s": 0.25, "max_s": 0.25}
    >>> none = {"counts": {}, "total_s": 0.0, "min_s": 0.0, "max_s": 0.0}
    >>> _histograms([{"loop_lag": one}, {}, {"loop_lag": none}, {"loop_lag": one}])
    {'loop_lag': {'counts': {'7': 2}, 'total_s': 0.5, 'min_s': 0.25, 'max_s': 0.25}}
    """
    all_told = {
        name: [counted[name] for counted in counts if name in counted] for name in HISTOGRAMS
    }
    return {name: _sum(told) for name, told in all_told.items() if told}


def _sum(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    buckets: Counter[str] = Counter()
    for histogram in told:
        buckets.update(histogram["counts"])
    return {
        "counts": dict(buckets),
        "total_s": sum(histogram["total_s"] for histogram in told),
        "min_s": min((one["min_s"] for one in told if one["counts"]), default=0.0),
        "max_s": max(histogram["max_s"] for histogram in told),
    }


def _routes(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of what was measured in seconds the longest: no percentile of all is above it.

    >>> one, other = {"count": 1, "p50": 0.1}, {"count": 2, "p50": 0.3}
    >>> _routes([{"routes": {"/": one}}, {"routes": {"/": other}}])
    {'routes': {'/': {'count': 3, 'p50': 0.3}}}
    """
    told = [counted["routes"] for counted in counts if "routes" in counted]
    routes: dict[str, dict[str, Any]] = {}
    for measured in told:
        for route, durations in measured.items():
            routes[route] = _longer(routes.get(route), durations)
    return {"routes": routes} if told else {}


def _longer(one: dict[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    """Two measurements of one route as one: the requests of both, the longer of each duration."""
    if one is None:
        return dict(other)
    longer = {name: max(one[name] or 0, other[name] or 0) or None for name in one}
    return {**longer, "count": one["count"] + other["count"]}
