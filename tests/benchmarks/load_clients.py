"""Load generators beside each other, on one fast server: what each request costs the one who asks.

    python -m tests.benchmarks.load_clients [--json FILE] [--rounds N] [--seconds S] [--only NAME]

Rule: each is pinned to the same core, and the server to the other; they take turns, and the next
time in the other direction. Needs the extra `bench`; of wrk, oha, vegeta and k6 those are measured
that are installed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from asyncweb.lab.claims.launched import pinned
from asyncweb.lab.claims.pinning import this_machine
from tests.benchmarks import load_programs
from tests.benchmarks.book import machine
from tests.benchmarks.load_programs import PROGRAMS
from tests.benchmarks.running import ENVIRONMENT, ROOT, Running
from tests.benchmarks.servers import LIMIT, PYTHON, SERVERS
from tests.benchmarks.shapes import CONNECTIONS, HELLO

BARE, OURS = "bare protocol", "asyncweb"
MODULES = {
    BARE: "bare",
    OURS: "ours",
    "asyncweb again": "ours",
    "aiohttp": "with_aiohttp",
    "httpx": "with_httpx",
    "locust, fast user": "with_locust",
}
PACKAGES = {"aiohttp": "aiohttp", "httpx": "httpx", "locust, fast user": "locust"}


@dataclass(frozen=True)
class Turn:
    """One client, once."""

    requests_per_cpu_s: float
    cpu_us: float
    requests_per_s: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="load_clients", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", metavar="FILE", type=Path)
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S")
    parser.add_argument("--only", action="append", choices=[*MODULES, *PROGRAMS], metavar="NAME")
    options = parser.parse_args()
    here = [name for name, program in PROGRAMS.items() if program.is_here]
    names = options.only or [*MODULES, *here]
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    for name, turn in measured(names, options.rounds, options.seconds):
        turns[name].append(turn)
    Console().print(table(turns))
    if options.json:
        kept = {name: [vars(turn) for turn in of_one] for name, of_one in turns.items()}
        about = {**machine(), "versions": versions(names)}
        text = json.dumps({"about": about, "turns": kept}, indent=1)
        options.json.write_text(text + "\n")


def versions(names: list[str]) -> dict[str, str]:
    """The releases of those that are not ours."""
    found = {name: version(PACKAGES[name]) for name in names if name in PACKAGES}
    return found | {name: PROGRAMS[name].release() for name in names if name in PROGRAMS}


def measured(names: list[str], rounds: int, seconds: float) -> Iterator[tuple[str, Turn]]:
    """Each client in its turns."""
    cores = this_machine()
    with Running(SERVERS[LIMIT], HELLO, cores.server) as server:
        url = f"http://127.0.0.1:{server.port}/"
        for number in range(rounds):
            for name in names if number % 2 == 0 else reversed(names):
                yield name, one_turn(name, url, seconds, cores.load)


def one_turn(name: str, url: str, seconds: float, core: int | None) -> Turn:
    """What `name` did with the server at `url`."""
    if name in PROGRAMS:
        told = load_programs.one_turn(PROGRAMS[name], url, seconds, CONNECTIONS, core)
    else:
        told = _python(MODULES[name], url, seconds, core)
    requests, cpu_s = told["requests"], told["cpu_s"]
    return Turn(requests / cpu_s, 1e6 * cpu_s / requests, requests / told["seconds"])


def table(turns: dict[str, list[Turn]]) -> Table:
    """The medians, and how they stand to ours, round by round."""
    shown = Table(title="what a request costs the one who asks", title_justify="left")
    for column in ("client", "requests a CPU second", "µs of CPU", "requests/s", f"of {OURS}"):
        shown.add_column(column, justify="left" if column == "client" else "right")
    for name, of_one in turns.items():
        middle = statistics.median(turn.cpu_us for turn in of_one)
        beside = [
            theirs.requests_per_cpu_s / ours.requests_per_cpu_s
            for theirs, ours in zip(of_one, turns.get(OURS, []), strict=False)
        ]
        shown.add_row(
            name,
            f"{1e6 / middle:,.0f}",
            f"{middle:.1f}",
            f"{statistics.median(turn.requests_per_s for turn in of_one):,.0f}",
            f"{statistics.median(beside):.2f}" if beside else "",
        )
    return shown


def _python(module: str, url: str, seconds: float, core: int | None) -> dict[str, Any]:
    words = ["-m", f"tests.benchmarks.clients.{module}", url, str(seconds), str(CONNECTIONS)]
    done = subprocess.run(
        [*pinned(core), PYTHON, *words],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
