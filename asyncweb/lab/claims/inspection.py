"""What of a trial is read and compiled, and needs no load: once, when the loads are over.

Rule: what the file has is not looked at again, and of systems that were not asked for nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from asyncweb.lab.claims.checks import checks
from asyncweb.lab.claims.checks.languages import LANGUAGES
from asyncweb.lab.claims.dependencies.counting import dependencies, unsafes_of
from asyncweb.lab.claims.dependencies.frameworks import IN_RUST
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS, DEPENDENCIES, UNSAFE
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import kept

Say = Callable[[str], object]


def inspect(
    figures: Figures, peers: Sequence[Peer], measures: Collection[str], say: Say = lambda line: None
) -> None:
    """Adds to `figures` those of `measures` that need no load, if they are not there yet."""
    if CHECKS in measures:
        unchecked = [one for one in LANGUAGES if not figures.rounds(CHECKS, one.name)]
        _add(figures, checks(say, unchecked))
    for measure, count in ((DEPENDENCIES, dependencies), (UNSAFE, unsafes_of)):
        lacking = [peer for peer in peers if not figures.rounds(measure, peer.name)]
        if measure in measures:
            _add(figures, count(say, lacking, kept))


def is_of(measure: str, peer: Peer) -> bool:
    """Whether that system can have a figure there.

    >>> from asyncweb.lab.claims.names import HYPERLANE, NODE, START
    >>> from asyncweb.lab.claims.peers import all_peers
    >>> [is_of(UNSAFE, all_peers()[name]) for name in (HYPERLANE, NODE)]
    [True, False]
    >>> [is_of(measure, all_peers()[NODE]) for measure in (START, DEPENDENCIES, CHECKS)]
    [True, True, False]
    """
    if measure == CHECKS:  # languages are checked, and not systems
        return False
    return measure != UNSAFE or peer.name in IN_RUST


def _add(figures: Figures, found: Figures) -> None:
    for measure, looks in found.looks.items():
        figures.looks.setdefault(measure, {}).update(looks)
    for measure, failures in found.failures.items():
        figures.failures.setdefault(measure, {}).update(failures)
