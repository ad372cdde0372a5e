"""Frames as plain lines, for a pipe, a log file or a screen reader.

Rule: one short line per server now and then; no colour, no cursor.
"""

from __future__ import annotations

from rich.console import Console

from asyncweb.drawing import units
from asyncweb.metrics.snapshot import Frame, Track

EVERY_S = 2.0  # of the frames' own time


class PlainScreen:
    """Prints lines instead of drawing."""

    def __init__(self, console: Console):
        self._console = console
        self._told_s: dict[str, float] = {}  # the moment each server was last told of
        self._title = ""

    def update(self, frame: Frame) -> None:
        """Prints a line for each server that has had none for a while."""
        if frame.title != self._title:
            self._title = frame.title
            self._print(frame.title)
        for track in frame.tracks:
            told_s = self._told_s.get(track.name, -EVERY_S)
            if track.now.throughput_rps is not None and track.now.at_s >= told_s + EVERY_S:
                self._told_s[track.name] = track.now.at_s
                self._print(line(track))

    def close(self) -> None:
        """Nothing to give back."""

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def line(track: Track) -> str:
    """The latest moment of a server in one line."""
    now = track.now
    parts = [
        f"{track.name:>8}",
        units.rate(now.throughput_rps),
        *(f"{name} {units.seconds(now.latency_s.get(name))}" for name in ("p50", "p99")),
        f"RSS {units.memory(now.rss_bytes)}",
        f"threads {units.count(now.threads)}",
        f"errors {units.errors(now.errors)}",
    ]
    return "  ".join(parts)
