"""Which figures each claim is decided by.

Rule: whoever asks for one claim waits for nothing that it does not need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asyncweb.lab.claims import names
from asyncweb.lab.claims.claim import Claim

_HELLO, _READ, _WRK = (tuple(kind.values()) for kind in (names.HELLO, names.READ, names.WRK))
NEEDS: Mapping[str, tuple[str, ...]] = {
    "C1": (*_HELLO, *_READ, *_WRK),
    "C2": (*_HELLO, *_WRK),
    "C3": (*names.STEADY.values(), *names.FULL.values()),
    "C4": (names.MANY,),
    "C5": (*_HELLO, names.RATE),
    "C6": (names.START,),
    "C7": (names.START, *_HELLO, *_READ, names.WAIT, names.LOADED),  # loaded by all of these
    "C8": (names.SOAK,),
    "C9": (names.OTHERS,),
    "C10": (names.START, *_HELLO, *_READ, names.RATE, names.LOADED),  # to be merged with others
    "C11": (names.DEPENDENCIES,),
    "C12": (names.CHECKS, names.UNSAFE),
}


def needed(claims: Iterable[Claim]) -> set[str]:
    """The measures that `claims` are decided by, all of them together.

    >>> from asyncweb.lab.claims.twelve import CLAIMS
    >>> sorted(needed(claim for claim in CLAIMS if claim.id in ("C6", "C9")))
    ['others', 'start']
    """
    return {measure for claim in claims for measure in NEEDS[claim.id]}
