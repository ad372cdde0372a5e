"""Frames in a notebook cell, each in the place of the one before.

Rule: one output that belongs to the cell it was made in, as text and as HTML, and nothing that
needs a widget: the saved file shows the last frame wherever it is opened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from IPython.display import display

from asyncweb.dashboard.plain import in_words
from asyncweb.dashboard.view import render
from asyncweb.drawing.picture import WIDTH, bundle
from asyncweb.metrics.snapshot import Frame
from asyncweb.servers.registry import current_cell

EVERY_S = 0.3  # a drawn frame costs 8 ms of the kernel, and notebooks drop more than 1 MB/s


class Showable(Protocol):
    """A result that can show itself."""

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]: ...


class NotebookScreen:
    """Shows frames through a display handle; `update` may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._due = clock()
        self._waiting: Frame | None = None
        self._last = bundle("")
        show: Any = display
        self._handle: Any = show(self._last, raw=True, display_id=True)

    def update(self, frame: Frame) -> None:
        """Shows `frame`, or keeps it for later when one was shown just now."""
        self._waiting = frame
        if self._clock() >= self._due:
            self._show()

    def close(self) -> None:
        """Shows the last frame; call it from the cell, so that it is in the saved file."""
        if self._waiting is not None:
            self._show()

    def conclude(self, found: Showable) -> None:
        """Shows `found` below the last frame, for good, and spares the cell a second output."""
        self.close()
        own = found._repr_mimebundle_()
        both = {kind: f"{before}{own[kind]}" for kind, before in self._last.items()}
        self._handle.update(both, raw=True)
        _shown.remember(found)

    def _show(self) -> None:
        frame, self._waiting = self._waiting, None
        assert frame is not None
        self._last = bundle(render(frame, WIDTH), says=in_words(frame))
        self._handle.update(self._last, raw=True)
        self._due = self._clock() + EVERY_S


def display_once(found: Showable) -> None:
    """Displays `found`, unless this run of the cell has shown it already below its live view."""
    if not _shown.has(found):
        show: Any = display
        show(found._repr_mimebundle_(), raw=True)


class _Shown:
    """The result that was shown last, and by which run of a cell."""

    def __init__(self) -> None:
        self._found: object = None
        self._cell = current_cell()

    def remember(self, found: object) -> None:
        self._found, self._cell = found, current_cell()

    def has(self, found: object) -> bool:
        return found is self._found and self._cell == current_cell()


_shown = _Shown()
