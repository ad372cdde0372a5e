"""The figures as they were measured, one by one: what a table is made of, and a run goes on from.

Rule: a figure is written down when it is there, so that nothing is measured twice.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


class Book:
    """Figures by measure, server and round; kept in `file`, if there is one."""

    def __init__(self, file: Path | None, rounds_s: int, versions: dict[str, str]):
        self._file = file
        self.about = {
            **machine(),
            "round_s": rounds_s,
            "versions": versions,
        }
        self._figures: dict[str, dict[str, list[dict[str, float] | str]]] = {}
        if file is not None and file.exists():
            self._go_on_from(json.loads(file.read_text()))

    @classmethod
    def kept(cls, file: Path) -> Book:
        """The figures in `file`, to be read."""
        kept = json.loads(file.read_text())
        book = cls(None, 0, {})
        book.about, book._figures = kept["about"], kept["figures"]
        return book

    def _go_on_from(self, kept: dict[str, Any]) -> None:
        if kept["about"] != self.about:
            raise ValueError(
                f"{self._file} was measured elsewhere or otherwise ({kept['about']}); "
                "name another file, or delete it"
            )
        self._figures = kept["figures"]

    def has(self, measure: str, server: str, number: int) -> bool:
        """Whether that round was measured, or has failed."""
        rounds = self._figures.get(measure, {}).get(server, [])
        return len(rounds) > number or any(isinstance(figure, str) for figure in rounds)

    def write(self, measure: str, server: str, figure: dict[str, float] | str) -> None:
        """Keeps one round's figures, or why there are none."""
        self._figures.setdefault(measure, {}).setdefault(server, []).append(figure)
        if self._file is not None:
            text = json.dumps({"about": self.about, "figures": self._figures}, indent=1)
            partial = self._file.with_suffix(".partial")
            partial.write_text(text + "\n")
            partial.replace(self._file)

    def measures(self) -> list[str]:
        """What was measured, in that order."""
        return list(self._figures)

    def servers(self, measure: str) -> list[str]:
        """Whose figures there are for it."""
        return list(self._figures.get(measure, {}))

    def failure(self, measure: str, server: str) -> str:
        """Why there is no figure; empty when there is."""
        rounds = self._figures.get(measure, {}).get(server, [])
        return next((figure for figure in rounds if isinstance(figure, str)), "")

    def median(self, measure: str, server: str, name: str) -> float | None:
        """The median of that figure over all rounds; None when there is none."""
        values = self._values(measure, server, name)
        return statistics.median(values) if values else None

    def ratio(self, measure: str, server: str, other: str, name: str) -> float | None:
        """How that figure of `server` stands to that of `other`; None when one has none.

        The median of what it was in each round: a machine that is slow for a while is slow for
        both.
        """
        values, beside = self._values(measure, server, name), self._values(measure, other, name)
        ratios = [value / next_to for value, next_to in zip(values, beside, strict=False)]
        return statistics.median(ratios) if ratios else None

    def _values(self, measure: str, server: str, name: str) -> list[float]:
        rounds = self._figures.get(measure, {}).get(server, [])
        return [figure[name] for figure in rounds if isinstance(figure, dict)]
