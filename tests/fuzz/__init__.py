"""Fuzzing guided by coverage: bytes that nobody would write, and what must hold for all of them.

Rule: a target is a function `check(data: bytes)` that raises AssertionError where the core is
wrong. It needs no atheris, so the plain tests replay what the fuzzer once found worth keeping.

    python -m tests.fuzz requests --seconds 60
"""

from pathlib import Path

TARGETS = ("requests", "bodies", "router", "answers")
HERE = Path(__file__).parent


def corpus(target: str) -> Path:
    """The folder of the inputs kept for `target`: together they reach what is known to be there."""
    return HERE / "corpus" / target
