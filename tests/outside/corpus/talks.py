"""Conversations: Expect, Upgrade, Connection, HTTP/1.0 and requests sent without waiting."""

from __future__ import annotations

from collections.abc import Iterator

from tests.outside.corpus.case import (
    FORGED,
    HIDDEN,
    HIDDEN_FORGED,
    MARK,
    Case,
    chunked,
    head,
    length,
    named,
)

EXPECTS = (
    b"100-continue", b"100-Continue", b"100-CONTINUE", b" 100-continue ", b"100-continue, x", b"x",
    b"100-continue;a=b", b"", b"100 continue", b"y 100-continue", b"100-continue\x0b",
    b"0100-continue", b"100-continue\r\nExpect: 100-continue", b"x\r\nExpect: 100-continue",
    b"\r\n 100-continue",
)  # fmt: skip
WEBSOCKET = (
    b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)  # fmt: skip
UPGRADES = (
    (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__"),
    (b"Connection: Upgrade", b"Upgrade: h2c"),
    WEBSOCKET,
    (b"Connection: Upgrade", b"Upgrade: websocket"),
    (b"Upgrade: websocket",),
    (b"Connection: upgrade", b"Upgrade: TLS/1.0"),
    (b"Connection: keep-alive, Upgrade", b"Upgrade: x, h2c"),
    (b"Connection: Upgrade",),
    (b"Connection: Upgrade", b"Upgrade:"),
)
LISTED = (
    b"close, X-Request-Id", b"X-Request-Id", b"Content-Length", b"Host", b"Transfer-Encoding",
    b"close, Content-Length", b"keep-alive, Host", b"Cookie", b"Connection", b"Expect", b"Upgrade",
    b"X_Request_Id", b"close, close", b"", b",", b"x\r\nConnection: X-Request-Id", b"TE, Trailer",
    b"keep-alive, close", b"close\x00", b"\x0bclose", b"clos", b'"close"', b"Content-Length, X",
)  # fmt: skip
BETWEEN = (b"", b"\r\n", b"\n", b"\r\n\r\n", b" ", b"\x00", b"hello")


def cases() -> Iterator[Case]:
    for expect in EXPECTS:
        line = b"Expect: " + expect
        yield Case(named("expect", "length", expect), head(line, length(HIDDEN)) + HIDDEN + HIDDEN)
        yield Case(named("expect", "no body", expect), head(line, method=b"GET") + HIDDEN)
        inside = head(line, b"Transfer-Encoding: chunked") + chunked(HIDDEN) + HIDDEN
        yield Case(named("expect", "chunked", expect), inside)
        old = head(line, length(HIDDEN), version=b"HTTP/1.0") + HIDDEN
        yield Case(named("expect", "1.0", expect), old + HIDDEN)
        got = head(line, length(HIDDEN), method=b"GET") + HIDDEN + HIDDEN
        yield Case(named("expect", "GET with a body", expect), got)
        yield Case(named("expect", "length 0", expect), head(line, b"Content-Length: 0") + HIDDEN)
    for lines in UPGRADES:
        shown = b" / ".join(lines)
        for method in (b"GET", b"POST", b"OPTIONS"):
            yield from _upgrades(lines, shown, method)
    for listed in LISTED:
        line = b"Connection: " + listed
        yield Case(named("listed", "GET", listed), head(line, FORGED, method=b"GET") + HIDDEN)
        full = head(line, FORGED, length(HIDDEN)) + HIDDEN + HIDDEN_FORGED
        yield Case(named("listed", "length", listed), full)
        inside = head(line, b"Transfer-Encoding: chunked") + chunked(HIDDEN) + HIDDEN
        yield Case(named("listed", "chunked", listed), inside)
    yield from _pipelines()


def _upgrades(lines: tuple[bytes, ...], shown: bytes, method: bytes) -> Iterator[Case]:
    name = method.decode()
    yield Case(named("upgrade", f"{name}, no body", shown), head(*lines, method=method) + HIDDEN)
    full = head(*lines, length(HIDDEN), method=method) + HIDDEN + HIDDEN_FORGED
    yield Case(named("upgrade", f"{name}, length", shown), full)
    encoded = head(*lines, b"Transfer-Encoding: chunked", method=method)
    yield Case(named("upgrade", f"{name}, chunked", shown), encoded + chunked(HIDDEN) + HIDDEN)


def _pipelines() -> Iterator[Case]:
    bodies = {
        "no body": head(method=b"GET"),
        "a HEAD": head(method=b"HEAD"),
        "a length": head(b"Content-Length: 5") + b"hello",
        "chunks": head(b"Transfer-Encoding: chunked") + chunked(b"hello"),
        "1.0": head(method=b"GET", version=b"HTTP/1.0"),
        "1.0 kept alive": head(b"Connection: keep-alive", method=b"GET", version=b"HTTP/1.0"),
        "1.0 with a length": head(
            b"Connection: keep-alive", b"Content-Length: 5", version=b"HTTP/1.0"
        )
        + b"hello",
        "a close": head(b"Connection: close", method=b"GET"),
        "a close and a body": head(b"Connection: close", b"Content-Length: 5") + b"hello",
        "a status 404": head(method=b"BREW"),
        "Max-Forwards": head(b"Max-Forwards: 0", method=b"OPTIONS"),
        "Proxy-Connection": head(b"Proxy-Connection: keep-alive", b"Keep-Alive: timeout=9"),
    }
    for name, first in bodies.items():
        for between in BETWEEN:
            yield Case(named("pipeline", name, between), first + between + HIDDEN)
        yield Case(f"pipeline: five of {name}", first * 5 + HIDDEN)
        yield Case(f"pipeline: {name}, then half a head", first + b"GET /hidden/" + MARK)
