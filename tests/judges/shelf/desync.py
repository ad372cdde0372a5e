"""Disguises of the length, after the ideas published by Linhart, Klein, Kettle and Custodio.

Rule: every disguise is our own spelling of an idea; `smuggling` decides what is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import Case
from tests.judges.smuggling import HIDDEN, disguised, probe

NAME = "desync"
TE = b"Transfer-Encoding: chunked"
SPECIAL = bytes.fromhex("00 01 08 09 0a 0b 0c 0d 1f 20 7f 85 a0 ad ff")

CODINGS = (
    b"chunked", b"Chunked", b"CHUNKED", b"chunked,", b",chunked", b", chunked", b"chunked, chunked",
    b"chunked,identity", b"identity,chunked", b"identity", b"identity, chunked, identity",
    b"gzip, chunked", b"chunked, gzip", b"chunk", b"xchunked", b"chunkedx", b"chunked foo",
    b'"chunked"', b"'chunked'", b"chunked;q=1", b"chunked ;a", b"=?utf-8?B?Y2h1bmtlZA==?=",
    b"%63hunked", b"ch\xc3\xbcnked", b"", b" ", b"chunked\t", b"\tchunked", b"chun\\ked",
)  # fmt: skip

NAMES = (
    b"transfer-encoding", b"TRANSFER-ENCODING", b"tRANSFER-ENCODING", b"Transfer_Encoding",
    b"Transfer Encoding", b"Transfer\\Encoding", b"Transfer-%45ncoding", b"Transfer--Encoding",
    b"Transfer-Encoding x", b":transfer-encoding", b"X-Transfer-Encoding", b"Content-Encoding",
    b"Transf\x82r-Encoding", b"Transfer\xadEncoding", b"Transfer-\rEncoding",
    b"Tra\x00nsfer-Encoding",
)  # fmt: skip

LINES = {
    "two fields": b"Transfer-Encoding: identity\r\n" + TE,
    "two fields, reversed": TE + b"\r\nTransfer-Encoding: identity",
    "twice": TE + b"\r\n" + TE,
    "folded name": b"Transfer-Encoding\r\n : chunked",
    "folded value": b"Transfer-Encoding:\r\n chunked",
    "folded value, tab": b"Transfer-Encoding:\r\n\tchunked",
    "folded value, LF": b"Transfer-Encoding:\n chunked",
    "double fold": b"Transfer-Encoding:\r\n \r\n chunked",
    "fold after": TE + b"\r\n x",
    "empty fold after": TE + b"\r\n ",
    "space first": b" " + TE,
    "tab first": b"\t" + TE,
    "in a folded line": b"Foo: bar\r\n " + TE,
    "after a bare CR": b"Foo: bar\r" + TE,
    "after a bare LF": b"Foo: bar\n" + TE,
    "after CR CR LF": b"Foo: bar\r\r\n" + TE,
    "after LF CR": b"Foo: bar\n\r" + TE,
    "after an empty line of LF": b"Foo: bar\n\n" + TE,
    "CR starts the line": b"\r" + TE,
    "CR ends the line": TE + b"\r",
    "space before the colon": b"Transfer-Encoding : chunked",
    "tab before the colon": b"Transfer-Encoding\t: chunked",
    "no colon": b"Transfer-Encoding chunked",
    "two colons": b"Transfer-Encoding:: chunked",
    "named in Connection": b"Connection: Transfer-Encoding\r\n" + TE,
    "length named in Connection": b"Connection: close, Content-Length",
    "broken field first": b"Broken Field: \r\n" + TE,
    "expectation": b"Expect: 100-continue",
    "expectation and coding": b"Expect: 100-continue\r\n" + TE,
    "upgrade": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
}

LENGTHS = (
    b"+%d", b"-%d", b"0%d", b"00000000000%d", b"0 %d", b"%d 0", b"%de0", b"%d.0", b"0x%d", b"%d,%d",
    b"0, %d", b"%d, 0", b"%d;", b"'%d'", b'"%d"', b"%d\x00", b"%d\x0b", b"\x0b%d", b"%d\r", b"%d_0",
    b"1%d" + b"0" * 30, b"%d\xb2", b"\xd9\xa5%d", b"", b" ", b"%dL", b"(%d)", b"%d%%",
)  # fmt: skip


def cases(folder: Path | None = None) -> Iterator[Case]:
    """Every disguise of the coding, then every disguise of the length."""
    for coding in CODINGS:
        yield disguised(NAME, f"coding {coding!r}", b"Transfer-Encoding: " + coding)
        yield probe(NAME, f"coding alone {coding!r}", [b"Transfer-Encoding: " + coding])
    for name in NAMES:
        yield disguised(NAME, f"name {name!r}", name + b": chunked")
    for name, line in LINES.items():
        yield disguised(NAME, f"line: {name}", line)
    for byte in SPECIAL:
        for place, line in _placed(bytes([byte])):
            yield disguised(NAME, f"{byte:02x} {place}", line)
    for spelled in LENGTHS:
        size = b"%d" % len(HIDDEN)
        length = b"Content-Length: " + spelled.replace(b"%d", size).replace(b"%%", b"%")
        yield probe(NAME, f"length {spelled!r}", [length])
        yield probe(NAME, f"length, then {spelled!r}", [b"Content-Length: " + size, length])
        yield probe(NAME, f"length {spelled!r} and coding", [length, TE])


def _placed(byte: bytes) -> Iterator[tuple[str, bytes]]:
    yield "before the name", byte + TE
    yield "after the name", TE.replace(b":", byte + b":")
    yield "before the value", b"Transfer-Encoding:" + byte + b"chunked"
    yield "after the value", TE + byte
    yield "between fields", b"X: y" + byte + TE
    yield "after CR", b"X: y\r" + byte + TE
    yield "before LF", b"X: y" + byte + b"\n" + TE
    yield "around the name", byte + TE.replace(b":", byte + b":")
    yield "around the value", b"Transfer-Encoding:" + byte + b"chunked" + byte
