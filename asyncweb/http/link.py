"""The way from a request back to its client.

Rule: an engine lends it for one request; what waits there waits as that engine does.
"""

from __future__ import annotations

from typing import Protocol

from asyncweb.http.bytestream import ByteStream
from asyncweb.http.fields import Headers
from asyncweb.http.incoming import IncomingBody


class Link(Protocol):
    """The way to the client, as the engine that serves it lends it to a request."""

    @property
    def address(self) -> tuple[str, int] | None:
        """The client's (host, port)."""

    @property
    def scheme(self) -> str:
        """ "http", or "https" over TLS."""

    @property
    def closed(self) -> bool:
        """Whether the client has said that it sends no more, or has gone."""

    async def more(self, body: IncomingBody) -> None:
        """Returns when something more of `body` has come, or its end."""

    async def room(self) -> None:
        """Returns when the client has taken most of what it was sent. Raises ClientGone."""

    async def take_over(self, upgrade: str | None, headers: Headers) -> ByteStream:
        """The connection's bytes from here on; with `upgrade`, a 101 with `headers` goes first."""
