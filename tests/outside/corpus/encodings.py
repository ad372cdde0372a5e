"""Transfer-Encoding: spelled so that one parser sees `chunked` and another does not."""

from __future__ import annotations

from collections.abc import Iterator

from tests.outside.corpus.case import HIDDEN, Case, chunked, head, length, named

VALUES = (
    b"chunked", b"CHUNKED", b"cHuNkEd", b" chunked", b"\tchunked", b"chunked ", b"chunked\t",
    b"chunked \t ", b"\x0bchunked", b"chunked\x0b", b"\x0cchunked", b"chunked\x0c", b"\x00chunked",
    b"chunked\x00", b"chunked\r", b"\rchunked", b"\x08chunked", b"\xa0chunked", b"\xc2\xa0chunked",
    b"chunked\xa0", b"\xffchunked", b"xchunked", b"chunkedx", b"chunked;", b"chunked;q=1",
    b"chunked; a=b", b"chunked,", b",chunked", b", chunked", b"chunked, chunked",
    b"chunked,chunked", b"identity", b"identity, chunked", b"chunked, identity", b"gzip",
    b"gzip, chunked", b"chunked, gzip", b"deflate, chunked", b"x, chunked", b'"chunked"',
    b"'chunked'", b"chunk", b"chunke", b"c hunked", b"chunked chunked", b"", b"()chunked",
    b"chun\xe5ed", b"\xe2\x84\xaahunked", b"chunked, ", b"chunked\n\tx", b"{chunked}",
)  # fmt: skip
LINES = (
    b"Transfer-Encoding:chunked", b"transfer-encoding: chunked", b"TRANSFER-ENCODING: chunked",
    b"Transfer-Encoding : chunked", b"Transfer-Encoding\t: chunked", b" Transfer-Encoding: chunked",
    b"\tTransfer-Encoding: chunked", b"Transfer_Encoding: chunked", b"Transfer Encoding: chunked",
    b"Transfer-Encoding\x00: chunked", b"\x00Transfer-Encoding: chunked",
    b"Transfer-Encoding\x0b: chunked", b"Transfer-Encoding:: chunked", b"Transfer-Encoding chunked",
    b"Transfer-Encoding\r\n: chunked", b"Transfer-Encoding\n: chunked",
    b"Transfer-Encoding:\r\n chunked", b"Transfer-Encoding:\r\n\tchunked",
    b"Transfer-Encoding:\n chunked", b"Transfer-Encoding: chun\r\n ked",
    b"Transfer-Encoding: x\r\n chunked", b"Transfer-Encoding: chunked\r\n x",
    b"X: y\r\n Transfer-Encoding: chunked", b"X: y\nTransfer-Encoding: chunked",
    b"X: y\rTransfer-Encoding: chunked", b"X: y\r\r\nTransfer-Encoding: chunked",
    b"X: y\n\rTransfer-Encoding: chunked", b"X: \x00\r\nTransfer-Encoding: chunked",
    b": y\r\nTransfer-Encoding: chunked", b"y\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    b"Transfer-Encoding: x\r\ntransfer-encoding: chunked",
    b"Transfer-Encoding:\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nTransfer_Encoding: identity",
    b"Transfer-Encoding: chunked\r\nConnection: Transfer-Encoding",
    b"Transfer-Encoding: chunked\r\nConnection: close, Transfer-Encoding",
    b"X-Transfer-Encoding: chunked", b"Content-Encoding: chunked", b"TE: chunked",
    b"Transfer-Encoding: chunked\r\nTE: trailers, chunked", b"Transf\xe9r-Encoding: chunked",
    b"Transfer\\Encoding: chunked", b"Transfer--Encoding: chunked",
    b'Transfer-Encoding: "\r\nX: "\r\nTransfer-Encoding: chunked',
    b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip", b"Transfer-Encoding\xad: chunked",
)  # fmt: skip

EMPTY = b"0\r\n\r\n"


def cases() -> Iterator[Case]:
    for line in (*(b"Transfer-Encoding: " + value for value in VALUES), *LINES):
        yield from _shapes(line)


def _shapes(line: bytes) -> Iterator[Case]:
    """One spelling in each of the places where the two ways of framing can differ."""
    whole = EMPTY + HIDDEN
    inside = chunked(HIDDEN)
    short = b"Content-Length: %d" % len(inside.split(b"\r\n")[0] + b"\r\n")
    shapes = {
        "alone": head(line) + whole,
        "alone, hidden inside": head(line) + inside + HIDDEN,
        "length first, it covers all": head(length(whole), line) + whole,
        "length last, it covers all": head(line, length(whole)) + whole,
        "length ends at the chunk": head(short, line) + inside,
        "length 0": head(line, b"Content-Length: 0") + whole,
    }
    for shape, data in shapes.items():
        yield Case(named("encoding", shape, line), data)


def versions() -> Iterator[Case]:
    """The plain spelling with methods and versions that may not have a body."""
    line = b"Transfer-Encoding: chunked"
    for version in (b"HTTP/1.0", b"HTTP/1.1", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9"):
        for method in (b"GET", b"HEAD", b"POST", b"OPTIONS"):
            shown = method + b" " + version
            plain = head(line, method=method, version=version) + EMPTY + HIDDEN
            yield Case(named("encoding", "version", shown), plain)
            keep = head(line, b"Connection: keep-alive", method=method, version=version)
            yield Case(named("encoding", "kept alive", shown), keep + chunked(HIDDEN) + HIDDEN)
