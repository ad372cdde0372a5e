"""Distributions of Python that a server needs, as those that are installed here say themselves.

Rule: a requirement counts when its marker applies here, and an extra only when it is asked for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import asyncweb
from asyncweb.lab.claims.dependencies.tree import CannotCount, Graph

if TYPE_CHECKING:
    from packaging.requirements import Requirement

CHECKOUT = Path(asyncweb.__file__).parents[1] / "pyproject.toml"


def distributions_of(name: str) -> Graph:
    """What is needed by `name`, and by all that it needs, each under its plain name.

    Raises CannotCount when one of them, or the package `packaging`, is not installed.
    """
    graph: dict[str, set[str]] = {}
    ahead = [(plain(name), frozenset[str]())]
    seen = set(ahead)
    while ahead:
        one, extras = ahead.pop()
        needed = {(plain(wish.name), frozenset(wish.extras)) for wish in _needs(one, extras)}
        graph.setdefault(one, set()).update(other for other, _ in needed)
        ahead += needed - seen
        seen |= needed
    return graph


def plain(name: str) -> str:
    """The one spelling of a distribution's name.

    >>> plain("Markdown_It.Py")
    'markdown-it-py'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _needs(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    try:
        from packaging.requirements import Requirement
    except ImportError:
        way_out = 'pip install "asyncweb[claims]"'
        raise CannotCount(f"packaging is not installed; {way_out}") from None
    for line in _told(name):
        wish = Requirement(line)
        wished = [{"extra": extra} for extra in ("", *extras)]
        if wish.marker is None or any(map(wish.marker.evaluate, wished)):
            yield wish


def _told(name: str) -> Iterable[str]:
    """The lines in which a distribution says what it needs."""
    try:
        return metadata.requires(name) or ()
    except metadata.PackageNotFoundError:
        if name == asyncweb.__name__ and CHECKOUT.exists():
            project = tomllib.loads(CHECKOUT.read_text(encoding="utf-8"))["project"]
            return list(project["dependencies"])
        raise CannotCount(f"{name} is not installed; pip install {name}") from None
