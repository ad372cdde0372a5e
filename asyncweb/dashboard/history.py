"""The moments of each server, as far back as the view shows.

Rule: bounded; a live view may run for a whole lesson.
"""

from __future__ import annotations

import threading
from collections import deque

from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from asyncweb.metrics.turn import Turn

MOMENTS_KEPT = 240


class History:
    """Collects snapshots by server; any thread may add, any may ask for the frame."""

    def __init__(self, title: str = ""):
        self.title = title
        self.note = ""
        self.turn: Turn | None = None
        self._engines: dict[str, str] = {}
        self._moments: dict[str, deque[Snapshot]] = {}
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

    def frame(self) -> Frame:
        """All that is known, as one picture needs it."""
        with self._changing:
            tracks = tuple(
                Track(name, engine, tuple(self._moments[name]))
                for name, engine in self._engines.items()
            )
        return Frame(self.title, tracks, self.note, self.turn)
