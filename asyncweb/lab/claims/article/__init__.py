"""The article's own code on trial: what its snippets do, and what its server does with bytes.

    from asyncweb.lab.claims.article import snippets, try_defects

Rule: what is shown is what runs: the Rust is compiled as it stands, the Python is served.
"""

from __future__ import annotations

from asyncweb.lab.claims.article.side_by_side import SideBySide, try_defects
from asyncweb.lab.claims.article.snippets import Snippet, snippets

__all__ = ["SideBySide", "Snippet", "snippets", "try_defects"]
