"""An app with one leak in it, planted by a seed: who measures finds which.

    Do not read on before you have found one. The names are in PLANTS; how they work is below it.

Rule: every request leaves the same behind, a Visit. The leaks differ only in who keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import TypeAlias

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.errors import LessonError

PAGE_BYTES = 8 * 1024
PLANTS = ("list", "callback", "task", "cycle", "cache")


class Visit:
    """What one request makes: its path, and a page of some kilobytes.

    >>> len(Visit("/tea").page)
    8192
    """

    __slots__ = ("__weakref__", "again", "page", "path")

    def __init__(self, path: str):
        self.path = path
        self.page = bytearray(PAGE_BYTES)
        self.again: Visit | None = None


Keep: TypeAlias = Callable[[Visit], object]


def leaky(seed: int | None = None, *, plant: str = "") -> App:
    """An App that answers every path, and keeps what it should let go.

    A `seed` plants one of PLANTS, the same one for the same seed; `plant` names it, and "none" is
    an app that keeps nothing. One of the leaks is a task, so serve it with AsyncServer. Raises
    LessonError for neither seed nor plant.

    >>> leaky(plant="none").test_client().get("/tea").text
    'a visit to /tea'
    """
    return _app(_kept_by(plant or planted_by(seed)))


def planted_by(seed: int | None) -> str:
    """The solution: what `leaky(seed)` has planted.

    >>> planted_by(3) in PLANTS
    True
    """
    if seed is None:
        raise LessonError(f"leaky(): give a seed, or plant= one of {', '.join(PLANTS)}")
    return Random(seed).choice(PLANTS)


def _app(keep: Keep) -> App:
    app = App()

    async def visit(ctx: Context) -> str:
        seen = Visit(ctx.path)
        keep(seen)
        return f"a visit to {seen.path}"

    for pattern in ("/", "/{rest:path}"):
        app.get(pattern)(visit)
    return app


def _kept_by(plant: str) -> Keep:
    plants: dict[str, Callable[[], Keep]] = {
        "none": _nobody,
        "list": _a_list,
        "callback": _a_callback,
        "task": _a_task,
        "cycle": _a_cycle,
        "cache": _a_cache,
    }
    if plant not in plants:
        raise LessonError(f"plant={plant!r}: expected one of {', '.join(plants)}")
    return plants[plant]()


# ---------------------------------------------------------------------- the plants


def _nobody() -> Keep:
    return lambda visit: None


def _a_list() -> Keep:
    """A log that nobody cuts."""
    log: list[Visit] = []
    return log.append


def _a_callback() -> Keep:
    """Somebody is told at the end of the day, and remembers for that what he came with."""
    evening: list[Callable[[], str]] = []
    return lambda visit: evening.append(lambda: f"goodbye, {visit.path}")


def _a_task() -> Keep:
    """A task waits for a word that never comes. What waits for it keeps it, and so its visit."""
    words: list[asyncio.Future[str]] = []

    async def wait(visit: Visit, word: asyncio.Future[str]) -> str:
        return f"{await word}, {visit.path}"

    def keep(visit: Visit) -> None:
        loop = asyncio.get_running_loop()
        words.append(loop.create_future())
        loop.create_task(wait(visit, words[-1]))  # noqa: RUF006  that is the mistake

    return keep


def _a_cycle() -> Keep:
    """The visit keeps itself, until the garbage collector comes by."""

    def keep(visit: Visit) -> None:
        visit.again = visit

    return keep


def _a_cache() -> Keep:
    """A page for every path, and no end to the paths."""
    pages: dict[str, Visit] = {}
    return lambda visit: pages.setdefault(visit.path, visit)
