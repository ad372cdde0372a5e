"""TLS on a thread: a socket that encrypts, in the place of the one it is made of.

Rule: like the plain one it never waits; it raises BlockingIOError, and whoever uses it waits for
the socket below. So nothing that can be had is ever kept in here, where no selector sees it.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Generator
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from asyncweb.connection import Connection
from asyncweb.errors import ClientGone
from asyncweb.servers.channel import READ_BYTES, REPLY_BYTES, Channel, fault_of_plain

PIECE_BYTES = 32 * 1024  # of plaintext that are sent before they are counted


class SecureSocket:
    """What a Client needs of a socket, over TLS. `raw` is the socket below."""

    def __init__(self, raw: socket.socket, channel: Channel):
        self.raw = raw
        self._channel = channel
        self._ahead = b""  # received, and not taken yet
        self._unsent = bytearray()  # ciphertext
        self._sending = 0  # bytes of plaintext that are in it
        self.fileno = raw.fileno
        self.setsockopt = raw.setsockopt
        self._has_parted = False  # the goodbye is said
        self.close = raw.close

    def recv(self, size: int, flags: int = 0) -> bytes:
        """What has come, b"" at the end. More than `size`, rather than to keep some of it.

        With MSG_PEEK it stays, to be received once more without a wait.
        """
        found, self._ahead = self._ahead or self._more(), b""
        if flags & socket.MSG_PEEK:
            self._ahead = found
            return found[:size]
        return found

    def take_ahead(self) -> bytes:
        """What came together with the end of the handshake."""
        taken, self._ahead = self._ahead, b""
        return taken

    def send(self, data: memoryview) -> int:
        """How much of `data` was sent. After BlockingIOError, call it with the same data again."""
        if not self._sending:
            piece = data[:PIECE_BYTES]
            self._unsent += self._channel.send(piece)
            self._sending = len(piece)
        self._flush()
        sent, self._sending = self._sending, 0
        return sent

    def shutdown(self, how: int) -> None:
        """Ends one side, ours with a goodbye; or both at once, without a word."""
        if how == socket.SHUT_WR and not self._has_parted:
            with contextlib.suppress(OSError):
                next(self.goodbye(), None)
        self.raw.shutdown(how)

    def goodbye(self) -> Generator[int, None, None]:
        """Tells the client that nothing more will come. Yields what it waits for."""
        self._has_parted = True
        self._unsent += self._channel.goodbye()
        while self._unsent:
            try:
                self._flush()
            except BlockingIOError:
                yield EVENT_WRITE

    def shake(self) -> bool:
        """Goes on with the handshake; whether it is done. Raises OSError when it never will be."""
        with contextlib.suppress(BlockingIOError):
            self._ahead = self._more()
            if not self._channel.is_open:
                raise ClientGone("left before hands were shaken")
        return self._channel.is_open

    def _more(self) -> bytes:
        """The plaintext that comes next. Raises BlockingIOError when that is still to come."""
        if self._channel.ended or not (data := self.raw.recv(READ_BYTES)):
            return b""
        try:
            plain = self._channel.receive(data)
        finally:
            self._reply()
        if not plain and not self._channel.ended:
            raise BlockingIOError
        return plain

    def _reply(self) -> None:
        """Sends what the protocol itself has to say."""
        self._unsent += self._channel.outgoing()
        with contextlib.suppress(BlockingIOError):
            self._flush()
        if not self._sending and len(self._unsent) > REPLY_BYTES:
            raise ClientGone("does not read what it asks of the protocol")

    def _flush(self) -> None:
        while self._unsent:
            sent = self.raw.send(self._unsent)
            del self._unsent[:sent]


def say_goodbye(sock: socket.socket | SecureSocket) -> Generator[int, None, None]:
    """Says over TLS that all was said; without it what the client has could be a part."""
    if isinstance(sock, SecureSocket):
        yield from sock.goodbye()


def shake_hands(
    sock: socket.socket, context: ssl.SSLContext, connection: Connection
) -> Generator[int, None, Any]:
    """`sock`, encrypted; unchanged for a client that speaks plain HTTP, and is to be told so.

    Yields EVENT_READ where it waits. Raises OSError when nothing comes of it.
    """
    connection.shaking_hands = True
    fault = fault_of_plain((yield from _first_bytes(sock, connection)))
    if fault is not None:
        connection.shaking_hands = False
        connection.turn_away(fault)
        return sock
    secure = SecureSocket(sock, Channel(context))
    while not secure.shake():
        yield from _wait(connection)
    connection.shaking_hands = False
    connection.receive(secure.take_ahead())
    return secure


def _first_bytes(sock: socket.socket, connection: Connection) -> Generator[int, None, bytes]:
    while True:
        yield from _wait(connection)
        with contextlib.suppress(BlockingIOError):
            return sock.recv(len(b"HEAD "), socket.MSG_PEEK)


def _wait(connection: Connection) -> Generator[int, None, None]:
    yield EVENT_READ
    if connection.closing:  # because the patience is over
        raise ClientGone("took too long to shake hands")
