"""Snippets and outcomes as pieces of a page, for the report and for notebooks.

Rule: plain tables and lists that read without any style; colour comes from the page, if it has any,
and says nothing that the words do not say.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncweb.lab.claims.article.defect import Defect, Outcome
    from asyncweb.lab.claims.article.snippets import Snippet

BESIDE = "display:grid;gap:0 1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,24em),1fr))"
LEFT = "text-align:left;vertical-align:top"


def pair(snippet: Snippet) -> str:
    """The Rust and the Python beside each other, or one below the other where it is narrow."""
    codes = "".join(
        f'<div style="min-width:0"><b>{head}</b><pre style="{LEFT};overflow-x:auto">'
        f"<code>{html.escape(code)}</code></pre></div>"
        for head, code in (
            ("after the article, hyperlane 5.40.1", snippet.rust),
            ("as it should be, asyncweb", snippet.python),
        )
    )
    told = {"meant to": snippet.meant, "does": snippet.does, "in Python": snippet.differs}
    rows = "".join(f"<dt>{head}</dt><dd>{_safe(text)}</dd>" for head, text in told.items())
    return (
        f"<h3>{_safe(snippet.name)} <small>({_safe(snippet.known)})</small></h3>"
        f'<div style="{BESIDE}">{codes}</div><dl>{rows}</dl>'
    )


def table(
    defects: Sequence[Defect], outcomes: Mapping[str, Mapping[str, Outcome]], more: Iterable[str]
) -> str:
    """A row for each defect, a column for each system; what is wrong says what a user notices.

    The lines of `more` stand below.
    """
    heads = "".join(
        f'<th scope="col" style="{LEFT}">{_safe(head)}</th>' for head in ("sent", "due", *outcomes)
    )
    rows = "".join(
        f'<tr><th scope="row" style="{LEFT};white-space:normal">{_safe(defect.name)}</th>'
        f'<td style="{LEFT}">{_safe(defect.due)}<br><small>{_safe(defect.source)}</small></td>'
        f"{''.join(_cell(defect, told.get(defect.name)) for told in outcomes.values())}</tr>"
        for defect in defects
    )
    lines = "".join(f"<p>{_safe(line)}</p>" for line in more)
    return (
        '<div class="scroll" style="overflow-x:auto"><table>'
        f"<caption>What a client sends, what is due, and what comes</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>{lines}"
    )


def _cell(defect: Defect, outcome: Outcome | None) -> str:
    if outcome is None:
        return f'<td style="{LEFT}">not tried</td>'
    kind, mark, word = ("holds", "✓", "right") if outcome.is_right else ("fails", "✗", "wrong")
    sign = f'<span class="word {kind}" role="img" aria-label="{word}">{mark}</span>'
    matters = "" if outcome.is_right else f"<br><small>{_safe(defect.matters)}</small>"
    return f'<td style="{LEFT}">{sign} {_safe(outcome.seen)}{matters}</td>'


def _safe(text: str) -> str:
    return html.escape(text)
