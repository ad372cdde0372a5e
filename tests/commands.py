"""Commands as people give them: each in a process of its own, or, quicker, in this one.

Rule: how a command ended is its exit code and what it wrote, wherever it ran.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asyncweb.cli import main

Ended = subprocess.CompletedProcess[str]


def asyncweb(*arguments: str, cwd: Path | None = None) -> Ended:
    """Runs the command in a process of its own."""
    command = [sys.executable, "-m", "asyncweb", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, cwd=cwd)


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ended]]:
    """Runs a command in this process, in the test's own folder, where somebody types `types`.

    Not for a `serve` that serves: it makes the whole process its own.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def run(*arguments: str, types: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.StringIO(types))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert isinstance(end.value.code, int)
        return Ended(arguments, end.value.code, *capsys.readouterr())

    yield run
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]
