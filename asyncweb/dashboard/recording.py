"""A recording in its file: those people made, and those that come with the package.

Rule: read as it is played, so that a long one needs no more memory than a short one. What is wrong
is told with the line it is in, after all that can be played has been.

Those of the package are real runs, made anew by the command that they show, as in
`asyncweb demo --record asyncweb/recordings/demo.ndjson`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

from asyncweb.dashboard.changes import plain
from asyncweb.dashboard.tape import MAGIC, VERSION, Ending, Tape
from asyncweb.errors import RecordingError
from asyncweb.metrics.snapshot import Frame

LINE_BYTES = 4 * 2**20  # a longer one is none of ours
SUFFIX = ".ndjson"
NO_SENSE = AttributeError, KeyError, RecursionError, TypeError, ValueError  # of a foreign file


class Recording:
    """The recording `name`: a file, or one that comes with the package.

    Raises RecordingError when there is none, or it is something else.

    >>> recording = Recording("demo")
    >>> recording.title, recording.servers  # those of the first frame
    ('', {'async': 'async', 'threads': 'threads'})
    >>> *_, (at_s, frame) = recording.frames()
    >>> frame.title, recording.is_whole
    ('1,000 clients, each request waits 10 ms', True)
    """

    def __init__(self, name: str | Path | None):
        self._path = _find(name)
        self.name = str(name)
        with self._open() as file:
            first = self._begin(file).frame
        self.title = first.title
        self.servers = {track.name: track.engine for track in first.tracks}  # engines by name
        self.ending: Ending | None = None  # known when all has been played
        self.lasts_s = 0.0  # as far as it has been played
        self.moments = 0  # likewise
        self._last: Frame | None = None

    @property
    def cut(self) -> str:
        """How far it goes, when its end is missing: whoever made it was killed."""
        return f"{self.name} was cut {self.lasts_s:.1f} s after its beginning"

    @property
    def is_whole(self) -> bool:
        """Whether it has been played to its end, and was not cut before that."""
        return self.ending is not None

    def frames(self) -> Iterator[tuple[float, Frame]]:
        """Each frame that was shown, and when: seconds since the first.

        Ends early where the file was cut. Raises RecordingError at a line that makes no sense.
        """
        self.ending, self.moments = None, 0
        with self._open() as file:
            tape = self._begin(file)
            for number, line in enumerate(_whole_lines(file), 2):
                try:
                    self._play(tape, _read(line))
                except NO_SENSE as error:
                    raise RecordingError(
                        f"{self.name} is broken in line {number} and played up to there: {error}"
                    ) from None
                if self.ending is not None:
                    return
                yield self.lasts_s, tape.frame

    def _play(self, tape: Tape, told: dict[str, Any]) -> None:
        self.lasts_s = float(told["s"])
        if "end" in told:
            end = told["end"]
            self.ending = Ending(str(end.get("said", "")), end.get("found"))
            return
        self._last = tape.play(told)
        self.moments += 1

    def to_dict(self) -> dict[str, Any]:
        """What has been played, as plain values for JSON: the last moment, and what was found."""
        last = self._last.tracks if self._last else ()
        return {
            "title": self.title,
            "lasts_s": self.lasts_s,
            "moments": self.moments,
            "is_whole": self.is_whole,
            "servers": [
                {"name": track.name, "engine": track.engine, **plain(track.now)} for track in last
            ],
            "found": self.ending.found if self.ending else None,
        }

    def _open(self) -> IO[bytes]:
        try:
            return open(self._path, "rb")
        except OSError as error:
            raise RecordingError(f"cannot read {self.name}: {error.strerror}") from None

    def _begin(self, file: IO[bytes]) -> Tape:
        """A tape on which the first line has been played."""
        tape, line = Tape(), file.readline(LINE_BYTES)
        if not line:
            raise RecordingError(f"{self.name} is empty: nothing was shown while it was recorded")
        try:
            told = _read(line)
            version = told[MAGIC]
            if version == VERSION:
                tape.play(told)
        except NO_SENSE:
            raise RecordingError(
                f"{self.name} is no recording of asyncweb; --record FILE makes one"
            ) from None
        if version != VERSION:
            raise RecordingError(
                f"{self.name} is of format {version!r}, and this asyncweb reads {VERSION}: "
                "take a newer asyncweb"
            )
        return tape


def shipped() -> list[str]:
    """The names of the recordings that come with the package."""
    return sorted(file.stem for file in _SHIPPED.glob(f"*{SUFFIX}"))


_SHIPPED = Path(str(files("asyncweb"))) / "recordings"


def _find(name: str | Path | None) -> Path:
    known = ", ".join(shipped())
    if name is None:
        raise RecordingError(f"nothing to replay: give a file, or one of the package: {known}")
    if str(name) in shipped():
        return _SHIPPED / f"{name}{SUFFIX}"
    path = Path(name)
    if not path.is_file():
        raise RecordingError(
            f"no recording {str(name)!r}: no such file; in the package are: {known}"
        )
    return path


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    """All lines but one that was not finished: whoever wrote it was killed."""
    while (line := file.readline(LINE_BYTES)).endswith(b"\n"):
        yield line


def _read(line: bytes) -> dict[str, Any]:
    return dict(json.loads(line))
