"""Content-Length: values that are no number, numbers that wrap, and more than one of them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.outside.corpus.case import HIDDEN, HIDDEN_FORGED, Case, head, length, named

VALUES = (
    b"0", b"5", b"05", b"0000000000000000000000005", b"+5", b"-5", b"-0", b"0x5", b"5.0", b"5e0",
    b"5,5", b"5, 5", b"5,6", b"0,5", b"5,", b",5", b"5;", b"5 5", b"5 ", b"5\t", b"\t5", b"  5",
    b"\x0b5", b"5\x0b", b"\x0c5", b"5\x0c", b"5\x00", b"\x005", b"5\r", b"\r5", b"", b" ", b"five",
    b'"5"', b"5_0", b"\xd9\xa5", b"\xb2", b"\xc2\xa05", b"5\xa0", b"4294967301",
    b"18446744073709551621", b"9223372036854775813", b"-18446744073709551611", b"NaN", b"()5",
)  # fmt: skip
NAMES = (
    b"content-length", b"CONTENT-LENGTH", b"Content-Length ", b"Content-Length\t",
    b" Content-Length", b"\tContent-Length", b"Content_Length", b"Content Length",
    b"Content-Length\x00", b"Content-Length\x0b", b"\x00Content-Length", b"Content-Length\r",
    b"\xffContent-Length", b"Content-Lengt\xe8", b"Content--Length", b"X-Content-Length",
    b"Content\\Length",
)  # fmt: skip
PAIRS = (
    (b"Content-Length: 5", b"Content-Length: 5"),
    (b"Content-Length: 5", b"Content-Length: 0"),
    (b"Content-Length: 0", b"Content-Length: 5"),
    (b"Content-Length: 5", b"content-length: 6"),
    (b"Content-Length: 5", b"Content-Length:"),
    (b"Content-Length:", b"Content-Length: 5"),
    (b"Content-Length: 5", b"Content_Length: 0"),
    (b"Content-Length: 5", b"X: y", b"Content-Length: 05"),
    (b"Content-Length: 5", b" 0"),
    (b"Content-Length:", b" 5"),
    (b"Content-Length: 5", b"\t5"),
    (b"X: y", b" Content-Length: 5"),
    (b"Content-Length: 0", b" ", b"Content-Length: 5"),
    (b"X: y\rContent-Length: 5",),
    (b"X: y\nContent-Length: 5",),
    (b"X: y\n\rContent-Length: 5",),
    (b"X: y\x00\r\nContent-Length: 5",),
)


def cases() -> Iterator[Case]:
    for value in VALUES:
        line = b"Content-Length: " + value
        yield Case(named("length", "five bytes", value), head(line) + b"hello" + HIDDEN)
        yield Case(named("length", "nothing", value), head(line) + HIDDEN)
    for name in NAMES:
        line = name + b": 5"
        yield Case(named("length name", "five bytes", name), head(line) + b"hello" + HIDDEN)
        whole = name + length(HIDDEN)[len(b"Content-Length") :]
        yield Case(named("length name", "all", name), head(whole) + HIDDEN)
    for lines in PAIRS:
        shown = b" / ".join(lines)
        yield Case(named("lengths", "five bytes", shown), head(*lines) + b"hello" + HIDDEN_FORGED)
        yield Case(named("lengths", "nothing", shown), head(*lines) + HIDDEN)
    for method in (b"GET", b"HEAD", b"DELETE", b"OPTIONS", b"TRACE", b"PUT", b"PATCH", b"BREW"):
        full = head(length(HIDDEN), method=method) + HIDDEN
        yield Case(named("length", "request in the body", method), full + HIDDEN)
        yield Case(named("length", "body without length", method), head(method=method) + HIDDEN)
        old = head(length(HIDDEN), method=method, version=b"HTTP/1.0") + HIDDEN
        yield Case(named("length", "1.0, request in the body", method), old + HIDDEN)
        yield Case(named("length", "0 and a body", method), head(b"Content-Length: 0") + HIDDEN)
