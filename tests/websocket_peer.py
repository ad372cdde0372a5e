"""A WebSocket client that sends exactly the frames it is told to, right or wrong."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from asyncweb.testing.answer import Answer
from tests.conftest import Peer

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # of RFC 6455, 1.3
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x01\x02\x03\x04"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10


def frame(
    opcode: int, data: bytes = b"", *, bits: int = FIN, masked: bool = True, said: int | None = None
) -> bytes:
    """One frame; `said` is the length it claims to have."""
    length = len(data) if said is None else said
    if length < 126:
        head = struct.pack("!BB", bits | opcode, masked << 7 | length)
    elif length < 65536:
        head = struct.pack("!BBH", bits | opcode, masked << 7 | 126, length)
    else:
        head = struct.pack("!BBQ", bits | opcode, masked << 7 | 127, length)
    return head + (MASK + mask(data) if masked else data)


def mask(data: bytes) -> bytes:
    return bytes(byte ^ MASK[at % 4] for at, byte in enumerate(data))


def closing(code: int | None = None, reason: bytes = b"") -> bytes:
    """A close frame."""
    return frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


@dataclass
class Heard:
    """One frame from the server."""

    opcode: int
    data: bytes
    bits: int

    @property
    def code(self) -> int:
        """Of a close frame."""
        return int.from_bytes(self.data[:2], "big")


def handshake(path: str = "/", **changes: str | None) -> bytes:
    """The opening request; `changes` replace a field, or take it away: `sec_websocket_key=None`."""
    fields: dict[str, str | None] = {
        "host": "test",
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-key": KEY,
        "sec-websocket-version": "13",
    }
    fields |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value is not None]
    return f"GET {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode()


class WebSocketPeer(Peer):
    """Opens with the handshake; `said` is the server's answer to it."""

    said: Answer

    def open(self, path: str = "/", **changes: str | None) -> WebSocketPeer:
        self.send(handshake(path, **changes))
        self.said = self.answer(has_body=False)
        assert self.said.status == 101, self.said
        return self

    def hear(self) -> Heard:
        """The next frame."""
        bits, length = self.read(2)
        assert not length & 0x80, "a server masks nothing"
        if length > 125:
            length = int.from_bytes(self.read(2 if length == 126 else 8), "big")
        return Heard(bits & 15, self.read(length), bits & 0xF0)

    def hear_close(self) -> int:
        """The code the server closes with, after which it says nothing more."""
        heard = self.hear()
        assert heard.opcode == CLOSE, heard
        self.says_no_more()
        assert self.rest() == b""
        return heard.code
