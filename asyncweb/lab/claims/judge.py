"""All verdicts at once, from what has been measured until now.

Rule: each claim is decided by itself, in the order of the article.
"""

from __future__ import annotations

from collections.abc import Iterable

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.twelve import CLAIMS
from asyncweb.lab.claims.verdict import Verdict


def judge(figures: Figures, claims: Iterable[Claim] = CLAIMS) -> list[tuple[Claim, Verdict]]:
    """Every one of `claims`, and what became of it.

    >>> for claim, verdict in judge(Figures()):
    ...     assert verdict.word == "not measured", claim.id
    """
    return [(claim, claim.decide(figures)) for claim in claims]
