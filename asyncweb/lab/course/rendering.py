"""Notebooks run for a teacher: each in a kernel of its own, and kept as HTML with what it showed.

Rule: a notebook that fails is told and kept as far as it came, and the others run all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.errors import AsyncwebError
from asyncweb.lab.course.lesson_file import LessonFile

if TYPE_CHECKING:
    from nbclient import NotebookClient

_NEEDED = ("ipykernel", "nbclient", "nbconvert", "nbformat")
# Nothing is fetched: a page is looked at where there may be no network.
_TEMPLATE = """{% extends 'index.html.j2' %}
{% block html_head_js_requirejs %}{% endblock %}
{% block html_head_js_mathjax %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a notebook: its HTML, and why it failed, "" when it did not."""

    lesson: LessonFile
    html: Path
    seconds: float
    failed: str = ""

    @property
    def is_slow(self) -> bool:
        """Whether the machine took more than half of the time that a student has."""
        return self.seconds > self.lesson.minutes * 60 / 2

    def __str__(self) -> str:
        name, took = self.lesson.path.stem, f"{self.seconds:.0f} s"
        if self.failed:
            return f"{name}: failed after {took}, {self.failed}; see {self.html}"
        slow = f", more than half of its {self.lesson.minutes} minutes" if self.is_slow else ""
        return f"{name}: {took}{slow}; {self.html}"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"html": str(self.html), "seconds": round(self.seconds, 1), "failed": self.failed}


def render(lesson: LessonFile, folder: Path) -> Rendered:
    """A notebook run from its first cell to its last, as HTML in `folder`, which is there."""
    import nbformat

    notebook = nbformat.read(lesson.path, as_version=4)
    began = time.monotonic()
    failed = run(notebook, lesson.minutes * 60 / 2)
    took_s = time.monotonic() - began
    html = folder / f"{lesson.path.stem}.html"
    html.write_text(as_html(notebook, lesson.path.stem), encoding="utf-8")
    return Rendered(lesson, html, took_s, failed)


def made_folder(where: str) -> Path:
    """A folder that is there now. Raises AsyncwebError when it cannot be made."""
    folder = Path(where)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = "it is a file" if folder.is_file() else error.strerror
        raise AsyncwebError(f"cannot write to {folder}: {why}; name a folder, new or not") from None
    return folder


def must_have_jupyter() -> None:
    """Raises AsyncwebError when what runs notebooks is not installed."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise AsyncwebError(
            f'{missing[0]} is not installed, and runs them; run: pip install "asyncweb[course]"'
        )


def run(notebook: Any, cell_timeout_s: float) -> str:
    """Runs `notebook` in a kernel and a folder of its own; why it failed, "" when it did not.

    What it showed is in `notebook` then, as far as it came. Raises KeyboardInterrupt.
    """
    from nbclient import NotebookClient

    with tempfile.TemporaryDirectory(prefix="asyncweb-") as folder:
        client = NotebookClient(
            notebook,
            timeout=cell_timeout_s,
            resources={"metadata": {"path": folder}},
            extra_arguments=["--log-level=ERROR"],
        )
        failure = asyncio.run(_failure(client))
    if failure is None:
        raise KeyboardInterrupt
    return failure


def as_html(notebook: Any, title: str) -> str:
    """`notebook` as a page that fetches nothing."""
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(raw_template=_TEMPLATE, embed_images=True)
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return str(page)


async def _failure(client: NotebookClient) -> str | None:
    """Runs all cells, up to the first that fails; and says how it did, or None after Ctrl-C."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    number, stopped = 0, asyncio.Event()
    try:
        async with client.async_setup_kernel():
            _hear_ctrl_c(stopped)
            for number, cell in enumerate(client.nb.cells):
                await client.async_execute_cell(cell, number)
    except CellExecutionError as error:
        return f"cell {number}: {error.ename}: {error.evalue}"
    except CellTimeoutError:
        return f"cell {number}: still running after {client.timeout:.0f} s"
    except DeadKernelError:
        return None if stopped.is_set() else f"cell {number}: the kernel died"
    return None if stopped.is_set() else ""


def _hear_ctrl_c(stopped: asyncio.Event) -> None:
    """Sets `stopped` at Ctrl-C and ends what this task waits for.

    nbclient takes Ctrl-C for itself: it ends the kernel, and says only that it died.
    """
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        stopped.set()
        task.cancel()

    with contextlib.suppress(NotImplementedError):  # Windows cancels the task by itself
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)
