"""The newest frame, for everybody who watches.

Rule: spelled once, whoever many watch. Who is too slow for one frame gets the one that is newest
when it is ready again, and never a queue.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from asyncweb.events import Event

BEAT_S = 2.0  # without a frame; a browser does not tell its page of a lost network


class OnceSpelled(Event):
    """An Event that is spelled when it is made, and then sent to many.

    >>> OnceSpelled("news").spelled()
    b'data: news\\n\\n'
    """

    __slots__ = ("_spelled",)

    def __init__(self, data: str, event: str | None = None):
        super().__init__(data, event)
        object.__setattr__(self, "_spelled", super().spelled())  # an Event is frozen

    def spelled(self) -> bytes:
        """The event as it goes over the wire."""
        spelled: bytes = self._spelled  # type: ignore[attr-defined]
        return spelled


BEAT = OnceSpelled("", event="beat")


class Newest:
    """Takes frames from any thread, and gives the newest to each viewer on one event loop.

    >>> async def see():
    ...     newest = Newest()
    ...     newest.bind()
    ...     for text in ("one", "two"):
    ...         newest.publish(text)
    ...     newest.end()
    ...     return [event.data async for event in newest.events()]
    >>> asyncio.run(see())
    ['two']
    """

    def __init__(self) -> None:
        self._event: Event | None = None
        self._is_over = False

    def bind(self) -> None:
        """Call it on the viewers' event loop, before anything else."""
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def publish(self, text: str) -> None:
        """Makes `text` the newest. Never waits for a viewer."""
        self._loop.call_soon_threadsafe(self._take, OnceSpelled(text))

    def end(self) -> None:
        """Says goodbye to all viewers when they have the newest."""
        self._loop.call_soon_threadsafe(self._end)

    async def events(self) -> AsyncIterator[Event]:
        """The newest frame whenever the viewer is ready for one, else now and then a beat."""
        seen = None
        while not (self._is_over and self._event is seen):
            if self._event is seen:
                await self._wait()
            if self._event is not seen and self._event is not None:
                seen = self._event
                yield seen
            elif not self._is_over:
                yield BEAT

    async def _wait(self) -> None:
        """Returns when there is news, after a while also without."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEAT_S):
                await self._news.wait()

    def _take(self, event: Event) -> None:
        self._event = event
        self._wake()

    def _end(self) -> None:
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        woken, self._news = self._news, asyncio.Event()
        woken.set()
