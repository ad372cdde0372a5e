"""A thread that looks where handlers are which do not let go of their thread.

Rule: it only looks, and only at who has run for a while: a request that is served quickly is never
looked at.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import PurePath
from types import FrameType
from typing import Self

from asyncweb.lab.timeline.notes import Look
from asyncweb.lab.timeline.recorder import Recorder
from asyncweb.servers.blocking import code_at, culprit

LOOK_S = 0.004
HELD_NS = 3_000_000  # who has run for so long without a break is looked at
LOOKS_KEPT = 250  # of one request: a second of it


class Lookout:
    """Looks every LOOK_S seconds, until the end of the `with`."""

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._over = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_looking, name="asyncweb-lookout", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _keep_looking(self) -> None:
        while not self._over.wait(LOOK_S):
            self.look(time.perf_counter_ns())

    def look(self, now_ns: int) -> None:
        """Looks once."""
        held = [
            (thread, visit)
            for thread, visit in self._recorder.running.copy().items()
            if now_ns - visit.began_ns >= HELD_NS and len(visit.looks) < LOOKS_KEPT
        ]
        if held:
            frames = sys._current_frames()
            for thread, visit in held:
                frame = culprit(frames.get(thread))
                if frame is not None:
                    visit.looks = (*visit.looks, Look(now_ns, place_of(frame)))


def place_of(frame: FrameType) -> str:
    """Where `frame` is, in short: "slow, line 7: time.sleep(0.2)"; a cell's file has no name."""
    code, line = frame.f_code, frame.f_lineno
    text = code_at(frame)
    if not text:
        return f"{code.co_qualname}, line {line} of {PurePath(code.co_filename).name}"
    return f"{code.co_qualname}, line {line}: {text}"
