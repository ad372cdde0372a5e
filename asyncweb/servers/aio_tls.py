"""TLS on the event loop: a layer between the socket's transport and the client.

Rule: to the transport it is a protocol, to the client a transport, and neither notices. The client
is there from the first moment, so a handshake that never ends is counted and runs out of patience
like a head that is never whole.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, cast

from asyncweb.servers.aio_client import Client
from asyncweb.servers.channel import REPLY_BYTES, Channel, fault_of_plain


class TlsLayer(asyncio.Transport, asyncio.Protocol):
    """Encrypts what `client` writes, and decrypts what it is to receive."""

    __slots__ = (
        "_channel", "_client", "_connection", "_ends", "_knows_end", "_raw", "_replied_bytes",
        "_silent", "_waiting",
    )  # fmt: skip

    def __init__(self, context: ssl.SSLContext, client: Client):
        self._client = client
        self._connection = client.connection
        self._connection.shaking_hands = True
        self._channel: Channel | None = Channel(context)  # None: the client speaks plain HTTP
        self._raw: asyncio.Transport
        self._silent = True  # not a byte has come
        self._waiting: list[bytes] = []  # written before hands were shaken
        self._ends = False  # we say no more: now, or after what waits
        self._knows_end = False  # the client was told that the other side has ended
        self._replied_bytes = 0  # said by the protocol itself, while the other side does not read

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Takes another client, which hears of all that comes from now on."""
        self._client = cast(Client, protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """The client."""
        return self._client

    # ------------------------------------------------------------------ the protocol of the socket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is here."""
        self._raw = cast(asyncio.Transport, transport)
        self._client.connection_made(self)

    def data_received(self, data: bytes) -> None:
        """Ciphertext has come, or what was meant for another port."""
        fault = fault_of_plain(data) if self._silent else None
        self._silent = False
        if fault is not None:
            self._channel, self._waiting = None, []
            self._connection.shaking_hands = False
            self._client.turn_away(fault)
        if self._channel is None:
            self._client.data_received(data)
            return
        was_open = self._channel.is_open
        try:
            plain = self._channel.receive(data)
        except ssl.SSLError:
            self._reply(self._channel)  # with the reason
            self._raw.close()
            return
        self._reply(self._channel)
        if self._channel.is_open and not was_open:
            self._connection.shaking_hands = False
            self._say_what_waits(self._channel)
        if plain:
            self._client.data_received(plain)
        if self._channel.ended and not self.is_closing():
            self.eof_received()

    def eof_received(self) -> bool:
        """The other side says no more: TLS tells it, and then the socket again."""
        if not self._knows_end:
            self._knows_end = True
            if not self._client.eof_received():
                self.close()  # which says goodbye; the socket's transport alone would not
        return True

    def pause_writing(self) -> None:
        """The other side does not read."""
        self._client.pause_writing()

    def resume_writing(self) -> None:
        """It reads again."""
        self._replied_bytes = 0
        self._client.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is over."""
        self._client.connection_lost(error)

    # ------------------------------------------------------------------ the client's transport

    def write(self, data: Any) -> None:
        """Sends `data`, encrypted, as soon as hands are shaken."""
        if self._channel is None:
            self._raw.write(data)
        elif not self._channel.is_open:
            self._waiting.append(bytes(data))
        elif data:
            self._raw.write(self._channel.send(data))

    def can_write_eof(self) -> bool:
        """Each side can end by itself, as on the socket below."""
        return True

    def write_eof(self) -> None:
        """Ends what we say; what the other side says is read on."""
        self._ends = True
        if self._channel is None:
            self._raw.write_eof()
        elif self._channel.is_open:
            self._raw.write(self._channel.goodbye())
            self._raw.write_eof()

    def close(self) -> None:
        """Closes when all that was written has left."""
        if self._channel is not None and self._channel.is_open and not self._ends:
            self._ends = True
            if not self._raw.is_closing():
                self._raw.write(self._channel.goodbye())
        self._raw.close()

    def abort(self) -> None:
        """Closes at once."""
        self._raw.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or will be."""
        return self._raw.is_closing()

    def pause_reading(self) -> None:
        """Receives no more for now."""
        self._raw.pause_reading()

    def resume_reading(self) -> None:
        """Receives again."""
        self._raw.resume_reading()

    def get_write_buffer_size(self) -> int:
        """Bytes that are still here."""
        return self._raw.get_write_buffer_size() + sum(map(len, self._waiting))

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the socket's transport knows."""
        return self._raw.get_extra_info(name, default)

    # ------------------------------------------------------------------ what TLS says by itself

    def _reply(self, channel: Channel) -> None:
        out = channel.outgoing()
        if not out:
            return
        self._raw.write(out)
        if self._raw.get_write_buffer_size():
            self._replied_bytes += len(out)
        if self._replied_bytes > REPLY_BYTES:
            self._client.abort()

    def _say_what_waits(self, channel: Channel) -> None:
        waiting, self._waiting = self._waiting, []
        for data in waiting:
            self._raw.write(channel.send(data))
        if self._ends and self._raw.can_write_eof():
            self.write_eof()
