"""Somebody else's ASGI app under somebody else's server, measured from within.

Rule: the app and its server notice nothing. What passes is passed on as it is, and an error of
ours would be one of theirs: so there is nothing here that can raise.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

from asyncweb.attach.attachment import Attachment, open_attachment
from asyncweb.attach.heart import Heart
from asyncweb.attach.route_names import RouteNames
from asyncweb.guests.guest import kinds_of
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.address import url_of
from asyncweb.servers.observer import Failure

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]


def observe(app: App, name: str = "observed") -> Observed:
    """`app`, an ASGI app, as one that is measured: give it to uvicorn, granian or hypercorn.

    `asyncweb top PID` then shows its process as it shows `asyncweb serve`; `Dashboard(observed)`
    does so in the process itself. Raises TypeError for what is no ASGI app.

    >>> async def tea(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 418})
    ...     await send({"type": "http.response.body", "body": b"short and stout"})
    >>> observed = observe(tea, name="kettle")  # then: uvicorn main:observed
    >>> observed
    <Observed kettle: 0 requests>
    """
    if "asgi" not in kinds_of(app):
        raise TypeError(
            f"observe({app!r}): expected an ASGI app, called with (scope, receive, send); "
            "give it the app itself, such as FastAPI() or Django's application"
        )
    return Observed(app, name)


class Observed:
    """An ASGI app and what was measured of it; see `observe`.

    >>> import asyncio
    >>> async def tea(scope, receive, send):
    ...     await send({"type": "http.response.start", "status": 418})
    ...     await send({"type": "http.response.body", "body": b"short and stout"})
    >>> async def send(message): ...
    >>> with observe(tea) as observed:
    ...     asyncio.run(observed({"type": "http", "path": "/tea", "method": "GET"}, None, send))
    >>> stats = observed.stats()
    >>> stats["statuses"], stats["routes"]["/tea"]["count"], stats["in_flight"]
    ({418: 1}, 1, 0)
    >>> observed.counts()["routes"]["/tea"].count
    1
    >>> observed.errors, observed.engine, observed.name, observed.in_own_process
    ([], 'async', 'observed', False)
    >>> observed.close()  # as the end of the `with` has done
    """

    engine = "async"
    in_own_process = False

    def __init__(self, app: App, name: str):
        self.app = app
        self.name = name
        self.url = ""
        self.port = 0
        self._recorder = Recorder()
        self._names = RouteNames()
        self._in_flight = 0
        self._heart: Heart | None = None
        self._attachment: Attachment | None = None
        self._changing = threading.Lock()  # of several loops in one process

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """The app's answer, unchanged; a lifespan and a WebSocket pass by."""
        if self._heart is None or self._heart.loop is not asyncio.get_running_loop():
            self._look_at_this_loop()
        if scope["type"] != "http":
            return await self._pass(scope, receive, send)
        root = scope.get("root_path", "")
        answer = _Answer(send)
        self._in_flight += 1
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            answer.status = answer.status or 500
            self._recorder.failed(Failure.of(f"{scope['method']} {scope['path']}", error))
            raise
        finally:
            self._in_flight -= 1
            self._note(scope, root, answer)

    def stats(self) -> dict[str, Any]:
        """What a Recorder tells: requests, statuses, routes, loop lag, blocks; and `in_flight`.

        How many `connections` there are is known to the server alone: None.
        """
        return self._recorder.tell(self.counts())

    def counts(self) -> dict[str, Any]:
        """The same as the Recorder counts it, before it makes plain values of it."""
        return {
            **self._recorder.counts(),
            "connections": None,
            "in_flight": self._in_flight,
            "queued": 0,
        }

    @property
    def errors(self) -> list[Failure]:
        """The last exceptions that the app let through, the oldest first."""
        return list(self._recorder.errors)

    def close(self) -> None:
        """Measures nothing of the loop any more, and lets nobody look from outside.

        A server's end does as much; this is for a program that goes on without it.
        """
        with self._changing:
            heart, self._heart = self._heart, None
            attachment, self._attachment = self._attachment, None
        if heart is not None:
            heart.stop()
        if attachment is not None:
            attachment.close()

    def __enter__(self) -> Observed:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Observed {self.name}: {self._recorder.counts()['requests']} requests>"

    async def _pass(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            if scope["type"] == "lifespan":  # some servers end by a signal right after it
                self.close()

    def _note(self, scope: Message, root: str, answer: _Answer) -> None:
        if answer.status:  # else its client has gone, and nobody was answered
            name = self._names.of(scope, answer.status, root)
            self._recorder.ended(name, answer.status, answer.seconds())
        if not self.url and scope.get("server"):
            self._find_place(scope)

    def _find_place(self, scope: Message) -> None:
        host, port = scope["server"]
        self.port = port or 0  # None: it is a Unix socket's file
        self.url = url_of(scope.get("scheme", "http"), host if port else f"unix:{host}", self.port)

    def _look_at_this_loop(self) -> None:
        """Begins to measure the loop that runs here, unless another one is measured."""
        with self._changing:
            if self._heart is not None and self._heart.beats:
                return
            if self._heart is not None:
                self._heart.stop()
            self._heart = Heart(self._recorder)
            if self._attachment is None:
                self._attachment = open_attachment(self._told)

    def _told(self) -> dict[str, Any]:
        return {"name": self.name, "engine": self.engine, "url": self.url, **self.counts()}


class _Answer:
    """Passes an answer on and remembers its status, and when its last byte was handed over."""

    __slots__ = ("_began", "_ended", "_send", "status")

    def __init__(self, send: Send):
        self._send = send
        self._began = time.perf_counter()
        self._ended = 0.0
        self.status = 0

    def __call__(self, message: Message) -> Awaitable[None]:
        kind = message["type"]
        if kind == "http.response.start":
            self.status = message["status"]
        elif kind == "http.response.body" and not message.get("more_body"):
            self._ended = time.perf_counter()  # the app may go on with work in the background
        return self._send(message)

    def seconds(self) -> float:
        """How long the answer took."""
        return (self._ended or time.perf_counter()) - self._began
