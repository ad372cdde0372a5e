"""A screen that also records what it shows.

Rule: what is shown is read back from the line that was written, so that a replay cannot differ.
A full disk, or a value that has no line, ends the recording and never the view; whoever looks is
told.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from asyncweb.dashboard.screen import Layer, Screen
from asyncweb.dashboard.tape import Ending, Tape
from asyncweb.drawing.picture import bundle
from asyncweb.errors import RecordingError
from asyncweb.metrics.snapshot import Frame
from asyncweb.output import try_to_write


class RecordedScreen(Layer):
    """Shows frames on `screen`, and writes them to `file`, each as soon as it is there.

    Raises RecordingError now when that cannot be; what was in `file` goes with the first frame.
    """

    def __init__(
        self, screen: Screen, file: str | Path, clock: Callable[[], float] = time.monotonic
    ):
        try:
            try_to_write(file)
        except OSError as error:
            screen.close()
            raise RecordingError(
                f"cannot record to {file}: {error.strerror}; name a file in a folder that is there"
            ) from None
        super().__init__(screen)
        self._path = file
        self._clock = clock
        self._began = 0.0
        self._tape = Tape()
        self._ending = Ending()
        self._file: IO[str] | None = None
        self._trouble = ""

    def update(self, frame: Frame) -> None:
        """Records and shows `frame`."""
        if not self._trouble:
            self._record(frame)
        if self._trouble:
            self._screen.update(replace(frame, note=self._trouble))
        else:
            self._screen.update(self._tape.frame)

    def conclude(self, found: Any) -> None:
        """Records `found`, and shows it where that is the place for it."""
        self._ending = Ending(bundle(found)["text/plain"], found.to_dict())
        super().conclude(found)

    def close(self) -> None:
        """Ends the recording and closes the screen. Can be called twice."""
        if self._file is not None:
            told = {"said": self._ending.said, "found": self._ending.found}
            end = {name: value for name, value in told.items() if value}
            with contextlib.suppress(OSError):
                self._write({"s": self._now(), "end": end})
        self._let_go()
        super().close()

    def _record(self, frame: Frame) -> None:
        try:
            if self._file is None:
                self._began, self._tape = self._clock(), Tape()
                self._file = open(self._path, "w", encoding="utf-8", newline="\n")  # noqa: SIM115
                self._write(self._tape.head(frame))
            self._write({"s": self._now(), **self._tape.record(frame)})
        except (OSError, TypeError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            self._trouble = f"no longer recorded to {self._path}: {why}"
            self._let_go()

    def _let_go(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):  # what a full disk has not taken is lost
                file.close()

    def _now(self) -> float:
        return round(self._clock() - self._began, 3)

    def _write(self, told: dict[str, Any]) -> None:
        assert self._file is not None
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        self._file.write(line + "\n")
        self._file.flush()  # a machine that dies the next moment has recorded this one
