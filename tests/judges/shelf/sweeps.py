"""Every byte at every critical place of a request: our own sweep over the grammar.

Rule: the verdict is RFC 9112's for that place. Where it lets a recipient choose how much to
tolerate, refusing is right as well; a control character never is tolerated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.judges.cases import Case, Seen, Verdict, answered, refused

NAME = "sweeps"
TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
HEX = frozenset(b"0123456789abcdefABCDEF")
TARGET = TOKEN - frozenset(b"^`|#%") | frozenset(b"/?:@()=,;[]")
VISIBLE = frozenset(range(0x21, 0x7F))
OBS_TEXT = frozenset(range(0x80, 0x100))
CHUNKED = b"POST / HTTP/1.1\r\nHost: judge\r\nTransfer-Encoding: chunked\r\n\r\n"
GET = Seen("GET", "/", b"")


def _head(line: bytes) -> bytes:
    return line + b"\r\nHost: judge\r\n\r\n"


def _method(byte: int) -> tuple[bytes, Verdict]:
    return _head(b"GE%cT / HTTP/1.1" % byte), refused(400, 501)


def _target(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(Seen("GET", f"/a{chr(byte)}b"), may_refuse=byte not in TARGET)
    is_fit = byte in VISIBLE and byte != ord("#")
    return _head(b"GET /a%cb HTTP/1.1" % byte), verdict if is_fit else refused(400)


def _version(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(GET) if byte == ord(".") else refused(400, 505)
    return _head(b"GET / HTTP/1%c1" % byte), verdict


def _line_end(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(GET) if byte == ord("\r") else refused(400, 505)
    return b"GET / HTTP/1.1%c\nHost: judge\r\n\r\n" % byte, verdict


def _field_name(byte: int) -> tuple[bytes, Verdict]:
    name, _, value = f"x{chr(byte)}y: v".partition(":")
    fields = (("host", "judge"), (name.lower(), value.strip()))
    verdict = answered(Seen("GET", "/", b"", fields))
    is_fit = byte in TOKEN or byte == ord(":")
    return (
        b"GET / HTTP/1.1\r\nHost: judge\r\nx%cy: v\r\n\r\n" % byte,
        verdict if is_fit else refused(400),
    )


def _field_value(byte: int) -> tuple[bytes, Verdict]:
    fields = (("host", "judge"), ("x", f"a{chr(byte)}b"))
    is_fit = byte in VISIBLE | OBS_TEXT | frozenset(b" \t")
    verdict = answered(Seen("GET", "/", b"", fields)) if is_fit else refused(400)
    return b"GET / HTTP/1.1\r\nHost: judge\r\nX: a%cb\r\n\r\n" % byte, verdict


def _field_end(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(GET) if byte == ord("\r") else refused(400)
    return b"GET / HTTP/1.1\r\nHost: judge\r\nX: a%c\n\r\n" % byte, verdict


def _length(byte: int) -> tuple[bytes, Verdict]:
    size = 10 + byte - ord("0") if chr(byte) in "0123456789" else 1
    is_fit = size >= 10 or byte in b" \t"
    head = b"POST / HTTP/1.1\r\nHost: judge\r\nContent-Length: 1%c\r\n\r\n" % byte
    body = b"b" * size
    return head + body, answered(Seen("POST", "/", body)) if is_fit else refused(400)


def _before_size(byte: int) -> tuple[bytes, Verdict]:
    size = int(chr(byte) + "5", 16) if byte in HEX else 5
    data = b"b" * size
    verdict = answered(Seen("POST", "/", data)) if byte in HEX else refused(400)
    return CHUNKED + b"%c5\r\n%b\r\n0\r\n\r\n" % (byte, data), verdict


def _after_size(byte: int) -> tuple[bytes, Verdict]:
    size = int("1" + chr(byte), 16) if byte in HEX else 1
    verdict = answered(Seen("POST", "/", b"b" * size), may_refuse=byte not in HEX)
    is_fit = byte in HEX or byte == ord(";")
    data = CHUNKED + b"1%c\r\n%b\r\n0\r\n\r\n" % (byte, b"b" * size)
    return data, verdict if is_fit else refused(400)


def _in_extension(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(Seen("POST", "/", b"hello"), may_refuse=byte not in TOKEN)
    is_fit = byte in VISIBLE | OBS_TEXT | frozenset(b" \t")
    return CHUNKED + b"5;a%cb\r\nhello\r\n0\r\n\r\n" % byte, verdict if is_fit else refused(400)


def _size_end(byte: int) -> tuple[bytes, Verdict]:
    if byte in HEX:  # then it is another size with a bare LF: no request in either reading
        return CHUNKED + b"5%c\nhello\r\n0\r\n\r\n" % byte, refused(400)
    verdict = answered(Seen("POST", "/", b"hello")) if byte == ord("\r") else refused(400)
    return CHUNKED + b"5%c\nhello\r\n0\r\n\r\n" % byte, verdict


def _data_end(byte: int) -> tuple[bytes, Verdict]:
    verdict = answered(Seen("POST", "/", b"hello")) if byte == ord("\r") else refused(400)
    return CHUNKED + b"5\r\nhello%c\n0\r\n\r\n" % byte, verdict


def _trailer_value(byte: int) -> tuple[bytes, Verdict]:
    is_fit = byte in VISIBLE | OBS_TEXT | frozenset(b" \t")
    verdict = answered(Seen("POST", "/", b"hello")) if is_fit else refused(400)
    return CHUNKED + b"5\r\nhello\r\n0\r\nX: a%cb\r\n\r\n" % byte, verdict


def _trailer_name(byte: int) -> tuple[bytes, Verdict]:
    is_fit = byte in TOKEN or byte == ord(":")
    verdict = answered(Seen("POST", "/", b"hello")) if is_fit else refused(400)
    return CHUNKED + b"5\r\nhello\r\n0\r\nX%cy: a\r\n\r\n" % byte, verdict


PLACES: dict[str, Callable[[int], tuple[bytes, Verdict]]] = {
    "method": _method, "target": _target, "version": _version, "line end": _line_end,
    "field name": _field_name, "field value": _field_value, "field end": _field_end,
    "content-length": _length, "before chunk size": _before_size,
    "after chunk size": _after_size, "chunk extension": _in_extension,
    "chunk size end": _size_end, "chunk data end": _data_end,
    "trailer name": _trailer_name, "trailer value": _trailer_value,
}  # fmt: skip


def cases(folder: Path | None = None) -> Iterator[Case]:
    """Each place with each of the 256 bytes."""
    for place, ask in PLACES.items():
        for byte in range(256):
            yield Case(NAME, f"{place} {byte:02x}", *ask(byte))
