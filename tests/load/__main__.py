"""python -m tests.load [--engine async|pool] [--connections N] [--seconds S] [--json FILE]
[--faults]

Rule: the exit status is 0 only when there is nothing to complain of.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.load.faults import FAULTS, suffer
from tests.load.report import as_json, show
from tests.load.siege import Terms, lay_siege

ENGINES = ("async", "pool")


def main() -> int:
    """Runs what is asked for and prints what came of it."""
    wants = _arguments()
    console = Console(stderr=wants.json == "-", width=120)
    told: dict[str, Any] = {}
    complaints = 0
    if wants.faults:
        told["faults"] = [suffer(name, console.print) for name in wants.only or FAULTS]
        complaints += sum(len(fault["complaints"]) for fault in told["faults"])
    else:
        terms = Terms(
            wants.connections, wants.seconds, min(max(wants.seconds / 5, 3), 40), wants.rate
        )
        terms = dataclasses.replace(terms, only=wants.kind)
        for engine in wants.engine or ENGINES:
            found = lay_siege(engine, terms, console.print)
            show(console, found)
            told[engine] = as_json(found)
            complaints += len(found.complaints())
    if wants.json:
        text = json.dumps(told, indent=1)
        print(text) if wants.json == "-" else Path(wants.json).write_text(text)
    return 1 if complaints else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this engine only")
    parser.add_argument("--connections", type=int, default=10_000, help="a tenth of them bad")
    parser.add_argument("--seconds", type=float, default=300.0, help="with bad clients")
    parser.add_argument("--rate", type=float, default=1500.0, help="good requests a second")
    parser.add_argument("--json", metavar="FILE", help="also as JSON; - is standard output")
    parser.add_argument("--kind", default="", help="bad clients of this kind only")
    parser.add_argument("--faults", action="store_true", help="the faults instead of the siege")
    parser.add_argument("--only", action="append", choices=FAULTS, help="this fault only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
