"""The moments of each server, as far back as the view shows.

Rule: bounded; a live view may run for a whole lesson.
"""

from __future__ import annotations

import threading
from collections import deque

from asyncweb.dashboard.past import Past
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
        self._pasts: dict[str, Past] = {}
        self._marks: deque[Mark] = deque(maxlen=MARKS_KEPT)
        self._changing = threading.Lock()

    def follow(self, name: str, engine: str) -> None:
        """Gives the server `name` its place in the view, before anything is known of it."""
        with self._changing:
            self._engines[name] = engine
            self._moments.setdefault(name, deque(maxlen=MOMENTS_KEPT))
            self._pasts.setdefault(name, Past())

    def add(self, name: str, snapshot: Snapshot) -> None:
        """Adds the latest moment of the server `name`."""
        with self._changing:
            self._moments[name].append(snapshot)
            self._pasts[name].add(snapshot)

    def mark(self, label: str) -> None:
        """Draws a line on the time axis at the latest moment that is known of any server."""
        with self._changing:
            latest_s = (moments[-1].at_s for moments in self._moments.values() if moments)
            self._marks.append(Mark(max(latest_s, default=0.0), label))

    def frame(self) -> Frame:
        """The latest moments, as one picture needs them."""
        with self._changing:
            return self._frame({name: tuple(kept) for name, kept in self._moments.items()})

    def whole(self) -> Frame:
        """The same of the whole run, coarser the longer it lasts."""
        with self._changing:
            return self._frame({name: past.moments for name, past in self._pasts.items()})

    def _frame(self, moments: dict[str, tuple[Snapshot, ...]]) -> Frame:
        tracks = tuple(Track(name, engine, moments[name]) for name, engine in self._engines.items())
        return Frame(
            title=self.title,
            tracks=tracks,
            note=self.note,
            turn=self.turn,
            marks=tuple(self._marks),
            at_s=self.at_s,
            watch=self.watch,
            show=self.show,
        )
