"""The claims of the article, each in a file of its own.

Rule: none of these measures anything; the line that decides is a name at the top of its file.
"""

from __future__ import annotations

from asyncweb.lab.claims.claim import Claim

CLAIMS: tuple[Claim, ...] = ()
