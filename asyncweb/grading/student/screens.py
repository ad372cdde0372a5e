"""Where `asyncweb watch` is seen: the whole of a terminal, or plain lines for a pipe.

Rule: the terminal is given back as it was; the lines say all that the picture says.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group
from rich.live import Live
from rich.segment import Segment, SegmentLines
from rich.text import Text

from asyncweb.dashboard.keyboard import Keyboard, OnKey, open_keyboard
from asyncweb.grading.exercise import WORK
from asyncweb.grading.score import Grade
from asyncweb.grading.show import printed_lines, result_lines
from asyncweb.grading.student.look import Look, Panel
from asyncweb.grading.student.sheet import Sheet, body, head
from asyncweb.grading.student.watch import Screen

LEAST_HEIGHT = 6


def open_screen(console: Console) -> Screen:
    """The screen that fits the console."""
    if console.is_terminal and not console.is_dumb_terminal:
        return TerminalScreen(console)
    return PlainScreen(console)


class TerminalScreen:
    """Draws on the terminal's other screen, so that nothing of it is left behind."""

    def __init__(self, console: Console):
        self._console = console
        self._live = Live(console=console, screen=True, auto_refresh=False)
        self._live.start()
        self._keyboard: Keyboard | None = None
        self._drawn: object = None

    def listen(self, on_key: OnKey) -> bool:
        """Reads keys from now on, if somebody sits there."""
        self._keyboard = open_keyboard(on_key)
        return self._keyboard is not None

    def show(self, sheet: Sheet, look: Look) -> None:
        """Draws, if there is anything new to be seen."""
        now = (sheet, look, self._console.size)
        if now != self._drawn:
            self._drawn = now
            self._live.update(self._picture(sheet, look), refresh=True)

    def forget(self, *_: object) -> None:
        """What is drawn may be gone, as after Ctrl-Z; it is drawn anew at the next look."""
        self._drawn = None

    def close(self) -> None:
        """Gives the terminal back."""
        if self._keyboard is not None:
            self._keyboard.close()
        self._live.stop()

    def _picture(self, sheet: Sheet, look: Look) -> SegmentLines:
        """Head and foot, and between them as much of the body as there is room for."""
        height = self._console.height
        top = self._lines([*head(sheet)])
        middle = self._lines([*body(sheet, look)])
        room = max(height - len(top) - 2, 1)
        pages = -(-len(middle) // room)
        page = look.page % max(pages, 1)
        if look.panel is Panel.LIST:
            page = look.chosen // room  # the list follows what is chosen in it
        shown = middle[page * room : (page + 1) * room]
        blank = [[Segment("")]] * (room - len(shown))
        more = f"space more ({page + 1} of {pages})" if pages > 1 else ""
        keys = [] if self._keyboard is None else [more, *look.help]
        foot = [
            Text(look.said, "bold reverse", no_wrap=True, overflow="ellipsis"),
            Text("  ".join(filter(None, keys)), "dim", no_wrap=True, overflow="ellipsis"),
        ]
        lines = [*top, *shown, *blank, *self._lines(foot)]
        return SegmentLines(lines[-height:] if height < LEAST_HEIGHT else lines, new_lines=True)

    def _lines(self, texts: Sequence[Text]) -> list[list[Segment]]:
        return self._console.render_lines(Group(*texts), pad=False) if texts else []


class PlainScreen:
    """Prints what is new, in lines."""

    def __init__(self, console: Console):
        self._console = console
        self._told: tuple[str, str, Grade | None] = ("", "", None)

    def listen(self, on_key: OnKey) -> bool:
        """Nobody sees what the keys would do."""
        return False

    def show(self, sheet: Sheet, look: Look) -> None:
        """Prints a new verdict, a trouble, or which file is watched now."""
        name, problem, grade = self._told
        self._told = (sheet.current.name, sheet.trouble or sheet.desk.progress.trouble, sheet.grade)
        if sheet.current.name != name:
            file = sheet.desk.folder / sheet.current.name / WORK
            self._print(*(str(line) for line in head(sheet) if line), f"watching {file}")
        if self._told[1] != problem and self._told[1]:
            self._print(self._told[1])
        if sheet.grade is not None and sheet.grade is not grade:
            self._print(*result_lines(sheet.grade), *printed_lines(sheet.grade), "")

    def forget(self, *_: object) -> None:
        """Lines stay."""

    def close(self) -> None:
        """Nothing to give back."""

    def _print(self, *lines: str) -> None:
        for line in lines:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
