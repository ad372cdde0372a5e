"""What several servers counted, as if it had been one.

Rule: what was counted is added up, also in the buckets of histograms: the percentiles of all are as
exact as those of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add, itemgetter
from typing import Any

from asyncweb.servers.observer import BLOCKS_KEPT

HISTOGRAMS = ("loop_lag", "gc_pauses")
GROWING = ("requests", "statuses", "routes", *HISTOGRAMS)  # what outlives the server that counted


def total(counts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sum of what several servers counted.

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
    """Each histogram of all; nothing where none is told.

    >>> _histograms([{"loop_lag": Counter(a=1)}, {}, {"loop_lag": Counter(a=1, b=2)}])
    {'loop_lag': Counter({'a': 2, 'b': 2})}
    """
    told = {name: [counted[name] for counted in counts if name in counted] for name in HISTOGRAMS}
    return {name: reduce(add, histograms) for name, histograms in told.items() if histograms}


def _routes(counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The histogram of each route; nothing where none is told.

    >>> _routes([{"routes": {"/": Counter(a=1)}}, {"routes": {"/": Counter(a=2)}}])
    {'routes': {'/': Counter({'a': 3})}}
    """
    told = [counted["routes"] for counted in counts if "routes" in counted]
    routes: dict[str, Any] = {}
    for histograms in told:
        for route, histogram in histograms.items():
            routes[route] = routes[route] + histogram if route in routes else histogram
    return {"routes": routes} if told else {}
