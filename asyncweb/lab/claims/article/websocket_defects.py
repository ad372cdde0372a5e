"""What clients send on a WebSocket that a server must take or refuse (RFC 6455).

Rule: each begins with the opening handshake, and sends no frame before that was answered.
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.frames import Frame, Opcode

from asyncweb.lab.claims.article.defect import Defect, answers_with, request
from asyncweb.lab.claims.article.heard import Heard

KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3


def handshake(path: str = "/ws", version: int = 13) -> bytes:
    """The request that opens a WebSocket."""
    return request(
        f"GET {path} HTTP/1.1", "Connection: Upgrade", "Upgrade: websocket",
        f"Sec-WebSocket-Key: {KEY}", f"Sec-WebSocket-Version: {version}",
    )  # fmt: skip


def frame(opcode: Opcode, data: bytes, *, fin: bool = True, mask: bool = True) -> bytes:
    """One frame of a client's; with `mask=False` as none may send it."""
    return Frame(opcode, data, fin=fin).serialize(mask=mask)


def _hears(*frames: tuple[Opcode, bytes]) -> Callable[[Heard], bool]:
    due = list(frames)
    return lambda heard: heard.frames == due


def _is_accepted(heard: Heard) -> bool:
    return bool(heard.answers) and heard.answers[0].headers.get("sec-websocket-accept") == ACCEPT


def _closes_with(code: int) -> Callable[[Heard], bool]:
    return lambda heard: heard.close_code == code


TEXT, PING, PONG = Opcode.TEXT, Opcode.PING, Opcode.PONG
RESERVED_BIT = b"\xc1\x83\0\0\0\0odd"  # a text, and its bit says that it is compressed
FOUR_EIB_SAID = b"\x81\xff" + (1 << 62).to_bytes(8, "big") + bytes(4) + b"begun"

WEBSOCKET_DEFECTS = (
    Defect(
        "WebSocket: the handshake", "RFC 6455, 4.2.2", "101 and the key's answer", "it opens",
        (handshake(),), _is_accepted,
    ),
    Defect(
        "WebSocket: two messages, one by one", "RFC 6455, 5.6", "both come back", "it works",
        (handshake(), frame(TEXT, b"one"), frame(TEXT, b"two")),
        _hears((TEXT, b"one"), (TEXT, b"two")),
    ),
    Defect(
        "WebSocket: two messages in one packet", "RFC 6455, 5.2", "both come back",
        "messages are lost when they come quickly",
        (handshake(), frame(TEXT, b"one") + frame(TEXT, b"two")),
        _hears((TEXT, b"one"), (TEXT, b"two")),
    ),
    Defect(
        "WebSocket: a message in two fragments", "RFC 6455, 5.4", "it comes back whole",
        "long messages, which browsers may cut, end the connection",
        (handshake(), frame(TEXT, b"hel", fin=False) + frame(Opcode.CONT, b"lo")),
        _hears((TEXT, b"hello")),
    ),
    Defect(
        "WebSocket: a ping", "RFC 6455, 5.5.2", "a pong with the same data",
        "proxies and clients take the connection for dead",
        (handshake(), frame(PING, b"there?")), _hears((PONG, b"there?")),
    ),
    Defect(
        "WebSocket: a close", "RFC 6455, 5.5.1", "a close comes back",
        "the client sees a broken connection, code 1006",
        (handshake(), frame(Opcode.CLOSE, (1000).to_bytes(2, "big"))), _closes_with(1000),
    ),
    Defect(
        "WebSocket: a frame without a mask", "RFC 6455, 5.1", "close 1002",
        "what the mask is against, poisoned caches of proxies, is let in",
        (handshake(), frame(TEXT, b"bare", mask=False)), _closes_with(1002),
    ),
    Defect(
        "WebSocket: a reserved bit", "RFC 6455, 5.2", "close 1002",
        "compressed data is taken for text",
        (handshake(), RESERVED_BIT), _closes_with(1002),
    ),
    Defect(
        "WebSocket: a text that is none", "RFC 6455, 8.1", "close 1007",
        "handlers get text that is no text",
        (handshake(), frame(TEXT, b"\xff\xfe")), _closes_with(1007),
    ),
    Defect(
        "WebSocket: a frame said to be of 4 EiB", "RFC 6455, 10.4", "close 1009",
        "a client decides how much memory it gets",
        (handshake(), FOUR_EIB_SAID), _closes_with(1009),
    ),
    Defect(
        "WebSocket: an unknown version", "RFC 6455, 4.4", "426", "both speak past each other",
        (handshake(version=8),), answers_with(426),
    ),
    Defect(
        "WebSocket: a path that nobody answers", "RFC 6455, 4.2.2", "404",
        "a client sends to nobody, and does not learn it",
        (handshake("/nowhere"),), answers_with(404),
    ),
)  # fmt: skip
