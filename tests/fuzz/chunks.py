"""A body in chunks, read plainly: the model that the decoder is held against.

Rule: it has all the bytes at once, so it knows nothing of cuts; it uses no pattern of the core.
"""

from asyncweb.http.limits import Limits

TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
HEX = frozenset(b"0123456789abcdefABCDEF")
VISIBLE = frozenset([9, *range(32, 127), *range(128, 256)])
PLAIN_LINE_BYTES = 18


class Broken(Exception):
    """The bytes are no body; carries the status."""


def plainly_read(data: bytes, limits: Limits, allowed: int) -> tuple[bytes, object, int]:
    """The body in `data`, how it ended (True, a status, False: more must come), the bytes used."""
    reader = Reader(data, limits, allowed)
    try:
        ended = reader.chunks() and reader.trailers()
    except Broken as broken:
        return reader.body, broken.args[0], 0
    return reader.body, ended, reader.at


class Reader:
    """Where the reading is, and what was read."""

    def __init__(self, data: bytes, limits: Limits, allowed: int):
        self.data, self.limits, self.allowed = data, limits, allowed
        self.body, self.at = b"", 0

    def chunks(self) -> bool:
        """Reads up to the last chunk; whether it is there."""
        extra_bytes = 0
        while True:
            line, ends = self.line()
            extra_bytes += max(len(line) - PLAIN_LINE_BYTES, 0)
            if extra_bytes > self.limits.head_bytes:
                raise Broken(413)
            if not ends:
                return False
            size = size_of(line)
            if len(self.body) + size > self.allowed:
                raise Broken(413)
            self.at += len(line)
            if size == 0:
                return True
            if not self.chunk(size):
                return False

    def chunk(self, size: int) -> bool:
        piece = self.data[self.at : self.at + size]
        self.body += piece
        self.at += len(piece)
        end = self.data[self.at : self.at + 2]
        if len(piece) == size and not b"\r\n".startswith(end):
            raise Broken(400)
        self.at += 2 if end == b"\r\n" else 0
        return end == b"\r\n"

    def trailers(self) -> bool:
        extra_bytes = count = 0
        while True:
            line, ends = self.line()
            if not line:
                return False
            extra_bytes += len(line)
            if extra_bytes > self.limits.head_bytes or count > self.limits.header_count:
                raise Broken(431)
            if not ends:
                return False
            self.at += len(line)
            if line == b"\r\n":
                return True
            name, colon, value = line[:-2].partition(b":")
            if not (name and colon and line.endswith(b"\r\n")):
                raise Broken(400)
            if not (TOKEN.issuperset(name) and VISIBLE.issuperset(value)):
                raise Broken(400)
            if name.lower() in (b"content-length", b"host", b"transfer-encoding"):
                raise Broken(400)
            count += 1

    def line(self) -> tuple[bytes, bool]:
        line, end, _ = self.data[self.at :].partition(b"\n")
        return line + end, bool(end)


def size_of(line: bytes) -> int:
    """The size in the first line of a chunk, when its extensions are sound too."""
    if not line.endswith(b"\r\n"):
        raise Broken(400)
    text = line[:-2]
    digits = span(text, 0, HEX)
    at = digits
    while at < len(text):
        at = after_extension(text, at)
    if not 1 <= digits <= 16:
        raise Broken(400)
    return int(text[:digits], 16)


def after_extension(text: bytes, at: int) -> int:
    at = space(text, at)
    if text[at : at + 1] != b";":
        raise Broken(400)
    name = space(text, at + 1)
    at = span(text, name, TOKEN)
    if at == name:
        raise Broken(400)
    equals = space(text, at)
    if text[equals : equals + 1] != b"=":
        return at
    value = space(text, equals + 1)
    if text[value : value + 1] == b'"':
        return after_quoted(text, value + 1)
    at = span(text, value, TOKEN)
    if at == value:
        raise Broken(400)
    return at


def after_quoted(text: bytes, at: int) -> int:
    while at < len(text):
        here = text[at]
        if here == ord('"'):
            return at + 1
        at += here == ord("\\")
        if at >= len(text) or text[at] not in VISIBLE:
            break
        at += 1
    raise Broken(400)


def span(text: bytes, at: int, allowed: frozenset[int]) -> int:
    while at < len(text) and text[at] in allowed:
        at += 1
    return at


def space(text: bytes, at: int) -> int:
    return span(text, at, frozenset(b" \t"))
