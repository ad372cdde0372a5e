"""A live view of servers that run, whoever loads them.

Rule: it looks from outside, a few times a second, and costs the servers one question each time.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from asyncweb.attach.target import Target
from asyncweb.dashboard.cells import belongs_here
from asyncweb.dashboard.history import History
from asyncweb.dashboard.looking import Looking
from asyncweb.dashboard.names import distinct
from asyncweb.dashboard.panels import chosen
from asyncweb.dashboard.plot import plot
from asyncweb.dashboard.recorded import RecordedScreen
from asyncweb.dashboard.recording import Recording
from asyncweb.dashboard.replay import replay
from asyncweb.dashboard.screen import KeyedScreen, Screen, open_screen
from asyncweb.dashboard.standing_back import stand_back
from asyncweb.dashboard.watched import Watched
from asyncweb.errors import ServerError

if TYPE_CHECKING:
    from asyncweb.dashboard.page.page import Page
    from asyncweb.loadtest.plot import Plot

EVERY_S = 0.25


class Dashboard:
    """`with Dashboard(fast, slow): ...` shows both servers while the block runs.

    Memory, threads and CPU are told of servers in a process of their own; those of a server in
    this process would be the notebook's. Latency is what the server measured itself, when it
    has a Recorder as its observer. `show` names the panels, of those in `dashboard.panels`. In a
    terminal keys change the view, and q leaves the block; at a prompt of Python they stay yours.

    With `page=True` a web page shows the same, at `dash.page()`; with a Page, there. Its address
    is the note as long as there is no other. `record` names a file to which all that is shown is
    written, see `replay`.

    >>> from asyncweb import App, AsyncServer
    >>> from asyncweb.metrics.recorder import Recorder
    >>> class Last:  # the simplest screen; without one, the notebook's or the terminal's
    ...     def update(self, frame):
    ...         self.frame = frame
    ...     def close(self):
    ...         print(self.frame.title, [track.name for track in self.frame.tracks])
    >>> with AsyncServer(App(), name="fast", observer=Recorder()) as fast:
    ...     board = Dashboard(fast, title="one server", screen=Last()).start()
    ...     board.note = "we are here"
    ...     board.stop()
    ...     board.show()
    ...     board.mark("here we add 1,000 clients")
    ...     board.stop()
    ...     board.run(seconds=0.1)
    one server ['fast']
    one server ['fast']
    one server ['fast']
    """

    def __init__(
        self,
        *servers: Target,
        title: str = "",
        show: Sequence[str] = (),
        screen: Screen | None = None,
        page: bool | Page = False,
        record: str | Path | None = None,
    ):
        if not servers:
            raise ValueError("Dashboard() shows nothing: give it one server or more")
        self._watched = [Watched(server) for server in servers]
        self._history = History(title or ", ".join(server.url for server in servers))
        self._history.show = chosen(show)
        for watched, name in zip(self._watched, distinct(servers), strict=True):
            watched.name = name
            self._history.follow(name, watched.server.engine)
        self._given_screen = screen
        self._given_page = page
        self._record = record
        self._note = self._invitation = ""
        self._page: Page | None = None
        self._screen: Screen | None = None
        self._began: float | None = None  # by the clock; the time axis goes on after a stop
        self._looking = Looking(EVERY_S)
        self._cpu_s = 0.0  # of the thread that looks and draws
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def note(self) -> str:
        """One line below the view."""
        return self._note

    @note.setter
    def note(self, text: str) -> None:
        self._note = text

    def start(self) -> Self:
        """Opens the view; call it from the cell that shall show it."""
        if self._thread is None:
            self._open()
            self._thread = threading.Thread(
                target=self._keep_looking, name="asyncweb-dashboard", daemon=True
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """Shows the last moment and ends. Can be called twice."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._over.set()
        thread.join()
        self._close()

    def page(self) -> str:
        """The URL of a web page that shows the same, until `stop`; opened when first asked for.

        Raises ServerError before `start`.

        >>> from asyncweb import App, AsyncServer
        >>> from asyncweb.dashboard.screen import NoScreen
        >>> with AsyncServer(App()) as server, Dashboard(server, screen=NoScreen()) as board:
        ...     board.page()
        'http://127.0.0.1:...'
        """
        if self._thread is None:
            raise ServerError("the dashboard does not run, so no page shows it; call start() first")
        if self._page is None:
            assert self._screen is not None
            self._screen = self._with_page(self._screen)
        assert self._page is not None
        return self._page.url

    def show(self) -> None:
        """Shows the servers below this cell from now on, while other cells run, until `stop()`.

        What was shown below another cell ends there. A cell that runs again begins anew.
        """
        self.stop()
        self.start()

    def run(self, seconds: float = math.inf) -> None:
        """Shows the servers for so many `seconds`, or until the kernel or Ctrl-C interrupts.

        For front ends that drop what other threads draw: this draws from the cell's own.
        """
        self.stop()
        self._open()
        until = time.monotonic() + seconds
        try:
            # No wait is longer than EVERY_S: on Windows none can be interrupted.
            with suppress(KeyboardInterrupt):
                while (left_s := until - time.monotonic()) > 0:
                    self._over.wait(min(left_s, EVERY_S))
                    self._look(time.thread_time())
        finally:
            self._close()

    @staticmethod
    def replay(file: str | Path, *, speed: float = 1.0, screen: Screen | None = None) -> None:
        """Shows a recording again, `speed` times as fast, without any server.

        `file` is one that `record` made, or "demo", which comes with the package. Ctrl-C ends it.
        Raises RecordingError for a file that is none.

        >>> from asyncweb.dashboard.screen import NoScreen
        >>> Dashboard.replay("demo", speed=float("inf"), screen=NoScreen())
        """
        recording = Recording(file)
        with suppress(KeyboardInterrupt):
            replay(recording, screen or open_screen(), speed)

    def mark(self, label: str) -> None:
        """Draws a line named `label` on the time axis, at the latest moment."""
        self._history.mark(label)

    def plot(self) -> Plot:
        """All that was seen, over time, one line for each server; shows itself in a notebook.

        Raises LessonError before anything was seen, LoadError when matplotlib is not installed.

        >>> from asyncweb import App, AsyncServer
        >>> from asyncweb.errors import LessonError
        >>> try:
        ...     Dashboard(AsyncServer(App()), title="a lesson").plot()
        ... except LessonError as error:
        ...     print(error)
        plot() has seen nothing yet: show() the dashboard, then load a server
        """
        return plot(self._history.whole())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.stop()
        # Who quits by a key leaves the block; who presses Ctrl-C means the whole program.
        by_key = isinstance(self._screen, KeyedScreen) and self._screen.was_quit
        return kind is KeyboardInterrupt and by_key

    def _open(self) -> None:
        belongs_here(self)
        self._over.clear()
        screen = self._given_screen or open_screen()
        try:
            if self._record is not None:
                screen = RecordedScreen(screen, self._record)
            self._screen = self._with_page(screen) if self._given_page else screen
        except BaseException:
            screen.close()  # a terminal that stays in its hands would show no error either
            raise
        if isinstance(self._screen, KeyedScreen):
            self._screen.listen(self.mark)
        self._looking, self._cpu_s = Looking(EVERY_S), 0.0
        if self._began is None:
            self._began = time.monotonic()
            for watched in self._watched:
                watched.sample(0.0)  # what was answered until now is no throughput of now

    def _with_page(self, screen: Screen) -> Screen:
        from asyncweb.dashboard.page.page import Beside, Page  # loaded by those who want one

        given = self._given_page
        self._page = (given if isinstance(given, Page) else Page()).start()
        self._invitation = f"page: {self._page.url}"
        return Beside(screen, self._page)

    def _keep_looking(self) -> None:
        stand_back()
        while not self._over.wait(EVERY_S):
            self._look(time.thread_time())

    def _look(self, cpu_s: float) -> None:
        """Looks once, when the thread that looks and draws has used `cpu_s` seconds of CPU."""
        assert self._screen is not None and self._began is not None
        self._cpu_s = cpu_s
        at_s = time.monotonic() - self._began
        for watched in self._watched:
            snapshot = watched.sample(at_s)
            if snapshot is not None:
                self._history.add(watched.name, snapshot)
        unanswered = sum(watched.was_late for watched in self._watched)
        self._history.at_s = at_s
        self._history.note = self._note or self._invitation
        self._history.watch = self._looking.looked(at_s, cpu_s, unanswered)
        self._screen.update(self._history.frame())

    def _close(self) -> None:
        """Shows the last moment, and lets go of all that `_open` has opened."""
        assert self._screen is not None
        self._invitation = ""
        try:
            self._look(self._cpu_s)
        finally:
            self._screen.close()
            page, self._page = self._page, None
            if page is not None:
                page.stop()
