"""`asyncweb watch`: the current exercise is checked whenever its file is saved.

Rule: the file is asked for its time and its text again and again, since network disks tell of no
change, and some tell the time by the second. Checks run in the main thread, which Ctrl-C ends with
all that it has started; keys change only the look.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from asyncweb.dashboard.keyboard import OnKey, interrupt
from asyncweb.errors import ExerciseError
from asyncweb.grading.exercise import WORK, Exercise
from asyncweb.grading.process import GivenUp
from asyncweb.grading.runner import How, check
from asyncweb.grading.source import read_start
from asyncweb.grading.student.desk import Desk
from asyncweb.grading.student.hinting import give_hint
from asyncweb.grading.student.look import Look, Panel, Wish, pressed
from asyncweb.grading.student.sheet import Sheet

POLL_S = 0.2
Stamp = tuple[int, bytes] | None
Moment = tuple[str, Stamp, int]


class Screen(Protocol):
    """Where the sheet is shown."""

    def listen(self, on_key: OnKey) -> bool:
        """Calls `on_key` with each key from now on; False where nobody can press any."""

    def show(self, sheet: Sheet, look: Look) -> None:
        """Shows what there is to be seen."""

    def forget(self, *_: object) -> None:
        """Somebody else has had the terminal: nothing that was shown need be there."""

    def close(self) -> None:
        """Gives back what was lent. Can be called twice."""


class Watch:
    """Checks, and listens, until somebody ends it, or until all is done where nobody has keys."""

    def __init__(self, desk: Desk, screen: Screen):
        self._desk = desk
        self._screen = screen
        self._changing = threading.Lock()  # keys come from a thread of their own
        self._woken = threading.Event()
        self._asked = 0  # how often somebody has asked for a check
        self._look = Look()
        self._sheet = Sheet(desk, desk.current())
        self.was_quit = False

    @property
    def current(self) -> Exercise:
        """The exercise that is being worked on."""
        return self._sheet.current

    def run(self) -> None:
        """Watches. Raises KeyboardInterrupt when somebody ends it; ExerciseError: no pytest."""
        has_keys = self._screen.listen(self._press)
        checked = None
        while True:
            now = self._now()
            if now == checked:
                self._woken.wait(POLL_S)
                self._woken.clear()
                self._draw()  # the window may have another size
                continue
            checked = now
            with contextlib.suppress(GivenUp):
                self._check(self.current, now)
            if not has_keys and self._has_passed and not self._go_on():
                return

    def _now(self) -> Moment:
        """What has to be checked again when it is another."""
        return self.current.name, _stamp(self._work), self._asked

    @property
    def _work(self) -> Path:
        return self._desk.folder / self.current.name / WORK

    @property
    def _has_passed(self) -> bool:
        return self._sheet.grade is not None and self._sheet.grade.has_passed

    def _check(self, exercise: Exercise, now: Moment) -> None:
        """Checks, unless something newer comes in between: a hang need not be waited for then."""
        try:
            work = self._desk.work(exercise)
        except ExerciseError as error:
            self._change(trouble=str(error), grade=None, is_checking=False)
            return
        self._change(is_checking=True)
        how = How(hidden=False, is_given_up=lambda: self._now() != now)
        grade = check(exercise, work, how)
        with self._changing:
            self._desk.progress.checked(grade)
            if self.current != exercise:
                return  # somebody has gone to another one meanwhile
            if grade != self._sheet.grade:
                self._look = Look(Panel.MESSAGE, said=self._look.said)
        self._change(grade=grade, is_checking=False, trouble="")

    def _press(self, key: str) -> None:
        with self._changing:
            course = self._desk.course
            place = course.index(self.current)
            self._look, wish = pressed(self._look, key, place, len(course))
            try:
                self._fulfil(wish)
            except (ExerciseError, OSError) as error:
                self._look = replace(self._look, said=str(error))
            self._screen.show(self._sheet, self._look)

    def _fulfil(self, wish: Wish | None) -> None:
        if wish is Wish.QUIT:
            self.was_quit = True
            interrupt()
        elif wish in (Wish.HINT, Wish.NEXT_HINT):
            progress = self._desk.progress
            given = progress.of(self.current.name).hints
            wanted = max(given, 1) if wish is Wish.HINT else None
            self._sheet = replace(self._sheet, hint=give_hint(self.current, progress, wanted))
        elif wish is Wish.NEXT:
            self._go_to(self._desk.after(self.current))
        elif wish is Wish.GO:
            self._go_to(self._desk.course[self._look.chosen])
        elif wish is Wish.RESET:
            _, kept = self._desk.reset(self.current)
            said = f"the stub is there; your file is {kept.name}" if kept else "the stub is there"
            self._look = replace(self._look, said=said)
        elif wish is Wish.CHECK:
            self._asked += 1
        self._woken.set()

    def _go_on(self) -> bool:
        """Goes to the next exercise; False when there is none that is still to be done."""
        with self._changing:
            after = self._desk.after(self.current)
            self._go_to(after)
            return after is not None

    def _go_to(self, exercise: Exercise | None) -> None:
        if exercise is None:
            self._look = replace(self._look, said="everything is done")
        elif exercise != self.current:
            self._desk.progress.go_to(exercise.name)
            self._sheet = Sheet(self._desk, exercise, is_checking=True)

    def _change(self, **values: object) -> None:
        with self._changing:
            self._sheet = replace(self._sheet, **values)  # type: ignore[arg-type]
            self._screen.show(self._sheet, self._look)

    def _draw(self) -> None:
        with self._changing:
            self._screen.show(self._sheet, self._look)


def _stamp(file: Path) -> Stamp:
    """When it was saved, and as much of its text as is ever run."""
    try:
        return file.stat().st_mtime_ns, read_start(file)
    except OSError:
        return None  # an editor puts a new file into its place, or somebody has removed it
