"""Frames in a terminal, drawn over each other, and keys that change the look; the last one stays.

Rule: the terminal is given back as it was, whatever happens in between.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console, RenderableType
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, SegmentLines

from asyncweb.dashboard.box import Picture
from asyncweb.dashboard.keyboard import Keyboard, interrupt, open_keyboard
from asyncweb.dashboard.look import NO_LABEL, Look, Wish, marked, pressed
from asyncweb.dashboard.scene import picture, scene, too_small
from asyncweb.dashboard.view import render
from asyncweb.drawing.picture import save
from asyncweb.metrics.snapshot import Frame

LEAST_WIDTH = 40


class TerminalScreen:
    """Shows frames through rich's Live; with `is_big`, large figures first."""

    def __init__(self, console: Console, *, is_big: bool = False):
        self._console = console
        # No thread of its own: whoever updates draws, at the pace of the measurements.
        self._live = Live(console=console, auto_refresh=False, vertical_overflow="crop")
        self._live.start()
        self._look = Look(is_big=is_big)
        self._latest: Frame | None = None
        self._size = console.size
        self._is_open = True
        self._changing = threading.Lock()  # frames and keys come from different threads
        self._keyboard: Keyboard | None = None
        self._mark: Callable[[str], None] | None = None
        self.was_quit = False
        atexit.register(self.close)  # for whoever ends without closing

    def listen(self, mark: Callable[[str], None]) -> None:
        """Reads keys from now on, if somebody sits there; `mark` is called with each label."""
        self._mark = mark
        self._keyboard = self._keyboard or open_keyboard(self._press)

    def update(self, frame: Frame) -> None:
        """Draws `frame` over the one before, unless it is paused."""
        with self._changing:
            self._latest = frame
            self._draw()

    def close(self) -> None:
        """Leaves the last frame on the terminal, whole."""
        if self._keyboard is not None:
            self._keyboard.close()
        with self._changing:
            was_open, self._is_open = self._is_open, False
            if was_open and self._latest is not None:
                self._live.update(render(self._latest, self._console.width))
            self._live.stop()
        atexit.unregister(self.close)  # not before: Ctrl-C may come in between

    def _press(self, key: str) -> None:
        with self._changing:
            if self._latest is None:
                self._latest = Frame("", ())
            self._look, wish = pressed(self._look, key, self._latest)
            if wish is not None:
                self._fulfil(wish)
            self._draw()

    def _fulfil(self, wish: Wish) -> None:
        if wish is Wish.QUIT:
            self.was_quit = True
            interrupt()
        elif wish is Wish.SAVE:
            self._look = replace(self._look, said=self._save())
        elif self._mark is not None:
            self._mark(self._look.label or NO_LABEL)
            self._look = marked(self._look)

    def _save(self) -> str:
        assert self._latest is not None
        width, height = self._console.size
        try:
            files = save(picture(self._look, self._latest, width, height), Path(), width)
        except OSError as error:
            return f"not saved: {error}; start it in a folder you may write to"
        return f"saved {' and '.join(file.name for file in files)}"

    def _draw(self) -> None:
        if not self._is_open or self._latest is None:
            return
        if self._console.size != self._size:
            self._size = self._console.size
            self._console.control(_wiped(self._size.height))
        fitted = self._fitted(self._latest)
        with _at_once(self._console):
            self._live.update(fitted, refresh=True)

    def _fitted(self, frame: Frame) -> RenderableType:
        width, height = self._size
        if width < LEAST_WIDTH:
            return too_small(width, height)
        whole = scene(self._look, frame, width, height, self._keyboard is not None)
        if isinstance(whole, Picture):
            lines = len(whole.lines)
        else:  # only who draws it knows its height
            drawn = self._console.render_lines(whole, pad=False)
            lines, whole = len(drawn), SegmentLines(drawn, new_lines=True)
        return whole if lines <= height else too_small(width, height)


@contextlib.contextmanager
def _at_once(console: Console) -> Iterator[None]:
    """Lets a terminal show what is drawn when it is whole; one that cannot do so draws as it comes.

    The private mode 2026, "synchronized output": without it a large frame flickers.
    """
    if console.legacy_windows:
        yield
        return
    console.file.write("\x1b[?2026h")
    try:
        yield
    finally:
        console.file.write("\x1b[?2026l")
        console.file.flush()


def _wiped(height: int) -> Control:
    """Clears the screen line by line: done at once, terminals move it into what scrolls back.

    Needed after a change of size: what was drawn has been broken into nobody knows how many lines.
    """
    wipe = [(ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_DOWN, 1)] * height
    return Control(ControlType.HOME, *wipe, ControlType.HOME)
