"""python -m tests.judges [--only NAME] [--engine NAME] [--json FILE] [--fixtures DIR]

Rule: the exit status is 0 only when every collection asked for was heard and nothing failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from tests.judges.cases import Case
from tests.judges.echo import ENGINES, start
from tests.judges.hearing import Hearing, hear
from tests.judges.report import as_json, show
from tests.judges.sources import SOURCES, NotAvailable


def main() -> int:
    """Hears the judges and prints what they say."""
    wants = _arguments()
    console = Console(stderr=wants.json == "-")
    with tempfile.TemporaryDirectory() as scratch:
        shelf, missing = _gather(wants, Path(scratch))
    hearings = [found for engine in wants.engine or ENGINES for found in _hear_all(engine, shelf)]
    show(console, hearings, missing)
    if wants.json:
        text = json.dumps(as_json(hearings, missing), indent=1)
        print(text) if wants.json == "-" else Path(wants.json).write_text(text)
    asked_in_vain = bool(wants.only) and bool(missing)
    return 1 if asked_in_vain or any(h.failures for h in hearings) or not hearings else 0


def _gather(
    wants: argparse.Namespace, scratch: Path
) -> tuple[dict[str, list[Case]], dict[str, str]]:
    """The cases of each judge that can be had, and why others cannot."""
    shelf: dict[str, list[Case]] = {}
    missing: dict[str, str] = {}
    for source in SOURCES:
        if wants.only and source.name not in wants.only:
            continue
        try:
            folder = source.folder(wants.fixtures, scratch)
        except NotAvailable as why:
            missing[source.name] = str(why)
            continue
        shelf[source.name] = list(source.read(folder))
        if source.unread and (left := source.unread(folder)):
            missing[f"{source.name}, {len(left)} cases"] = f"no plain data: {', '.join(left)}"
    return shelf, missing


def _hear_all(engine: str, shelf: dict[str, list[Case]]) -> list[Hearing]:
    server = start(engine)
    try:
        return [hear(engine, server.port, name, cases) for name, cases in shelf.items()]
    finally:
        server.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.judges", description=__doc__)
    names = [source.name for source in SOURCES]
    parser.add_argument("--only", action="append", choices=names, help="this collection only")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this engine only")
    parser.add_argument("--json", metavar="FILE", help="also as JSON; - is standard output")
    parser.add_argument("--fixtures", type=Path, help="a folder with one folder a collection")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
