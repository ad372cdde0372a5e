"""Which systems a trial is of, and whether each of them can be had here.

Rule: to ask for a system builds nothing and starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from asyncweb.lab.claims.bench import FAULTS, reason
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import kept
from asyncweb.lab.claims.report import described

NOT_BUILT = "not built yet; asyncweb claims --build does it"


def chosen_peers(wanted: Sequence[str]) -> list[Peer]:
    """The systems that one of `wanted` is a part of the name of, or the language; all if none is.

    Raises ValueError for a word that is nobody's.

    >>> [peer.name for peer in chosen_peers(["ASYNC ", "b threads"])]
    ['asyncweb async', 'asyncweb threads']
    """
    known = all_peers()
    words = [word.strip().lower() for word in wanted]
    for word in words:
        if not any(_is(peer, word) for peer in known.values()):
            raise ValueError(f"there is no system {word!r}; there are {', '.join(known)}")
    chosen = known.values()
    return [peer for peer in chosen if not words or any(_is(peer, word) for word in words)]


def _is(peer: Peer, word: str) -> bool:
    return word in peer.name.lower() or word == peer.language.lower()


def as_they_are(peers: Iterable[Peer]) -> list[dict[str, Any]]:
    """What can be said of each system without building it."""
    return [as_it_is(peer) for peer in peers]


def as_it_is(peer: Peer) -> dict[str, Any]:
    """The same of one; instead of a version that nobody knows yet, how it can be had."""
    missing = peer.missing()
    place = kept(peer)
    if missing:
        return described(peer, missing=missing)
    if peer.sources is not None and place is None:
        return described(peer, NOT_BUILT)
    try:
        return described(peer, peer.version(place))
    except FAULTS as error:
        return described(peer, missing=reason(error))
