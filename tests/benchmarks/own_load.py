"""Our load generator at work: what the questions that are asked of it have in common.

Rule: the load is a process of its own on one core, the server another one on the other, and what
is compared takes turns.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.pinning import this_machine
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.benchmarks.running import Running
from tests.benchmarks.servers import LIMIT, SERVERS, Entry
from tests.benchmarks.shapes import CONNECTIONS, HELLO, Shape

CEILING_S, CEILING_WARM_S = 1.0, 0.3


def options(name: str, about: str, rounds: int, seconds: float) -> argparse.Namespace:
    """What is said on the command line: json, rounds, and the seconds of each turn."""
    parser = argparse.ArgumentParser(prog=name, description=about.partition("\n")[0])
    parser.add_argument("--json", metavar="FILE", type=Path, help="keeps all figures")
    parser.add_argument("--rounds", metavar="N", type=int, default=rounds)
    parser.add_argument("--seconds", metavar="S", type=float, default=seconds, help="of each turn")
    return parser.parse_args()


@contextmanager
def a_load_on(
    shape: Shape = HELLO, entry: Entry = SERVERS[LIMIT]
) -> Iterator[tuple[LoadProcess, str]]:
    """A load process and the URL of the server that it is to ask, each on a core of its own."""
    cores = this_machine()
    with Running(entry, shape, cores.server) as server, LoadProcess() as load:
        cores.give_load(load.pid)
        yield load, f"http://127.0.0.1:{server.port}{shape.path}"


def ceiling_rps(load: LoadProcess, url: str) -> float:
    """Requests a second of a closed loop on the server at `url`."""
    seconds = CEILING_WARM_S + CEILING_S
    result = load.run(Plan(url, CONNECTIONS, seconds, warm_up_s=CEILING_WARM_S))
    return result.throughput_rps


def keep(file: Path | None, found: Any) -> None:
    """Writes `found` to `file`, if one was named."""
    if file is not None:
        file.write_text(json.dumps(found, indent=1) + "\n")


def spelled(values: Sequence[float], digits: int = 2) -> str:
    """The median, and from where to where they reach.

    >>> spelled([1.0, 3.0, 2.0], 1)
    '2.0 (1.0 to 3.0)'
    """
    low, high = min(values), max(values)
    return f"{statistics.median(values):,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"
