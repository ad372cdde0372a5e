"""The dependencies of all systems, and the `unsafe` of those in Rust, as figures of a trial.

Rule: nothing is built for it, and nothing started; what cannot be counted costs its own row only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from asyncweb.lab.claims.dependencies import dependencies_of, unsafe_of
from asyncweb.lab.claims.dependencies.frameworks import IN_RUST
from asyncweb.lab.claims.dependencies.tree import CannotCount
from asyncweb.lab.claims.figures import Figure, Figures
from asyncweb.lab.claims.names import DEPENDENCIES, UNSAFE
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Peer

Count = Callable[[Peer, Path | None], Figure]


def _nowhere(peer: Peer) -> Path | None:
    return None


def dependencies(
    say: Callable[[str], object] = lambda line: None,
    peers: Iterable[Peer] | None = None,
    place_of: Callable[[Peer], Path | None] = _nowhere,
) -> Figures:
    """Under DEPENDENCIES, one look at each of `peers`, all if not said, or why there is none.

    `place_of` says where a peer was built, for the lock that may lie there. cargo and Maven fetch
    what they do not know yet: the first time takes a minute.
    """
    return _counted(say, peers, place_of, DEPENDENCIES, dependencies_of)


def unsafes_of(
    say: Callable[[str], object] = lambda line: None,
    peers: Iterable[Peer] | None = None,
    place_of: Callable[[Peer], Path | None] = _nowhere,
) -> Figures:
    """Under UNSAFE, one look at each of `peers` that is written in Rust, or why there is none."""
    chosen = all_peers().values() if peers is None else peers
    in_rust = [peer for peer in chosen if peer.name in IN_RUST]
    return _counted(say, in_rust, place_of, UNSAFE, unsafe_of)


def _counted(
    say: Callable[[str], object],
    peers: Iterable[Peer] | None,
    place_of: Callable[[Peer], Path | None],
    measure: str,
    count: Count,
) -> Figures:
    figures = Figures()
    for peer in all_peers().values() if peers is None else peers:
        say(f"counting the {measure} of {peer.name}")
        try:
            figures.add(measure, peer.name, count(peer, place_of(peer)))
        except CannotCount as error:
            figures.fail(measure, peer.name, str(error))
    return figures
