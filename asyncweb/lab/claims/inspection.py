"""What of a trial is read and compiled, and needs no load: once, when the loads are over.

Rule: what the file has is not looked at again, and of systems that were not asked for nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from asyncweb.lab.claims.checks import checks
from asyncweb.lab.claims.dependencies.counting import dependencies, unsafes_of
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS, DEPENDENCIES, UNSAFE
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import kept

Say = Callable[[str], object]


def inspect(
    figures: Figures, peers: Sequence[Peer], measures: Collection[str], say: Say = lambda line: None
) -> None:
    """Adds to `figures` those of `measures` that need no load, if they are not there yet."""
    if CHECKS in measures and CHECKS not in figures.looks:
        _add(figures, checks(say))
    for measure, count in ((DEPENDENCIES, dependencies), (UNSAFE, unsafes_of)):
        lacking = [peer for peer in peers if not figures.rounds(measure, peer.name)]
        if measure in measures and lacking:
            _add(figures, count(say, lacking, kept))


def _add(figures: Figures, found: Figures) -> None:
    for measure, looks in found.looks.items():
        figures.looks.setdefault(measure, {}).update(looks)
    for measure, failures in found.failures.items():
        figures.failures.setdefault(measure, {}).update(failures)
