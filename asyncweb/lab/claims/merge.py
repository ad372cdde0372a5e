"""Reports of several operating systems as one: each measure once for each of them.

Rule: only what was measured by one protocol is put side by side, and of a system only one version;
that two systems ran on the same machine is said by whoever started them, and never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asyncweb.errors import LessonError
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import MERGED, OPERATING_SYSTEMS, on

KERNELS = {"linux": "Linux", "darwin": "macOS", "macos": "macOS", "windows": "Windows"}
PARTS = ("machine", "protocol", "figures")


class CannotMerge(LessonError):
    """Reports that do not go together; the message says which, and what to do."""


@dataclass(frozen=True)
class _Part:
    """One of the reports."""

    file: Path
    place: str  # its operating system
    kept: Mapping[str, Any]
    figures: Figures


def merge(files: Sequence[Path], same_machine: bool = False) -> Figures:
    """The figures of all reports, each measure under its name and its operating system, as `on`.

    `same_machine` says that all of them were started on one machine. Raises CannotMerge for a file
    that is no report, for two of one operating system, and for reports of different protocols.
    """
    parts = [_read(Path(file)) for file in files]
    _check(parts)
    merged = Figures()
    for part in parts:
        merged.add(MERGED, part.place, {"same_machine": float(same_machine)})
        for measure, looks in part.figures.looks.items():
            merged.looks[on(measure, part.place)] = dict(looks)
        for measure, failures in part.figures.failures.items():
            merged.failures[on(measure, part.place)] = dict(failures)
    _part_versions(merged, parts)
    return merged


def _read(file: Path) -> _Part:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        missing = [part for part in PARTS if not isinstance(kept[part], dict)]
        if missing:
            raise ValueError(f"its {missing[0]} is {kept[missing[0]]!r}")
        figures = Figures.of(kept["figures"])
        system = str(kept["machine"]["system"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        told = f"no {error}" if isinstance(error, KeyError) else str(error)
        way_out = f"write one on each system with `asyncweb claims --json {file.name}`"
        raise CannotMerge(f"{file} is no report of the claims ({told}); {way_out}") from None
    place = KERNELS.get(system.replace("-", " ").split(" ")[0].lower())
    if place is None:
        raise CannotMerge(f"{file} was measured on {system!r}; known: {_listed(OPERATING_SYSTEMS)}")
    return _Part(file, place, kept, figures)


def _check(parts: Sequence[_Part]) -> None:
    """Raises CannotMerge for the first two reports that do not go together."""
    seen: dict[str, _Part] = {}
    for part in parts:
        if twin := seen.get(part.place):
            raise CannotMerge(
                f"{twin.file} and {part.file} are both of {part.place}; give one report of each "
                "operating system"
            )
        seen[part.place] = part
        one, other = parts[0].kept["protocol"], part.kept["protocol"]
        for name in {**one, **other}:
            if one.get(name) != other.get(name):
                raise CannotMerge(
                    f"{parts[0].file} and {part.file} were measured by different protocols: "
                    f"{name} is {one.get(name)!r} in one and {other.get(name)!r} in the other; "
                    "run all with the same flags"
                )


def _part_versions(merged: Figures, parts: Iterable[_Part]) -> None:
    """Takes away the looks of each system whose version is not the same in all reports."""
    versions: dict[str, dict[str, str]] = {}
    for part in parts:
        for system, version in dict(part.kept.get("versions", {})).items():
            versions.setdefault(system, {})[part.place] = version
    for system, by_place in versions.items():
        if len(set(by_place.values())) == 1:
            continue
        told = ", ".join(f"{version} on {place}" for place, version in by_place.items())
        for measure, looks in merged.looks.items():
            if looks.pop(system, None) is not None:
                merged.fail(measure, system, f"its versions differ: {told}")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
