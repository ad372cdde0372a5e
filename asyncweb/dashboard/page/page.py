"""A page that shows the live view to whoever opens its address.

Rule: who measures never waits for who watches: frames are left here, and the newest is sent.
"""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, replace
from typing import Any, Self

from asyncweb.dashboard.page.places import is_private, places
from asyncweb.dashboard.page.wire import wired
from asyncweb.dashboard.screen import Layer, Screen
from asyncweb.dashboard.standing_back import stand_back
from asyncweb.errors import ServerError
from asyncweb.http.json_text import spelled_json
from asyncweb.metrics.snapshot import Frame
from asyncweb.servers.child import Child

EVERY_S = 0.25  # the eye does not follow more, and thirty phones share one radio
START_TIMEOUT_S = 30.0
END_TIMEOUT_S = 3.0


@dataclass(frozen=True, slots=True)
class _State:
    frame: Frame
    verdict: str = ""
    is_over: bool = False


class Page:
    """`with Page() as page: page.update(frame)` shows frames at `page.url`, at most 4 a second.

    `host` says who can reach it: this machine, or with "0.0.0.0" the whole network. It runs in a
    process of its own. `start` raises what a server raises whose address is taken.

    >>> with Page() as page:
    ...     page.update(Frame("nothing yet", ()))
    ...     page.url
    'http://127.0.0.1:...'
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0):
        self.host = host
        self.port = port
        self._state = _State(Frame("", ()))  # what is to be shown
        self._news = threading.Event()
        self._ending = threading.Event()

    def start(self) -> Self:
        """Opens the page; it is reachable when this returns."""
        self._ending.clear()
        self._state = _State(Frame("", ()))
        self._child = Child("asyncweb.dashboard.page.serving:main")
        try:
            self._child.send((self.host, self.port))
            answer = self._child.receive(START_TIMEOUT_S)
            if isinstance(answer, Exception):
                raise answer
        except BaseException:
            self._child.stop()
            raise
        self.port = answer
        self._thread = threading.Thread(target=self._send, name="asyncweb-page", daemon=True)
        self._thread.start()
        return self

    @property
    def url(self) -> str:
        """Where it is found; from other machines, if they can reach it."""
        return places(self.host, self.port)[0]

    @property
    def invitation(self) -> str:
        """Where it is found and by whom, in a line or two."""
        where = "page: " + " or ".join(places(self.host, self.port))
        if is_private(self.host):
            return f"{where} (only from this machine; to let the class in: --page-host 0.0.0.0)"
        return f"{where} (from everywhere in this network, without a password)"

    def update(self, frame: Frame) -> None:
        """Shows `frame` soon, unless a newer one comes before that."""
        self._show(replace(self._state, frame=frame))

    def conclude(self, verdict: str) -> None:
        """Shows `verdict` above the last frame."""
        self._show(replace(self._state, verdict=verdict))

    def stop(self) -> None:
        """Tells all viewers that it is over, and ends. Can be called twice."""
        if self._ending.is_set():
            return
        self._ending.set()
        self._show(replace(self._state, is_over=True))
        self._thread.join(END_TIMEOUT_S)
        self._child.stop(END_TIMEOUT_S)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _show(self, state: _State) -> None:
        self._state = state
        self._news.set()

    def _send(self) -> None:
        """Sends the newest state, and the last one in any case."""
        stand_back()
        sent = self._state
        with contextlib.suppress(ServerError):  # the page is gone; the run goes on
            while not sent.is_over:
                self._news.wait()
                self._news.clear()
                sent = self._state
                self._child.send(spelled_json(wired(sent.frame, sent.verdict, sent.is_over)))
                self._ending.wait(EVERY_S)


class Beside(Layer):
    """A screen and a page that show the same; the page stays when the screen is closed."""

    def __init__(self, screen: Screen, page: Page):
        super().__init__(screen)
        self._page = page

    def update(self, frame: Frame) -> None:
        """Shows `frame` on both."""
        self._page.update(frame)
        super().update(frame)

    def conclude(self, found: Any) -> None:
        """Shows what `found` says on the page, and `found` where the screen is the place for it."""
        self._page.conclude(getattr(found, "verdict", None) or found.explain())
        super().conclude(found)
