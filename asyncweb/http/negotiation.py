"""Which content coding a client and a server agree on.

Rule: RFC 9110, 12.5.3. A client that says nothing gets its content as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

IDENTITY = "identity"
_WEIGHT = r"[ \t]*;[ \t]*q[ \t]*=[ \t]*([01](?:\.[0-9]{0,3})?)"
_ENTRY = re.compile(rf"([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:{_WEIGHT})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The coding to use, and whether the content may go as it is."""

    coding: str = IDENTITY
    may_be_plain: bool = True


def agree(accepted: str | None, offered: Sequence[str]) -> Agreement:
    """The coding of `offered`, the best first, that an Accept-Encoding field wants most.

    When nothing is acceptable the content goes as it is: better than no answer.

    >>> agree("gzip;q=0.5, br", ["zstd", "br", "gzip"]).coding
    'br'
    >>> agree("identity;q=0, deflate", ["gzip"])
    Agreement(coding='identity', may_be_plain=True)
    """
    if not accepted:
        return Agreement()
    weights = _weights(accepted)
    others = weights.get("*", 0.0)
    best = max(offered, key=lambda coding: weights.get(coding, others), default=IDENTITY)
    weight = weights.get(best, others)
    if not weight or weight < weights.get(IDENTITY, 0.0):
        return Agreement()
    # Not named, it may come, if last; unless everything that is not named may not.
    is_refused = weights.get(IDENTITY, weights.get("*", 1.0)) == 0
    return Agreement(best, may_be_plain=not is_refused)


def _weights(accepted: str) -> dict[str, float]:
    """The weight of each coding that is named; what cannot be read is not heard."""
    weights: dict[str, float] = {}
    for entry in accepted.split(","):
        if match := _ENTRY.fullmatch(entry.strip(" \t")):
            name = match[1].lower().removeprefix("x-")  # x-gzip is gzip: RFC 9110, 8.4.1.3
            weights[name] = min(float(match[2] or 1), 1.0)
    return weights
