"""Where frames are shown: a notebook, a terminal, or plain lines.

Rule: the one who measures does not know where it is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from rich.console import Console

from asyncweb.metrics.snapshot import Frame


class Screen(Protocol):
    """Shows frames as they come; after `close` the last one stays."""

    def update(self, frame: Frame) -> None:
        """Shows `frame`, unless the last one was shown just now."""

    def close(self) -> None:
        """Shows the last frame and lets go of the terminal. Can be called twice."""


@runtime_checkable
class ResultScreen(Screen, Protocol):
    """A screen that also shows what was found in the end; others leave that to their caller."""

    def conclude(self, found: Any) -> None:
        """Shows `found` below the last frame."""


@runtime_checkable
class KeyedScreen(Screen, Protocol):
    """A screen before which somebody sits who may press keys."""

    was_quit: bool  # by a key, which does what Ctrl-C does

    def listen(self, mark: Callable[[str], None]) -> None:
        """Reads keys from now on; `mark` gives the latest moment a label."""


class Layer:
    """A screen above `screen`, to which goes all that it does not do itself."""

    def __init__(self, screen: Screen):
        self._screen = screen

    def update(self, frame: Frame) -> None:
        """Shows `frame`."""
        self._screen.update(frame)

    def close(self) -> None:
        """Closes the screen below."""
        self._screen.close()

    def conclude(self, found: Any) -> None:
        """Shows `found` where the screen below is the place for it."""
        if isinstance(self._screen, ResultScreen):
            self._screen.conclude(found)

    @property
    def was_quit(self) -> bool:
        """Whether a key has ended it, before a screen that hears keys."""
        return isinstance(self._screen, KeyedScreen) and self._screen.was_quit

    def listen(self, mark: Callable[[str], None]) -> None:
        """Lets the screen below hear keys, if it can."""
        if isinstance(self._screen, KeyedScreen):
            self._screen.listen(mark)


class NoScreen:
    """Shows nothing, for whoever wants the result alone."""

    def update(self, frame: Frame) -> None:
        """Shows nothing."""

    def close(self) -> None:
        """Nothing was opened."""


def open_screen(console: Console | None = None, *, is_big: bool = False) -> Screen:
    """The screen that fits: the notebook's if we run in one, else the console's, else lines.

    With `is_big`, a terminal shows the few figures that decide, large.
    In a notebook, call it from the cell: what it shows belongs to the cell that opened it.
    """
    if in_notebook():
        from asyncweb.dashboard.notebook import NotebookScreen

        return NotebookScreen()
    console = console or Console()
    if console.is_terminal and not console.is_dumb_terminal:
        from asyncweb.dashboard.terminal import TerminalScreen

        return TerminalScreen(console, is_big=is_big)
    from asyncweb.dashboard.plain import PlainScreen

    return PlainScreen(console)


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
