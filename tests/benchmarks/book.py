"""The file of a benchmark: its figures, by measure and server, what they were measured on.

Rule: a figure is written down when it is there, so that nothing is measured twice.
"""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.figures import Figure, Figures


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


class Book:
    """The `figures`; kept in `file`, if there is one, and gone on from when it is there."""

    def __init__(self, file: Path | None, rounds_s: int, versions: dict[str, str]):
        self._file, self.figures = file, Figures()
        self.about: dict[str, Any] = {**machine(), "round_s": rounds_s, "versions": versions}
        if file is not None and file.exists():
            self._go_on_from(json.loads(file.read_text()))

    @classmethod
    def kept(cls, file: Path) -> Book:
        """The figures in `file`, to be read."""
        kept = json.loads(file.read_text())
        book = cls(None, 0, {})
        book.about, book.figures = kept["about"], Figures.of(kept["figures"])
        return book

    def has(self, measure: str, server: str, number: int) -> bool:
        """Whether that round was measured, or has failed."""
        there = len(self.figures.rounds(measure, server))
        return there > number or bool(self.figures.failure(measure, server))

    def write(self, measure: str, server: str, found: Figure | str) -> None:
        """Keeps one round's figures, or why there are none."""
        if isinstance(found, str):
            self.figures.fail(measure, server, found)
        else:
            self.figures.add(measure, server, found)
        if self._file is not None:
            text = json.dumps({"about": self.about, "figures": self.figures.to_dict()}, indent=1)
            partial = self._file.with_suffix(".partial")
            partial.write_text(text + "\n")
            partial.replace(self._file)

    def measures(self) -> list[str]:
        """What was measured, or has failed."""
        return list(dict.fromkeys([*self.figures.looks, *self.figures.failures]))

    def servers(self, measure: str) -> list[str]:
        """Who was measured there, or has failed."""
        failed = self.figures.failures.get(measure, {})
        return list(dict.fromkeys([*self.figures.systems(measure), *failed]))

    def ratio(self, measure: str, server: str, other: str, name: str) -> float | None:
        """How that figure of `server` stands to that of `other`, in the median of the rounds."""
        band = self.figures.ratio(measure, name, server, other)
        return band.median if band else None

    def _go_on_from(self, kept: dict[str, Any]) -> None:
        if kept["about"] != self.about:
            raise ValueError(
                f"{self._file} was measured elsewhere or otherwise ({kept['about']}); "
                "name another file, or delete it"
            )
        self.figures = Figures.of(kept["figures"])
