"""What those are called that are shown beside each other.

Rule: no two have one name, or they would be drawn as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count

from asyncweb.attach.target import Target


def distinct(servers: Sequence[Target]) -> list[str]:
    """A name for each of `servers`: its own; with its port, if another of that name has another.

    The second of those that are still alike is "fast (2)".
    """
    ports: dict[str, set[int]] = defaultdict(set)
    for server in servers:
        ports[server.name].add(server.port)
    return numbered(
        f"{server.name}:{server.port}" if len(ports[server.name]) > 1 else server.name
        for server in servers
    )


def numbered(names: Iterable[str]) -> list[str]:
    """`names`, of which those that came before have a number behind them.

    >>> numbered(["fast", "slow", "fast", "fast"])
    ['fast', 'slow', 'fast (2)', 'fast (3)']
    """
    given: list[str] = []
    for name in names:
        free = chain([name], (f"{name} ({number})" for number in count(2)))
        given.append(next(one for one in free if one not in given))
    return given
