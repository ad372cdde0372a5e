"""Frames in a notebook cell, each in the place of the one before.

Rule: one output that belongs to the cell it was made in, as text and as HTML, and nothing that
needs a widget: the saved file shows the last frame wherever it is opened.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from IPython.display import display

from asyncweb.dashboard.view import render
from asyncweb.drawing.picture import WIDTH, bundle
from asyncweb.metrics.snapshot import Frame

EVERY_S = 0.3  # a drawn frame costs 8 ms of the kernel, and notebooks drop more than 1 MB/s


class NotebookScreen:
    """Shows frames through a display handle; `update` may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._due = clock()
        self._waiting: Frame | None = None
        show: Any = display
        self._handle: Any = show(bundle(""), raw=True, display_id=True)

    def update(self, frame: Frame) -> None:
        """Shows `frame`, or keeps it for later when one was shown just now."""
        self._waiting = frame
        if self._clock() >= self._due:
            self._show()

    def close(self) -> None:
        """Shows the last frame; call it from the cell, so that it is in the saved file."""
        if self._waiting is not None:
            self._show()

    def _show(self) -> None:
        frame, self._waiting = self._waiting, None
        assert frame is not None
        self._handle.update(bundle(render(frame, WIDTH)), raw=True)
        self._due = self._clock() + EVERY_S
