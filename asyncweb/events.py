"""Server-sent events: news for one client, as long as it listens.

Rule: what a handler puts into an event never forges another one. A client that hears nothing for
a while is sent a comment, so that it, and we, notice when the other side has gone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, TypeAlias

from asyncweb.http.json_text import spelled_json
from asyncweb.http.messages import Response

EVENTS = "text/event-stream"
HEARTBEAT = b":\n\n"  # a comment, which no client shows
LEAST_HEARTBEAT_S = 1.0  # the servers look for silent streams once a second, whoever is there
_LINE_END = r"\r\n|\r|\n"
Item: TypeAlias = "str | dict[str, Any] | list[Any] | Event"


@dataclass(frozen=True, slots=True)
class Event:
    """One event: text, or a dict or list that is spelled as JSON.

    `event` names its kind ("message" without it), `id`, text or a whole number, is what the client
    tells when it comes back (`ctx.last_event_id`), and `retry_s` how many seconds it waits before
    it does. Raises TypeError or ValueError for what would be no event, or more than one.

    >>> Event("two\\nlines", event="news", id=7).spelled()
    b'event: news\\nid: 7\\ndata: two\\ndata: lines\\n\\n'
    """

    data: str | dict[str, Any] | list[Any]
    event: str | None = None
    id: str | int | None = None
    retry_s: float | None = None

    def __post_init__(self) -> None:
        for name in ("event", "id"):
            value = getattr(self, name)
            if name == "id" and type(value) is int:
                continue
            if not isinstance(value, str | None):
                expected = "text" if name == "event" else "text or a whole number"
                raise TypeError(f"Event({name}={value!r}): expected {expected}, or None")
            if value is not None and (re.search(_LINE_END, value) or "\0" in value):
                raise ValueError(f"Event({name}={value!r}): a line end or NUL would forge a field")
        if self.retry_s is not None:
            _retry(self.retry_s)
        if not isinstance(self.data, str | dict | list):
            kind = type(self.data).__name__
            raise TypeError(f"an event is str, dict, list or Event, not {kind}")

    def spelled(self) -> bytes:
        """The event as it goes over the wire, in UTF-8."""
        data = self.data if isinstance(self.data, str) else spelled_json(self.data)
        fields = [] if self.event is None else [("event", self.event)]
        fields += [] if self.id is None else [("id", str(self.id))]
        fields += [] if self.retry_s is None else [_retry(self.retry_s)]
        fields += [("data", line) for line in re.split(_LINE_END, data)]
        return "".join([*(f"{name}: {value}\n" for name, value in fields), "\n"]).encode()


class EventStream(Response):
    """The events that `source` gives, async or not, one by one.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/countdown")
    ... async def countdown(ctx):
    ...     async def ticks():
    ...         for number in range(2, 0, -1):
    ...             yield Event({"left": number}, event="tick")
    ...             await ctx.sleep(0.001)
    ...     return EventStream(ticks())
    >>> app.test_client().get("/countdown").body
    b'event: tick\\ndata: {"left":2}\\n\\nevent: tick\\ndata: {"left":1}\\n\\n'

    The source gives str, dict, list or Event. When it has given none for `heartbeat_s` seconds, 1
    or more, a comment is sent, about a second later at most, and so on. A client that lost the
    connection comes back after `retry_s`, and `ctx.last_event_id` says what it heard last. When
    the client leaves, the source is closed; on a ThreadServer a source that blocks is closed when
    it next gives something.
    """

    __slots__ = ()

    def __init__(
        self,
        source: Iterable[Item] | AsyncIterable[Item],
        *,
        heartbeat_s: float = 15.0,
        retry_s: float | None = None,
    ):
        if not _is_number(heartbeat_s) or not heartbeat_s >= LEAST_HEARTBEAT_S:
            raise ValueError(
                f"EventStream(heartbeat_s={heartbeat_s!r}): expected {LEAST_HEARTBEAT_S:g} second "
                "or more; what is to come more often, the source has to give itself"
            )
        first = b"" if retry_s is None else "{}: {}\n\n".format(*_retry(retry_s)).encode()
        body: AsyncEvents | PlainEvents
        if isinstance(source, AsyncIterable):
            body = AsyncEvents(aiter(source), heartbeat_s, first)
        elif isinstance(source, Iterable) and not isinstance(source, str | bytes | dict):
            body = PlainEvents(iter(source), heartbeat_s, first)
        else:
            kind = type(source).__name__
            raise TypeError(f"EventStream({kind}): expected an iterator of events, async or not")
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        super().__init__(body, headers=headers, content_type=EVENTS)


class PlainEvents(Iterator[bytes]):
    """The pieces of an EventStream whose source is a plain iterator."""

    def __init__(self, source: Iterator[Item], heartbeat_s: float, first: bytes):
        self.heartbeat_s = heartbeat_s
        self._source = source
        self._first = first

    def __next__(self) -> bytes:
        first, self._first = self._first, b""
        return first or _spelled(next(self._source))

    def close(self) -> None:
        """Closes the source."""
        if hasattr(self._source, "close"):
            self._source.close()


class AsyncEvents(AsyncIterator[bytes]):
    """The pieces of an EventStream whose source is an asynchronous one."""

    def __init__(self, source: AsyncIterator[Item], heartbeat_s: float, first: bytes):
        self.heartbeat_s = heartbeat_s
        self._source = source
        self._first = first

    async def __anext__(self) -> bytes:
        first, self._first = self._first, b""
        return first or _spelled(await anext(self._source))

    async def aclose(self) -> None:
        """Closes the source."""
        if hasattr(self._source, "aclose"):
            await self._source.aclose()


def _spelled(item: Item) -> bytes:
    return (item if isinstance(item, Event) else Event(item)).spelled()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _retry(seconds: float) -> tuple[str, str]:
    if not _is_number(seconds) or not 0 <= seconds < inf:
        raise ValueError(f"retry_s={seconds!r}: expected a number of seconds")
    return "retry", str(round(seconds * 1000))
