"""TLS as a conversation in memory: ciphertext in, plaintext out, and back.

Rule: this module does no I/O. Both engines carry its bytes, each in its own way, so what holds on
a plain connection (waiting, half-closing, being cut off) holds on an encrypted one as well.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator

from asyncweb.errors import ProtocolError

READ_BYTES = 64 * 1024
# What a client may make us say beside our answers while it does not read: it is cut off then.
REPLY_BYTES = 64 * 1024
PLAIN_WORD = "this port speaks https, and that was http: ask for https://"


class Channel:
    """The server's end of one TLS connection."""

    __slots__ = ("_in", "_out", "_tls", "ended", "is_open")

    def __init__(self, context: ssl.SSLContext):
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self.is_open = False  # hands are shaken
        self.ended = False  # the client has said goodbye

    def receive(self, data: bytes) -> bytes:
        """The plaintext that `data` completes. Send `outgoing()` then, also after an error.

        Raises ssl.SSLError when the client breaks the protocol, or when we cannot agree.
        """
        self._in.write(data)
        if not self.is_open:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                return b""
            self.is_open = True
        return b"".join(self._pieces())

    def send(self, data: bytes | memoryview) -> bytes:
        """The ciphertext of `data`, once hands are shaken."""
        if data:
            self._tls.write(data)
        return self._out.read()

    def outgoing(self) -> bytes:
        """What the protocol itself has to say: the handshake, an alert."""
        return self._out.read()

    def goodbye(self) -> bytes:
        """The end of what we say: without it, the client takes the last answer for cut off."""
        with contextlib.suppress(ssl.SSLError):  # the client's own goodbye is not waited for
            self._tls.unwrap()
        return self._out.read()

    def _pieces(self) -> Iterator[bytes]:
        with contextlib.suppress(ssl.SSLWantReadError):
            while piece := self._tls.read(READ_BYTES):
                yield piece
            self.ended = True


def fault_of_plain(data: bytes) -> ProtocolError | None:
    """What to tell a client whose first bytes are HTTP; None for TLS, whose first byte is 22."""
    if not data[:1].isalpha():
        return None
    fault = ProtocolError(400, PLAIN_WORD)
    fault.to_head = data.startswith(b"HEAD ")
    return fault
