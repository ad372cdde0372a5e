"""Load generators that are programs of their own, and what one of them did, once.

Rule: each asks with as many connections, one after the other on each, for whole seconds, and knows
only the core it is pinned to. Its CPU, as the system accounts it, includes its start.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from asyncweb.lab.claims.launched import pinned

SCRIPT_OF_K6 = Path(__file__).with_name("ask.k6.js")


@dataclass(frozen=True)
class Program:
    """One load generator."""

    command: Callable[[str, int, int], list[str]]  # of a URL, seconds and connections
    requests: Callable[[Path], int]  # that were answered, by what it has said
    version: tuple[str, ...] = ("--version",)

    @property
    def name(self) -> str:
        """What is to be started."""
        return self.command("", 0, 0)[0]

    @property
    def is_here(self) -> bool:
        """Whether it is installed."""
        return shutil.which(self.name) is not None

    def release(self) -> str:
        """The number in the first line it tells of itself; empty when it tells none."""
        done = subprocess.run([self.name, *self.version], capture_output=True, text=True)
        first_line, _, _ = (done.stdout + done.stderr).partition("\n")
        found = re.search(r"\d+\.\d+(\.\d+)?", first_line)
        return found[0] if found else ""


def one_turn(
    program: Program, url: str, seconds: float, connections: int, core: int | None
) -> dict[str, float]:
    """How many requests it got answered, in how many seconds, and for how much CPU."""
    whole_s = max(round(seconds), 1)
    command = [*pinned(core), *program.command(url, whole_s, connections)]
    with tempfile.TemporaryDirectory() as folder:
        said, target = Path(folder, "said"), Path(folder, "target")
        target.write_text(f"GET {url}\n")
        with said.open("wb") as output, target.open("rb") as asked:
            process = subprocess.Popen(
                command, stdin=asked, stdout=output, stderr=subprocess.DEVNULL, cwd=folder
            )
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        requests = program.requests(said)
    cpu_s = usage.ru_utime + usage.ru_stime
    return {"requests": requests, "cpu_s": cpu_s, "seconds": float(whole_s)}


def _of_wrk(said: Path) -> int:
    words = said.read_text().split()
    return int(words[words.index("requests") - 1])


def _of_oha(said: Path) -> int:
    by_status: dict[str, int] = json.loads(said.read_text())["statusCodeDistribution"]
    return by_status["200"]


def _of_vegeta(said: Path) -> int:
    command = ["vegeta", "report", "-type=json", str(said)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    by_status: dict[str, int] = json.loads(told)["status_codes"]
    return by_status["200"]


def _of_k6(said: Path) -> int:
    return int(json.loads(said.read_text())["requests"])


PROGRAMS = {
    program.name: program
    for program in (
        Program(lambda url, s, n: ["wrk", "-t1", f"-c{n}", f"-d{s}s", url], _of_wrk, ("-v",)),
        Program(
            lambda url, s, n: [
                "oha", "--no-tui", "--output-format", "json", "-c", str(n), "-z", f"{s}s", url,
            ],
            _of_oha,
        ),
        Program(
            lambda url, s, n: [
                "vegeta", "attack", "-rate=0", f"-max-workers={n}", f"-workers={n}",
                f"-duration={s}s",
            ],
            _of_vegeta,
        ),
        Program(
            lambda url, s, n: [
                "k6", "run", "--quiet", "--no-usage-report", "--vus", str(n), "--duration",
                f"{s}s", "--env", f"URL={url}", str(SCRIPT_OF_K6),
            ],
            _of_k6,
        ),
    )
}  # fmt: skip
