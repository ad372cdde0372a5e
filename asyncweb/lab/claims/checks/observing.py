"""A snippet compiled and run, and what became of its fault.

Rule: a fault counts as noticed only by tools that let the snippet without a fault pass.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asyncweb.errors import LessonError
from asyncweb.lab.claims.checks.languages import SOUND, Language, command
from asyncweb.lab.claims.checks.outcomes import Fault, Outcome
from asyncweb.lab.claims.figures import Figure

# A compiler's first race build compiles its library, too. A snippet that runs for so long hangs.
COMPILE_S, RUN_S = 600.0, 60.0
SAYS_SOUND, SAYS_HARM = "sound", "harm"  # the last word of every snippet
LAST_LETTERS = 300


@dataclass(frozen=True)
class Seen:
    """What became of a snippet, and what its tools said of it: compiler or running program."""

    outcome: Outcome
    said: str

    def __str__(self) -> str:
        return f"{self.outcome.words}\n{self.said}"


class CannotCheck(LessonError):
    """A language whose tools are missing here, or do not work."""


def check(language: Language) -> Figure:
    """Each fault's outcome as the number of an Outcome, by the fault's name.

    Raises CannotCheck when a tool is missing, fails on the snippet without a fault, or hangs.
    """
    if shutil.which(language.tool) is None:
        raise CannotCheck(f"{language.tool} is not installed; {language.way_out}")
    if (outcome := observe(language, SOUND).outcome) is not Outcome.ABSENT:
        raise CannotCheck(f"{language.name}: a program without a fault is {outcome.words} here")
    return {str(fault): float(observe(language, fault).outcome) for fault in Fault}


def observe(language: Language, fault: Fault | str) -> Seen:
    """What becomes of that snippet here: it is compiled, and run. Raises CannotCheck.

    >>> from asyncweb.lab.claims.checks.languages import PYTHON
    >>> print(observe(PYTHON, Fault.RACE))
    not noticed
    harm
    """
    with tempfile.TemporaryDirectory(prefix="asyncweb-check-") as place:
        folder = Path(place)
        source = Path(shutil.copy(language.snippet(fault), folder))
        compiled = ""
        if language.compiles:
            told = _run(command(language.compiles, source, folder), folder, COMPILE_S)
            compiled = _said(told, folder)
            if told.returncode:
                return Seen(Outcome.REJECTED, compiled)
        ran = _run(command(language.runs, source, folder), folder, RUN_S)
        outcome = _outcome(language.name, ran, is_warned=bool(compiled))
        return Seen(outcome, "\n".join(filter(None, [compiled, _said(ran, folder)])))


def _said(told: subprocess.CompletedProcess[str], folder: Path) -> str:
    """All that a tool has said, with bare names for files that are soon gone."""
    return (told.stdout + told.stderr).replace(f"{folder}{os.sep}", "").strip()


def _outcome(name: str, ran: subprocess.CompletedProcess[str], is_warned: bool) -> Outcome:
    if ran.returncode:
        return Outcome.FOUND
    said = ran.stdout.split()[-1:]
    if said == [SAYS_SOUND]:
        return Outcome.ABSENT
    if said == [SAYS_HARM]:
        return Outcome.WARNED if is_warned else Outcome.UNNOTICED
    raise CannotCheck(
        f"{name}: a snippet ends with {ran.stdout[-LAST_LETTERS:]!r}; "
        f"expected {SAYS_SOUND} or {SAYS_HARM}"
    )


def _run(parts: Sequence[str], folder: Path, within_s: float) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            parts, cwd=folder, timeout=within_s, capture_output=True, text=True, errors="replace",
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotCheck(f"{' '.join(parts)}: {error}") from None
