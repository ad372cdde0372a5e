"""The trial on one page: what was written down before, the verdicts, the plots, the doubts.

Rule: one file that fetches nothing and runs nothing; what is drawn stands there as a table too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.costs import COSTS, in_words, rust_wins, spelled
from asyncweb.lab.claims.dots import Series, drawn, legend
from asyncweb.lab.claims.names import OUR_LOOP
from asyncweb.lab.claims.plots import PLOTS, Plot
from asyncweb.lab.claims.report import Report
from asyncweb.lab.claims.table import SIGNS
from asyncweb.lab.claims.verdict import Verdict, Word

STYLE = Path(__file__).with_name("page.css")
MOST_SHOWN = 6  # figures of a verdict, before somebody asks for them
KINDS = {Word.HOLDS: "holds", Word.FAILS: "fails", Word.OPEN: "open", Word.UNMEASURED: "unmeasured"}


def page(report: Report) -> str:
    """The whole page, as HTML."""
    sections = {
        "Written down before the run": _protocol(report),
        "Verdicts": _verdicts(report.verdicts),
        "What it costs": _costs(report),
        "Plots": "".join(_plots(report)),
        "The systems": _systems(report.systems),
        "How this could mislead you": _list(map(str, report.misleading)),
    }
    contents = "".join(f'<li><a href="#{_anchor(head)}">{head}</a></li>' for head in sections)
    told = "".join(
        f'<section aria-labelledby="{_anchor(head)}">\n<h2 id="{_anchor(head)}">{head}</h2>\n'
        f"{text}</section>\n"
        for head, text in sections.items()
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n<title>The article on trial · asyncweb</title>\n'
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n<header>\n"
        f'<h1>The article on trial</h1>\n<p class="soft">{_machine(report)}</p>\n'
        f'</header>\n<nav aria-label="Contents"><ul>{contents}</ul></nav>\n'
        f"<main>\n{told}</main>\n</body>\n</html>\n"
    )


def _machine(report: Report) -> str:
    told = [f"{_spaced(name)} {value}" for name, value in report.machine.items()]
    end = ". It was interrupted: this is a part of it." if report.interrupted else "."
    return _safe(f"Measured on: {', '.join(told)}{end}")


def _protocol(report: Report) -> str:
    lines: Sequence[str] = report.kept["announced"]
    ids = {claim.id for claim, _ in report.verdicts}
    rules = [line for line in lines if line.partition(":")[0] in ids]
    text = "".join(f"<p>{_safe(line)}</p>\n" for line in lines if line not in rules)
    return f"{text}<h3>The rules that decide</h3>\n{_list(rules)}"


def _verdicts(verdicts: Sequence[tuple[Claim, Verdict]]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="#{claim.id}">{claim.id}</a></th><td>{_safe(claim.said)}</td>'
        f'<td class="word {KINDS[verdict.word]}">{_word(verdict.word)}</td></tr>'
        for claim, verdict in verdicts
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("", "the article says", "verdict"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return table + "".join(_article(claim, verdict) for claim, verdict in verdicts)


def _article(claim: Claim, verdict: Verdict) -> str:
    told = {
        "said": _safe(claim.said),
        "tested": _safe(claim.tested),
        "rule": _safe(claim.rule),
        "figures": _folded(f"{name}: {figure}" for name, figure in verdict.figures),
        "why": _safe(verdict.why),
        "would change it": _safe(claim.changes),
    }
    rows = "".join(f"<dt>{head}</dt><dd>{text}</dd>\n" for head, text in told.items() if text)
    return (
        f'<article id="{claim.id}" class="{KINDS[verdict.word]}">\n<h3>{claim.id}: '
        f'<span class="word">{_word(verdict.word)}</span></h3>\n<dl>\n{rows}</dl>\n</article>\n'
    )


def _costs(report: Report) -> str:
    systems = [name for name in report.names if any(c.band(report.figures, name) for c in COSTS)]
    heads = ["system", *(f"{cost.title}, {cost.unit}" for cost in COSTS)]
    costs = {name: [spelled(cost.band(report.figures, name)) for cost in COSTS] for name in systems}
    ratios = {
        name: [spelled(cost.ratio(report.figures, name)) for cost in COSTS]
        for name in systems
        if name != OUR_LOOP
    }
    wins = rust_wins(report.figures, report.languages)
    return (
        _table("median, and the least and the most of the rounds", heads, costs)
        + _table(
            f"times the cost of {OUR_LOOP}; below 1 the other is ahead",
            heads[:1] + [cost.title for cost in COSTS],
            ratios,
        )
        + _list(in_words(report.figures, systems))
        + (f"<h3>Where Rust wins</h3>{_list(wins)}" if wins else "")
    )


def _plots(report: Report) -> Iterator[str]:
    for plot in PLOTS:
        series = plot.series(report.figures, report.names)
        if series:
            yield _figure(plot, series, report)


def _figure(plot: Plot, series: Sequence[Series], report: Report) -> str:
    labels = [one.label for one in series]
    rows = {name: [spelled(one.bands.get(name)) for one in series] for name in report.names}
    return (
        f"<figure>\n<h3>{_safe(plot.title)}</h3>\n<figcaption>{_safe(plot.look)}</figcaption>\n"
        f"{legend(labels)}{drawn(plot.title, plot.unit, series, report.names)}\n"
        f"<details><summary>the same as a table</summary>"
        f"{_table(f'{plot.title}, {plot.unit}', ['system', *labels], rows)}</details>\n</figure>\n"
    )


def _systems(systems: Sequence[Mapping[str, Any]]) -> str:
    heads = ["system", "version", "language", "model", "licence", "settings"]
    rows = {
        str(system["name"]): [
            f"not here: {system['missing']}" if system["missing"] else str(system["version"]),
            *(str(system[key]) for key in heads[2:]),
        ]
        for system in systems
    }
    return _table("what each was given", heads, rows, number="")


def _table(
    caption: str, heads: Sequence[str], rows: Mapping[str, Sequence[str]], number: str = "number"
) -> str:
    head = f'<th scope="col">{_safe(heads[0])}</th>' + "".join(
        f'<th scope="col" class="{number}">{_safe(name)}</th>' for name in heads[1:]
    )
    body = "".join(
        f'<tr{_ours(name)}><th scope="row">{_safe(name)}</th>'
        + "".join(f'<td class="{number}">{_safe(cell)}</td>' for cell in cells)
        + "</tr>\n"
        for name, cells in rows.items()
    )
    return (
        f'<div class="scroll" role="region" aria-label="{_safe(caption)}" tabindex="0">'
        f"<table><caption>{_safe(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>\n"
    )


def _ours(name: str) -> str:
    return ' class="ours"' if name == OUR_LOOP else ""


def _list(lines: Iterable[str]) -> str:
    told = "".join(f"<li>{_safe(line)}</li>" for line in lines)
    return f"<ul>{told}</ul>\n" if told else ""


def _folded(lines: Iterable[str]) -> str:
    """A list that is shown on demand when it is long."""
    told = list(lines)
    if len(told) <= MOST_SHOWN:
        return _list(told)
    return f"<details><summary>{len(told)} figures</summary>{_list(told)}</details>"


def _word(word: Word) -> str:
    return f"{SIGNS[word]} {word}"


def _anchor(head: str) -> str:
    return head.lower().replace(" ", "-")


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _safe(text: str) -> str:
    return html.escape(text)
