"""How far a student has come, in a small file in the folder of their exercises.

Rule: what is kept is whole or not there: a new file takes the place of the old one in one step. A
file that cannot be read is told, set aside and begun anew; it never stops anybody from working.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from asyncweb.grading.score import Grade

FILE = ".asyncweb-progress.json"
SCHEMA = "asyncweb/progress/v1"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one exercise: the points of the last check, and the hints so far."""

    earned: int = 0
    has_passed: bool = False
    hints: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON takes it."""
        return {"score": self.earned, "has_passed": self.has_passed, "hints": self.hints}


@dataclass(frozen=True, slots=True)
class _Kept:
    current: str = ""
    exercises: dict[str, Standing] = field(default_factory=dict)


class Progress:
    """The progress that is kept in `folder`; `trouble` says why something of it could not be.

    Every change is read, made and written at once: two commands may share one file.
    """

    def __init__(self, folder: Path):
        self._file = folder / FILE
        self.trouble = ""
        self._kept = self._read()

    @property
    def current(self) -> str:
        """The name of the exercise that is being worked on; "" when there is none yet."""
        return self._kept.current

    def of(self, name: str) -> Standing:
        """What is known of the exercise."""
        return self._kept.exercises.get(name, Standing())

    def go_to(self, name: str) -> None:
        """Makes the exercise the one that is being worked on."""
        self._write(replace(self._read(), current=name))

    def checked(self, grade: Grade) -> None:
        """Keeps what a check has found."""
        self._change(grade.exercise.name, earned=grade.earned, has_passed=grade.has_passed)

    def hinted(self, name: str, level: int) -> None:
        """Keeps that the hints up to `level` have been given."""
        self._change(name, hints=max(level, self.of(name).hints))

    def restarted(self, name: str) -> None:
        """Keeps that the exercise begins anew; the hints were given all the same."""
        self._change(name, earned=0, has_passed=False)

    def _change(self, name: str, **values: Any) -> None:
        kept = self._read()
        standing = replace(kept.exercises.get(name, Standing()), **values)
        self._write(replace(kept, exercises={**kept.exercises, name: standing}))

    def _read(self) -> _Kept:
        try:
            values = json.loads(self._file.read_text(encoding="utf-8"))
            if values["schema"] != SCHEMA or not isinstance(values["current"], str):
                raise ValueError(f"it is no {SCHEMA}")
            found = {name: _standing(each) for name, each in values["exercises"].items()}
            return _Kept(values["current"], found)
        except FileNotFoundError:
            return getattr(self, "_kept", _Kept())  # as when the folder cannot be written to
        except OSError as error:
            self.trouble = f"your progress is unknown: {self._file}: {error.strerror}"
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            self._set_aside(error)
        return getattr(self, "_kept", _Kept())

    def _set_aside(self, error: Exception) -> None:
        aside = self._file.with_suffix(".broken.json")
        with contextlib.suppress(OSError):
            self._file.replace(aside)
        self.trouble = f"{self._file} could not be read ({error!r}); begun anew, see {aside.name}"

    def _write(self, kept: _Kept) -> None:
        self._kept = kept
        values = {"schema": SCHEMA, **asdict(kept)}
        try:
            _replace(self._file, json.dumps(values, indent=2) + "\n")
        except OSError as error:
            self.trouble = f"your progress is not kept: {self._file}: {error.strerror}"


def _standing(values: Any) -> Standing:
    standing = Standing(**values)
    if not isinstance(standing.hints, int) or not isinstance(standing.earned, int):
        raise ValueError(f"{values!r} is no standing")
    return standing


def _replace(file: Path, text: str) -> None:
    """Writes `file` in one step: whoever reads finds the old text or the new one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with open(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        os.replace(name, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
