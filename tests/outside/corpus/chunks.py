"""Chunks: sizes, extensions, ends of lines, the last chunk and the trailers after it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.outside.corpus.case import FORGED, HIDDEN, HIDDEN_FORGED, MARK, Case, head, named

SIZES = (
    b"5", b"05", b"0000000000000000005", b"0x5", b"0X5", b"+5", b"-5", b" 5", b"\t5", b"5 ", b"5\t",
    b"5  ", b"5\x0b", b"5\x0c", b"5\x00", b"\x005", b"5_", b"5,5", b"5.0", b"5h", b"", b"G",
    b"\xd9\xa5", b"100000005", b"10000000000000005", b"FFFFFFFFFFFFFFFF", b"-1", b"80000000",
    b"7FFFFFFFFFFFFFFF", b"5;", b"5;a", b"5;a=b", b'5;a="b"', b'5;a="b', b"5 ;a", b"5; a = b",
    b"5;;", b"5;a;b", b"5;=", b"5;a=\x00", b"5;\x01", b"5;\xff", b"5;a\rb", b'5;a="\r\n"',
    b"5;" + b"a" * 300, b"5 a", b"5\r", b"5;\r", b"5;a\r",
)  # fmt: skip
LINE_ENDS = (
    b"\n",
    b"\r",
    b"\r\r\n",
    b"\n\r\n",
    b"\r\n\r\n",
    b"",
    b"XX",
    b"X\r\n",
    b"\x00\r\n",
    b"\n\n",
)
LASTS = (
    b"0\r\n\r\n", b"00\r\n\r\n", b"000000000000000000000\r\n\r\n", b"0;a\r\n\r\n", b"0 \r\n\r\n",
    b"0\n\n", b"0\r\n\n", b"0\n\r\n", b"0\r\r\n\r\n", b"-0\r\n\r\n", b"+0\r\n\r\n", b"0x0\r\n\r\n",
    b"\r\n\r\n", b"0\r\n", b"0\r\n\r", b"0\r\nX\r\n", b"0;\n\r\n", b"0;a\r\r\n\r\n", b"0,\r\n\r\n",
    b"0\x00\r\n\r\n", b"0\r\rXX", b"0\r\n\rX", b"0\t\r\n\r\n",
)  # fmt: skip
TRAILERS = (
    b"X: y", b"Content-Length: 50", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity",
    b"Host: other", b"Connection: close", b"Expect: 100-continue", b"Upgrade: h2c", FORGED, b": y",
    b"no colon", b" folded", b"X: y\r\n folded", b"X : y", b"X: \x00", b"X: y\nZ: a", b"X: y\rZ: a",
    b"X: y\n", b"X\x00: y", b"GET /hidden/" + MARK + b" HTTP/1.1", b"X:\r\n\ty", b"Cookie: a=b",
    b"Authorization: x", b"Content-Type: x", b"Set-Cookie: a=b", b"X" * 300 + b": y", b"Trailer: X",
    b"\xff: y", b"X: \xff", b"\r",
)  # fmt: skip

CHUNKED = head(b"Transfer-Encoding: chunked")
LAST = b"0\r\n\r\n"


def cases() -> Iterator[Case]:
    for size in SIZES:
        yield _case("size", size, size + b"\r\nhello\r\n" + LAST)
        yield _case("size of the last", size, b"5\r\nhello\r\n" + size + b"\r\nhello\r\n" + LAST)
    for end in LINE_ENDS:
        yield _case("end of the size", end, b"5" + end + b"hello\r\n" + LAST)
        yield _case("end of the data", end, b"5\r\nhello" + end + LAST)
        yield _case("end of an extension", end, b"5;a" + end + b"hello\r\n" + LAST)
        yield _case("end of the last size", end, b"5\r\nhello\r\n0" + end + b"\r\n")
        yield _case("end of the last extension", end, b"0;a" + end + b"\r\n")
    for last in LASTS:
        yield _case("last", last, b"5\r\nhello\r\n" + last)
        yield _case("only the last", last, last)
    for trailer in TRAILERS:
        yield _case("trailer", trailer, b"5\r\nhello\r\n0\r\n" + trailer + b"\r\n\r\n")
        announced = head(b"Transfer-Encoding: chunked", b"Trailer: X", b"TE: trailers")
        body = b"0\r\n" + trailer + b"\r\n\r\n"
        yield Case(named("chunks", "announced trailer", trailer), announced + body + HIDDEN)
    yield from _hidden_between_line_ends()


def _case(shape: str, what: bytes, body: bytes) -> Case:
    return Case(named("chunks", shape, what), CHUNKED + body + HIDDEN)


def _hidden_between_line_ends() -> Iterator[Case]:
    """One parser ends the extension at LF or CR and reads a short chunk, the other reads on."""
    size = b"%x" % len(LAST + HIDDEN_FORGED)
    for end in (b"\n", b"\r", b"\n\r", b"\r\r"):
        body = b"2;a" + end + b"xx\r\n" + size + b"\r\n" + LAST + HIDDEN_FORGED + b"\r\n" + LAST
        yield Case(named("chunks", "request behind an extension", end), CHUNKED + body)
        spilled = b"5\r\nhello" + end + b"\n" + size + b"\r\n" + LAST + HIDDEN_FORGED + b"\r\n"
        yield Case(named("chunks", "request behind the data", end), CHUNKED + spilled + LAST)
        ended = b"0" + end + LAST + HIDDEN_FORGED
        yield Case(named("chunks", "request behind the last", end), CHUNKED + ended)
