"""Clients who all ask at once, and how long each of them waited: the stairs of a blocking server.

Rule: everybody is connected before anybody asks, so that only the answering is measured.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from asyncweb.drawing import units
from asyncweb.errors import LessonError
from asyncweb.loadtest.plot import COLOURS, Plot, in_grey, new_figure

PATIENCE_S = 10.0  # of each client
WIDTH_INCHES, HEIGHT_INCHES = 5.0, 3.2  # of each diagram


class Wait(NamedTuple):
    """One client's wait, in seconds since the first of them asked."""

    asked_s: float
    answered_s: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """The waits of all clients, the first answered first.

    >>> crowd = Crowd((Wait(0.0, 0.5), Wait(0.0, 1.0)))
    >>> crowd.first_s, crowd.last_s, crowd
    (0.5, 1.0, <Crowd of 2, the first answered after 500 ms, the last 1000 ms>)
    """

    waits: tuple[Wait, ...]

    @property
    def first_s(self) -> float:
        """When the first was answered, in seconds."""
        return self.waits[0].answered_s

    @property
    def last_s(self) -> float:
        """When the last was answered, in seconds."""
        return self.waits[-1].answered_s

    def __repr__(self) -> str:
        first, last = (f"{1e3 * moment_s:.0f} ms" for moment_s in (self.first_s, self.last_s))
        return f"<Crowd of {len(self.waits)}, the first answered after {first}, the last {last}>"


def crowd(url: str, clients: int = 10) -> Crowd:
    """How long each of `clients` waits for `url` when all ask at once; each asks once and leaves.

    Raises LessonError when one of them is not answered.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "home")
    >>> with AsyncServer(app) as server:
    ...     found = crowd(server.url + "/", clients=3)
    >>> len(found.waits), found.first_s <= found.last_s
    (3, True)
    """
    together = threading.Barrier(clients)
    try:
        with ThreadPoolExecutor(clients, "client") as threads:
            moments = list(threads.map(lambda _: _ask(url, together), range(clients)))
    except (OSError, HTTPException, threading.BrokenBarrierError) as error:
        raise LessonError(
            f"a client of {url} got no answer ({type(error).__name__}: {error}); does the server "
            "run, and does it answer one client after the other has left? Run its cell again"
        ) from None
    begin = min(asked for asked, _ in moments)
    waits = [Wait(asked - begin, answered - begin) for asked, answered in moments]
    return Crowd(tuple(sorted(waits, key=lambda wait: wait.answered_s)))


def stairs(crowds: Mapping[str, Crowd]) -> Plot:
    """A diagram for each crowd, by its name: a bar for each client, from question to answer.

    Raises LessonError when there is none, LoadError when matplotlib is not installed.

    >>> stairs({})
    Traceback (most recent call last):
    asyncweb.errors.LessonError: no crowds: let one ask a server first, then draw who waited
    """
    if not crowds:
        raise LessonError("no crowds: let one ask a server first, then draw who waited")
    figure = new_figure("", (WIDTH_INCHES * len(crowds), HEIGHT_INCHES))
    grid = figure.subplots(1, len(crowds), sharex=True, squeeze=False)
    for axes, (name, found), colour in zip(grid[0], crowds.items(), COLOURS, strict=False):
        _draw(axes, name, found, colour)
    told = "; ".join(
        f"{name}: the first of {len(found.waits)} waited {units.seconds(found.first_s)}, "
        f"the last {units.seconds(found.last_s)}"
        for name, found in crowds.items()
    )
    return Plot(figure, told)


def _ask(url: str, together: threading.Barrier) -> tuple[float, float]:
    parts = urlsplit(url)
    target = parts.path or "/"
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)) as client:
        try:
            client.connect()
        except OSError:
            together.abort()  # or the others would wait for us
            raise
        together.wait(PATIENCE_S)
        asked = time.perf_counter()
        client.request("GET", target)
        client.getresponse().read()
        return asked, time.perf_counter()


def _draw(axes: Any, name: str, found: Crowd, colour: str) -> None:
    rows = range(1, len(found.waits) + 1)
    starts_ms = [1e3 * wait.asked_s for wait in found.waits]
    widths_ms = [1e3 * (wait.answered_s - wait.asked_s) for wait in found.waits]
    axes.barh(rows, widths_ms, left=starts_ms, color=colour)
    axes.set(xlabel="ms since the first has asked", ylabel="client", xlim=(0, None))
    axes.invert_yaxis()
    axes.set_axisbelow(True)
    axes.set_title(name, color=colour)
    in_grey(axes)
