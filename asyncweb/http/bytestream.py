"""A connection whose HTTP is over: bytes in, bytes out, for a protocol of one's own.

Rule: two words for those who speak one, `read` and `write`. Those who build on it, as WebSocket
does, may also say what never waits: `read_now` and `put`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from asyncweb.http.limits import Limits


class ByteStream(Protocol):
    """What `await ctx.take_over()` gives: the connection's bytes, until the handler returns.

    One reads at a time; several may write.

    >>> import socket
    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> @app.get("/shout")
    ... async def shout(ctx):
    ...     stream = await ctx.take_over("shout")
    ...     while data := await stream.read():
    ...         await stream.write(data.upper())
    >>> asks = (b"GET /shout HTTP/1.1\\r\\nHost: me\\r\\n"
    ...         b"Connection: upgrade\\r\\nUpgrade: shout\\r\\n\\r\\n")
    >>> with AsyncServer(app) as server:
    ...     client = socket.create_connection(("127.0.0.1", server.port))
    ...     client.sendall(asks + b"hello")
    ...     client.shutdown(socket.SHUT_WR)
    ...     with client, client.makefile("rb") as heard:
    ...         heard.read().split(b"\\r\\n\\r\\n")[1]
    b'HELLO'

    What builds on it never waits: it puts, and looks what has come. Here, an answer made by hand.

    >>> @app.get("/raw")
    ... async def raw(ctx):
    ...     stream = await ctx.take_over()
    ...     began = stream.home.now()
    ...     with stream.lock:  # nothing of another thread comes between these two
    ...         stream.put(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
    ...         stream.put(b"by hand" if stream.read_now() is None else b"you have said more")
    ...     if not stream.has_room:
    ...         await stream.room()
    ...     assert began <= stream.home.now()
    ...     stream.close()
    >>> @app.get("/cut")
    ... async def cut(ctx):
    ...     stream = await ctx.take_over()
    ...     if not stream.closed:
    ...         stream.abort()
    >>> with app.test_client() as client:
    ...     client.get("/raw").text
    'by hand'
    >>> with app.test_client() as client:
    ...     client.get("/cut")
    Traceback (most recent call last):
    asyncweb.errors.ClientGone: the connection was closed before the answer was whole
    """

    watcher: Watcher | None

    @property
    def home(self) -> Home:
        """The engine it lives on."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while what is read or put must not be mixed with what another thread does."""

    async def read(self) -> bytes:
        """The next bytes, as soon as there are any; b"" when none will come any more.

        That is when the client has closed its side or is gone, and when the server stops.
        """

    async def write(self, data: bytes) -> None:
        """Sends `data`; waits while the client is slow. Raises ClientGone when it has left."""

    def close(self) -> None:
        """Ends the connection when all is sent that was written; `read` gives b"" from then on."""

    def abort(self) -> None:
        """Ends the connection at once, with a reset."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""

    @property
    def has_room(self) -> bool:
        """Whether the client has taken most of what was put."""

    async def room(self) -> None:
        """Waits until there is room. Raises ClientGone when the client has left."""

    def put(self, data: bytes) -> None:
        """Sends `data`, or keeps it until the client takes it; never waits."""

    def read_now(self) -> bytes | None:
        """What has come; b"" at the end; None when something may still come."""


class Watcher(Protocol):
    """Who builds on a ByteStream, as its engine calls it; none of this may wait."""

    def look(self, now: float) -> None:
        """Called about once a second; `now` is the engine's clock, in seconds."""

    def flush(self) -> None:
        """There is room again, or `Home.flush` was asked for this: sends what waits."""

    def leave(self) -> None:
        """The server stops: the conversation is to come to its end."""


class Home(Protocol):
    """The engine a ByteStream lives on.

    >>> from asyncweb import App
    >>> class Late:
    ...     def __init__(self, stream):
    ...         self.stream = stream
    ...     def flush(self):
    ...         self.stream.put(b"HTTP/1.1 200 OK\\r\\n\\r\\nflushed")
    ...         self.stream.close()
    >>> app = App()
    >>> @app.get("/")
    ... async def home(ctx):
    ...     stream = await ctx.take_over()
    ...     began = stream.home.now()
    ...     stream.home.flush([Late(stream)])  # any thread may ask for it
    ...     await stream.read()  # b"": closed
    ...     assert began <= stream.home.now()
    >>> app.test_client().get("/").text
    'flushed'
    """

    limits: Limits

    def now(self) -> float:
        """The time in seconds, by a clock of fine grain that is never set."""

    def flush(self, watchers: Iterable[Watcher]) -> None:
        """Calls `flush` of each, soon, where it may be called; from any thread."""
