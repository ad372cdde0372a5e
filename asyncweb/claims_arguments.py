"""What can be said to `asyncweb claims`.

Rule: words only, as in `arguments`, which adds these to its own.
"""

from __future__ import annotations

import argparse

SOAK_S = 60.0


def add_claims(command: argparse.ArgumentParser) -> None:
    """Which claims, on which systems, and what becomes of the result."""
    command.add_argument("claims", metavar="CLAIM", nargs="*", help="C1 to C12; all, if not said")
    command.add_argument("--quick", action="store_true", help="in five minutes, with wider bands")
    command.add_argument(
        "--soak", type=float, metavar="S", help=f"seconds of load for C8; {SOAK_S:g} if not said"
    )
    command.add_argument(
        "--only", action="append", default=[], metavar="SYSTEM",
        help="a part of its name, or its language; may be given again",
    )  # fmt: skip
    command.add_argument("--json", metavar="FILE", help="keep the run there, and go on from there")
    command.add_argument("--html", metavar="FILE", help="write a page with plots there")
    command.add_argument("--build", action="store_true", help="only build the systems")
    command.add_argument("--list", action="store_true", help="the systems and claims; no measuring")
    command.add_argument(
        "--merge", nargs="+", default=[], metavar="FILE", help="compare runs of several systems"
    )
    command.add_argument(
        "--same-machine", action="store_true", help="those of --merge are of one, started with each"
    )
