"""The packages beneath a framework: which it asks for itself, and which come with those.

Rule: a package counts once, a second version of it a second time; the framework does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from asyncweb.errors import LessonError

Graph = Mapping[str, Collection[str]]  # "name version" -> what it asks for, in the same words


class CannotCount(LessonError):
    """A system whose dependencies cannot be counted here."""


@dataclass(frozen=True)
class Tree:
    """Of one framework; each a "name version" or, where nobody tells versions, a name."""

    direct: tuple[str, ...]
    all: tuple[str, ...]
    beyond_runtime: tuple[str, ...]  # those of all that the runtime of tasks does not bring
    own: tuple[str, ...] = ()  # those of all that the framework's authors have written, if told

    def figure(self) -> dict[str, float]:
        """How many of each."""
        return {
            "direct": float(len(self.direct)),
            "all": float(len(self.all)),
            "beyond_runtime": float(len(self.beyond_runtime)),
            "own": float(len(self.own)),
        }


def tree(
    graph: Graph,
    roots: Iterable[str],
    runtime: Iterable[str] = (),
    own: Collection[str] = (),
) -> Tree:
    """What is beneath the packages named `roots`, with and without those named `runtime`.

    `own` are packages of the same authors. Raises CannotCount when none of `roots` is in the graph.

    >>> graph = {"web 1": ["tokio 1", "regex 1"], "tokio 1": ["mio 1"], "driver 2": ["regex 1"]}
    >>> tree(graph, ["web"], ["tokio"])
    Tree(direct=('regex 1', 'tokio 1'), all=('mio 1', 'regex 1', 'tokio 1'), \
beyond_runtime=('regex 1',), own=())
    """
    wanted = set(roots)
    tops = _named(graph, wanted)
    if not tops:
        raise CannotCount(f"none of {', '.join(sorted(wanted))} is among {len(graph)} packages")
    direct = {child for top in tops for child in graph[top]} - tops
    every = _beneath(graph, tops) - tops
    running = _named(graph, set(runtime))
    beyond = every - running - _beneath(graph, running)
    return Tree(*(tuple(sorted(part)) for part in (direct, every, beyond, every & set(own))))


def _named(graph: Graph, names: Collection[str]) -> set[str]:
    return {package for package in graph if package.partition(" ")[0] in names}


def _beneath(graph: Graph, tops: Iterable[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(tops)
    while ahead:
        fresh = set(graph.get(ahead.pop(), ())) - found
        found |= fresh
        ahead += fresh
    return found
