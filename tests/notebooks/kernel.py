"""A notebook in a real kernel, which can be asked what is there.

Rule: what a notebook leaves is what was not there before its first cell.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from asyncweb.lab.course.lesson_file import LessonFile
from tests.conftest import PATIENCE_S

CELL_TIMEOUT_S = 60
STARTS_A_SERVER = re.compile(r"Server\(.*\)\.start\(|^with .*Server\(", re.MULTILINE)
# What stays as long as the kernel does: its own threads, the pool of its loop among them, and a
# process of Python's that looks after what processes share.
THERE = """
def _there():
    import asyncio, gc, json, psutil, threading
    from asyncweb.servers import registry

    gc.collect()
    me = psutil.Process()
    there = [f"server {server.url}" for server in registry.running()]
    for thread in threading.enumerate():
        of_the_kernel = type(thread).__module__.partition(".")[0] in ("ipykernel", "zmq")
        of_the_kernel |= thread.name.startswith("asyncio_")
        there += [] if of_the_kernel else [f"thread {thread.name}"]
    there += [f"socket {one.fd} {one.laddr}" for one in me.net_connections("all")]
    there += [f"task {task.get_coro().__qualname__}" for task in asyncio.all_tasks()]
    for child in me.children(recursive=True):
        command = " ".join(child.cmdline())
        there += [] if "resource_tracker" in command else [f"process {command}"]
    print(json.dumps(there))
_there()
"""
SERVERS = "from asyncweb.servers import registry; print([s.url for s in registry.running()])"


class Kernel:
    """A kernel of its own for one notebook, which it runs as often as it is told to."""

    def __init__(self, lesson: LessonFile, client: NotebookClient):
        self.lesson, self.runs = lesson, 0
        self._client = client
        self.cells: list[Any] = client.nb.cells
        self._before = set(self._there())

    def run_all(self) -> float:
        """Runs all cells; in so many seconds. Raises CellExecutionError."""
        self.runs += 1
        began = time.monotonic()
        for cell in list(self.cells):
            self.run(cell)
        return time.monotonic() - began

    def run(self, cell: Any) -> None:
        """Runs one cell. Raises CellExecutionError."""
        self._client.execute_cell(cell, self.cells.index(cell))

    def ask(self, code: str) -> str:
        """What the kernel prints when it runs `code`."""
        return self._text(self._aside(code))

    def trouble(self, code: str) -> str:
        """What the notebook shows when `code` fails."""
        (output,) = self._aside(code, metadata={"tags": ["raises-exception"]}).outputs
        return "\n".join(output.traceback)

    def said(self) -> str:
        """All that the cells have said, as text."""
        return "\n".join(self._text(cell) for cell in self.cells if cell.cell_type == "code")

    def left(self) -> set[str]:
        """What is there now and was not before; what is about to end gets time for it."""
        deadline = time.monotonic() + PATIENCE_S
        while (left := set(self._there()) - self._before) and time.monotonic() < deadline:
            pass
        return left

    def cell(self, text: str) -> Any:
        """The only cell of code with that text in it."""
        (found,) = [one for one in self.cells if one.cell_type == "code" and text in one.source]
        return found

    def server_cells(self) -> list[Any]:
        """The cells that start a server."""
        code = [cell for cell in self.cells if cell.cell_type == "code"]
        return [cell for cell in code if STARTS_A_SERVER.search(cell.source)]

    def _there(self) -> list[str]:
        return json.loads(self.ask(THERE))

    def _aside(self, code: str, **more: Any) -> Any:
        cell = nbformat.v4.new_code_cell(code, **more)
        self.cells.append(cell)
        try:
            self._client.execute_cell(cell, len(self.cells) - 1)
        finally:
            self.cells.pop()
        return cell

    def _text(self, cell: Any) -> str:
        outputs = [out.get("text") or out.get("data", {}).get("text/plain") for out in cell.outputs]
        return "\n".join(filter(None, outputs)).strip()


@contextlib.contextmanager
def kernel(lesson: LessonFile, folder: Path) -> Iterator[Kernel]:
    """A new kernel for a notebook, which runs in `folder` and has run no cell of it."""
    notebook = nbformat.read(lesson.path, as_version=4)
    place = {"metadata": {"path": str(folder)}}
    quiet = ["--log-level=ERROR"]
    client = NotebookClient(
        notebook, timeout=CELL_TIMEOUT_S, resources=place, extra_arguments=quiet
    )
    with client.setup_kernel():
        yield Kernel(lesson, client)
