"""The moments of each server, as far back as the view shows.

Rule: bounded; a live view may run for a whole lesson.
"""

from __future__ import annotations

import threading
from collections import deque

from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track, Watch
from asyncweb.metrics.turn import Turn

MOMENTS_KEPT = 240
MARKS_KEPT = 20


class History:
    """Collects snapshots by server; any thread may add, any may ask for the frame."""

    def __init__(self, title: str = ""):
        self.title = title
        self.note = ""
        self.turn: Turn | None = None
        self.at_s = 0.0  # the moment of the last look
        self.watch: Watch | None = None
        self.show: tuple[str, ...] = ()
        self._engines: dict[str, str] = {}
        self._moments: dict[str, deque[Snapshot]] = {}
        self._marks: deque[Mark] = deque(maxlen=MARKS_KEPT)
        self._changing = threading.Lock()

    def follow(self, name: str, engine: str) -> None:
        """Gives the server `name` its place in the view, before anything is known of it."""
        with self._changing:
            self._engines[name] = engine
            self._moments.setdefault(name, deque(maxlen=MOMENTS_KEPT))

    def add(self, name: str, snapshot: Snapshot) -> None:
        """Adds the latest moment of the server `name`."""
        with self._changing:
            self._moments[name].append(snapshot)

    def mark(self, label: str) -> None:
        """Draws a line on the time axis at the latest moment that is known of any server."""
        with self._changing:
            latest_s = (moments[-1].at_s for moments in self._moments.values() if moments)
            self._marks.append(Mark(max(latest_s, default=0.0), label))

    def frame(self) -> Frame:
        """All that is known, as one picture needs it."""
        with self._changing:
            tracks = tuple(
                Track(name, engine, tuple(self._moments[name]))
                for name, engine in self._engines.items()
            )
            marks = tuple(self._marks)
        return Frame(
            self.title, tracks, self.note, self.turn, marks, self.at_s, self.watch, self.show
        )
