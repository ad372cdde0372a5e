"""Jupyter Notebook in a real browser, as somebody would use it who types very fast.

Rule: nothing is waited for by time; the page is asked until it shows what should be there.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tests.conftest import eventually
from tests.outside import programs

PATIENCE_MS = 60_000  # for a page that is about to fail
SIZE = {"width": 1100, "height": 2000}  # so that no cell has to be scrolled to
# No news, no store of extensions, and the commands of the menus within reach of this driver.
OPTIONS = (
    "--no-browser", "--allow-root", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1",
    "--JupyterNotebookApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
)  # fmt: skip
CELLS = "jupyterapp.shell.currentWidget.content"
IDLE = "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"


class NotebookPage:
    """One open notebook; a cell is known by its place, from 0."""

    def __init__(self, page: Any, file: Path, url: str):
        self._page, self.file = page, file
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        page.wait_for_function(f"window.jupyterapp?.shell.currentWidget && {IDLE}")

    def append(self, code: str) -> int:
        """The place of a new last cell with `code`."""
        return self._page.evaluate(
            f"code => {CELLS}.model.sharedModel.addCell({{cell_type: 'code', source: code}})"
            f" && {CELLS}.widgets.length - 1",
            code,
        )

    def begin(self, cell: int) -> None:
        """Runs a cell and does not wait for its end."""
        self._page.evaluate(
            f"cell => {{ {CELLS}.deselectAll(); {CELLS}.activeCellIndex = cell; }}", cell
        )
        self._command("notebook:run-cell")

    def begin_all(self) -> None:
        """Runs all cells and does not wait for their end."""
        self._command("notebook:run-all-cells")

    def run(self, code: str) -> list[Any]:
        """What a new cell with `code` has put out when it has ended."""
        cell = self.append(code)
        self.begin(cell)
        self.ended(cell)
        return self.outputs(cell)

    def ended(self, cell: int) -> None:
        """Returns when the cell has its number and the kernel is idle."""
        model = f"{CELLS}.widgets[cell].model"
        self._wait(
            f"cell => {model}.executionState !== 'running' && {model}.executionCount && {IDLE}",
            cell,
        )

    def is_running(self, cell: int) -> bool:
        return self._page.evaluate(
            f"cell => {CELLS}.widgets[cell].model.executionState === 'running'", cell
        )

    def interrupt(self) -> None:
        self._command("notebook:interrupt-kernel")

    def outputs(self, cell: int) -> list[Any]:
        """The outputs of a cell, as the notebook keeps them."""
        return self._page.evaluate(f"cell => {CELLS}.widgets[cell].model.outputs.toJSON()", cell)

    def seen(self, cell: int) -> str:
        """The text below a cell, as the browser shows it."""
        return self._page.evaluate(f"cell => {CELLS}.widgets[cell].outputArea.node.innerText", cell)

    def sees(self, cell: int, text: str) -> None:
        """Returns when the browser shows `text` below a cell."""
        self._wait(
            f"([cell, text]) => {CELLS}.widgets[cell].outputArea.node.innerText.includes(text)",
            [cell, text],
        )

    def changes(self, cell: int, times: int = 1) -> None:
        """Returns when what the browser shows below a cell has changed so often."""
        for _ in range(times):
            self._wait(
                f"([cell, seen]) => {CELLS}.widgets[cell].outputArea.node.innerText !== seen",
                [cell, self.seen(cell)],
            )

    def saved(self) -> Any:
        """The notebook as it is in its file after a save."""
        self._command("docmanager:save")
        self._wait(f"() => !{CELLS}.model.dirty")
        return nbformat.read(self.file, as_version=4)

    def theme(self, name: str) -> None:
        """Changes to a theme of JupyterLab's, and returns when it is on."""
        self._page.evaluate(
            "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
        )
        self._wait("name => document.body.dataset.jpThemeName === name", name)

    def picture(self, file: Path, cells: tuple[int, ...]) -> None:
        """Takes a photograph of some cells that follow each other."""
        nodes = [f"{CELLS}.widgets[{cell}].node" for cell in (cells[0], cells[-1])]
        x, top, width, end = self._page.evaluate(
            f"() => {{ const [a, b] = [{nodes[0]}, {nodes[1]}].map(n => n.getBoundingClientRect());"
            " return [a.x, a.top, a.width, b.bottom]; }"
        )
        clip = {"x": x, "y": top, "width": width, "height": end - top}
        self._page.screenshot(path=str(file), clip=clip)

    def close(self) -> None:
        """Ends the kernel, and with it the servers in it."""
        self._page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def _command(self, name: str) -> None:
        self._page.evaluate("name => { jupyterapp.commands.execute(name); }", name)

    def _wait(self, condition: str, given: Any = None) -> None:
        self._page.wait_for_function(condition, arg=given)


@contextlib.contextmanager
def jupyter(folder: Path) -> Iterator[str]:
    """Runs Jupyter Notebook on `folder`, with settings of its own; gives its address."""
    own = {
        f"JUPYTER_{name}_DIR": str(folder / ".jupyter" / name.lower())
        for name in ("CONFIG", "DATA", "RUNTIME")
    }
    token = secrets.token_hex()
    settings = [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={token}"]
    command = [programs.needs("jupyter-notebook"), *OPTIONS, *settings]
    environment = ["env", *(f"{name}={value}" for name, value in own.items())]
    told = Path(own["JUPYTER_RUNTIME_DIR"])
    with programs.running([*environment, *command], folder, []):
        eventually(lambda: _address(told), within_s=PATIENCE_MS / 1e3)
        yield f"{_address(told)}notebooks/{{name}}?token={token}"


def _address(folder: Path) -> str:
    """What a server of Jupyter has told of itself in `folder`, once it is all there."""
    told = [file.read_text() for file in folder.glob("jpserver-*.json")]
    return next((json.loads(text)["url"] for text in told if text.endswith("}")), "")


@contextlib.contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium of this machine; nothing is fetched."""
    from playwright.sync_api import sync_playwright

    chromium = programs.needs("chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextlib.contextmanager
def notebook(folder: Path, *cells: str) -> Iterator[NotebookPage]:
    """A notebook with `cells`, open in a browser, its kernel ready."""
    file = folder / "lesson.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(made, file)
    with jupyter(folder) as url, browser() as opened:
        page = NotebookPage(opened.new_page(viewport=SIZE), file, url.format(name=file.name))
        yield page
        page.close()
