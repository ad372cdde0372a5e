"""The course on one page: what each notebook asks, teaches, claims, and how long it takes.

Rule: one file that fetches nothing, and all it says is what the notebooks say of themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from asyncweb.lab.course.lesson_file import LessonFile

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --accent: #2a9d8f; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; }
nav { margin: 1.5rem 0; columns: 2; }
nav a { display: block; }
article { border-top: 1px solid var(--line); padding: 0.5rem 0 1rem; break-inside: avoid; }
h2 { margin: 0.5rem 0; }
h2 small { font-weight: normal; font-size: 1rem; opacity: 0.7; margin-left: 0.5em; }
dl { display: grid; grid-template-columns: 10rem 1fr; gap: 0.3rem 1rem; margin: 0; }
dt { opacity: 0.7; }
dd { margin: 0; }
a { color: var(--accent); }
ul { margin: 0; padding-left: 1.2em; }
code { font-size: 0.95em; }
@media (max-width: 40rem) { nav { columns: 1; } dl { display: block; } dt { margin-top: 0.5rem; } }
"""
_HEADS = {
    "questions": "Questions",
    "objectives": "You will be able to",
    "before": "Before this",
}


def course_page(course: Sequence[LessonFile], links: Mapping[str, str]) -> str:
    """The page of `course`, as HTML; `links` has the address of what a number was rendered to.

    Raises LessonError when a notebook does not say what it is about.
    """
    told = [lesson.to_dict() for lesson in course]
    minutes = sum(one["minutes"] for one in told)
    contents = "".join(
        f'<a href="#{one["number"]}">{one["number"]} · {_prose(one["title"])}</a>' for one in told
    )
    articles = "".join(_article(one, links.get(one["number"])) for one in told)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>The course · asyncweb</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>See concurrency</h1>\n<p>{len(told)} notebooks, {minutes} minutes in all. Each asks "
        "before it shows; what it claims is measured on the machine it runs on.</p>\n"
        f"<nav>{contents}</nav>\n{articles}</body>\n</html>\n"
    )


def _article(one: Mapping[str, Any], link: str | None) -> str:
    claims = "".join(f"<li>{_prose(claim)}</li>" for claim in one["claims"])
    rows = {head: _prose(one[key]) for key, head in _HEADS.items()}
    rows["Exercises"] = ", ".join(f"<code>{_safe(name)}</code>" for name in one["exercises"])
    rows["Claims"] = f"<ul>{claims}</ul>" if claims else ""
    told = "".join(f"<dt>{head}</dt><dd>{text}</dd>\n" for head, text in rows.items() if text)
    title = f"{one['number']} · {_prose(one['title'])}"
    title = f'<a href="{_safe(link)}">{title}</a>' if link else title
    head = f"<h2>{title}<small>{one['minutes']} minutes</small></h2>"
    return f'<article id="{one["number"]}">\n{head}\n<dl>\n{told}</dl>\n</article>\n'


def _prose(text: str) -> str:
    """A line of markdown as HTML: code, bold and emphasis."""
    parts = re.split(r"`([^`]+)`", _safe(text))
    parts[1::2] = [f"<code>{code}</code>" for code in parts[1::2]]
    parts[::2] = [_emphasis(part) for part in parts[::2]]
    return "".join(parts)


def _emphasis(text: str) -> str:
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text))


def _safe(text: str) -> str:
    return html.escape(text)
