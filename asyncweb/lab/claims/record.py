"""The file of a trial: what was measured, by which protocol, on which machine.

Rule: it is whole at every moment; what was measured elsewhere or otherwise is never added to it.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from asyncweb.errors import LessonError
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.protocol import Protocol
from asyncweb.metrics.probes import MachineTimes


class OtherRecord(LessonError):
    """A file that this run cannot go on from; the message says what to do."""


@dataclass
class Record:
    """A trial as far as it has come. All of it is plain values."""

    protocol: dict[str, Any]
    machine: dict[str, str]
    cores: str  # who runs where
    versions: dict[str, str] = field(default_factory=dict)  # by system
    settings: dict[str, str] = field(default_factory=dict)  # by system, in words
    announced: list[str] = field(default_factory=list)  # what was to be done, before it was
    gone_on: list[str] = field(default_factory=list)  # moments when one more run went on
    seconds: float = 0.0  # that were spent on measuring
    machine_s: float = 0.0  # of all processors, while all runs of it lasted
    stolen_s: float = 0.0  # of these, what a hypervisor gave to other machines
    figures: Figures = field(default_factory=Figures)

    @classmethod
    def read(cls, file: Path) -> Self:
        """The one in `file`. Raises OtherRecord for what is none."""
        try:
            kept = json.loads(file.read_text())
            # One from before a field was there does without it.
            known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
            return cls(**{**known, "figures": Figures.of(known["figures"])})
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise OtherRecord(f"{file} is no record of a trial ({error}); {WAY_OUT}") from None

    @classmethod
    def begun(cls, file: Path | None, protocol: Protocol, cores: str) -> Self:
        """What `file` has, if this very protocol was measured there on this very machine.

        An empty record when there is no file. What failed is forgotten, and so tried again. Raises
        OtherRecord.
        """
        fresh = cls(json.loads(json.dumps(protocol.to_dict())), this_machine(), cores)
        if file is None or not file.exists():
            return fresh
        kept = cls.read(file)
        for what in ("protocol", "machine", "cores"):
            if (there := getattr(kept, what)) != (here := getattr(fresh, what)):
                told = _difference(there, here)
                raise OtherRecord(f"{file} was measured with another {what}: {told}; {WAY_OUT}")
        kept.figures.failures.clear()
        return kept

    def add_system(self, name: str, version: str, settings: str) -> None:
        """A system that takes part. Raises OtherRecord when it was another version before."""
        if self.announced and name not in self.versions:
            self.announced.append(f"Added on {now()}, when the run went on: {name} ({version}).")
        before = self.versions.setdefault(name, version)
        if before != version:
            raise OtherRecord(f"{name} was {before} so far, and is {version} now; {WAY_OUT}")
        self.settings[name] = settings

    def add_times(self, before: MachineTimes, after: MachineTimes) -> None:
        """The machine's times between these two moments, beside those of all runs before."""
        self.machine_s += after.all_s - before.all_s
        self.stolen_s += max(after.stolen_s - before.stolen_s, 0.0)

    @property
    def stolen_share(self) -> float:
        """How much of the machine's time was stolen while all runs of it lasted, 0 to 1."""
        return self.stolen_s / self.machine_s if self.machine_s > 0 else 0.0

    def write(self, file: Path) -> None:
        """Takes the place of `file` at once."""
        partial = file.with_name(file.name + ".partial")
        partial.write_text(json.dumps(self.to_dict(), indent=1) + "\n")
        partial.replace(file)

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**plain, "figures": self.figures.to_dict()}


WAY_OUT = "name another file, or delete it"
MOMENT = "%Y-%m-%d %H:%M UTC"


def now() -> str:
    """This moment, as a record writes it down."""
    return time.strftime(MOMENT, time.gmtime())


def this_machine() -> dict[str, str]:
    """What a figure depends on and a reader wants to know of the machine."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _processor() -> str:
    """Its name, where the system tells it; else its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _difference(there: Any, here: Any) -> str:
    """The first part that is not the same, in words."""
    if not isinstance(there, Mapping) or not isinstance(here, Mapping):
        return f"{there!r}, and here it is {here!r}"
    name = next(name for name in {**there, **here} if there.get(name) != here.get(name))
    return f"its {name} is {there.get(name)!r}, and here it is {here.get(name)!r}"
