"""Frames in a terminal, drawn over each other; the last one stays.

Rule: the terminal is given back as it was, whatever happens in between.
"""

from __future__ import annotations

from rich.console import Console
from rich.live import Live

from asyncweb.dashboard.view import render
from asyncweb.metrics.snapshot import Frame


class TerminalScreen:
    """Shows frames through rich's Live."""

    def __init__(self, console: Console):
        self._console = console
        # No thread of its own: whoever updates draws, at the pace of the measurements.
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")
        self._live.start()
        self._last: Frame | None = None

    def update(self, frame: Frame) -> None:
        """Draws `frame` over the one before."""
        self._last = frame
        width, height = self._console.size
        self._live.update(render(frame, width, height), refresh=True)

    def close(self) -> None:
        """Leaves the last frame on the terminal, whole."""
        last, self._last = self._last, None
        if last is not None:
            self._live.update(render(last, self._console.width))
        self._live.stop()
