"""Where a trial is watched: a terminal, a notebook, or plain lines.

Rule: all is drawn from the thread that measures, between two looks, or by a terminal's own; no
look waits for a picture.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.live import Live

from asyncweb.dashboard.screen import in_notebook
from asyncweb.drawing.picture import bundle
from asyncweb.lab.claims.under_way import Lines, Step, UnderWay

DRAWN_HZ = 2

Tell = Callable[[Step], None]


@contextlib.contextmanager
def watching(seen: UnderWay, console: Console) -> Iterator[Tell]:
    """What to tell of each step of a trial, which is drawn on `console` from then on."""
    if in_notebook():
        yield _below_the_cell(seen)
    elif console.is_terminal and not console.is_dumb_terminal:
        with Live(seen, console=console, refresh_per_second=DRAWN_HZ, transient=True):
            yield lambda step: seen.hear(step, time.monotonic())
    else:
        yield _in_lines(seen, console)


def _in_lines(seen: UnderWay, console: Console) -> Tell:
    lines = Lines(lambda line: console.print(line, markup=False, soft_wrap=True, highlight=False))

    def tell(step: Step) -> None:
        seen.hear(step, time.monotonic())
        lines.hear(step, seen.left_s)

    return tell


def _below_the_cell(seen: UnderWay) -> Tell:
    from IPython.display import display

    shown = display(bundle(seen), raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def tell(step: Step) -> None:
        seen.hear(step, time.monotonic())
        shown.update(bundle(seen), raw=True)

    return tell
