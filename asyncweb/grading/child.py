"""One exercise in a process of its own: `python -m asyncweb.grading.child`, started by `process`.

Rule: the key is read and gone before anything of the student's is imported. What they print goes
one way, what is found goes another, and this process says nothing by how it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from typing import Any

import pytest

from asyncweb.grading.blame import Case
from asyncweb.grading.judging import Judging
from asyncweb.grading.outcomes import Verdict
from asyncweb.grading.seal import SealedPipe

FILE_BYTES = 64 << 20  # no file that is written here grows larger
PYTEST = (
    "--noconftest", "--capture=no", "--import-mode=importlib", "--rootdir=.",
    "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:terminal",
)  # fmt: skip


class Telling:
    """Passes everything on to whoever has started this process."""

    def __init__(self, pipe: SealedPipe):
        self._pipe = pipe

    def collected(self, cases: Sequence[Case]) -> None:
        """Tells the names of the tests, each with its task, its label for a hang and its seed."""
        tests = [(case.test, case.task.id, case.mark.hang, case.seed) for case in cases]
        self._pipe.tell(kind="collected", tests=tests)

    def broken(self, why: str) -> None:
        """Tells that the tests themselves are wrong."""
        self._pipe.tell(kind="broken", why=why)

    def began(self, case: Case) -> None:
        """Tells that a test begins."""
        self._pipe.tell(kind="began", test=case.test)

    def imports(self, case: Case) -> None:
        """Tells that the student's file is about to be imported."""
        self._pipe.tell(kind="imports")

    def imported(self, case: Case) -> None:
        """Tells that this went well."""
        self._pipe.tell(kind="imported")

    def finished(self, case: Case, verdict: Verdict) -> None:
        """Tells the verdict."""
        self._pipe.tell(kind="verdict", verdict=verdict.to_dict())

    late = finished


def main() -> None:
    """Reads what to do, and the key, from standard input; does it and tells what was found."""
    results = _own_output()
    order, pipe = _read_order(results)
    judging = Judging(Telling(pipe), order["seeds"], os.dup(2), order["done"], order["unpassed"])
    _limit()
    pytest.main([*PYTEST, *order["files"]], plugins=[judging])
    pipe.tell(kind="done")
    os._exit(0)  # what the student's code has left to do at the end is not waited for


def _own_output() -> int:
    """Where the results go; from now on, whatever is printed goes with the errors."""
    results = os.dup(1)  # inherited by no program that is started from here
    os.dup2(2, 1)
    return results


def _read_order(results: int) -> tuple[dict[str, Any], SealedPipe]:
    """What to do, and the way to tell what came of it; both are read once, the key is kept as text
    nowhere, not even in the buffer of `sys.stdin`."""
    text = b""
    while not text.endswith(b"\n"):
        text += os.read(0, 65_536) or b"\n"
    order = json.loads(text)
    pipe = SealedPipe(results, bytes.fromhex(order.pop("key")))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return order, pipe


def _limit() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))


if __name__ == "__main__":
    main()
