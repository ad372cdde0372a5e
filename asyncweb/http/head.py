"""The head of a request: its line and its fields, and what of them is not believed.

Rule: a head is judged from its first byte to its last, and only what comes first is told. A head
that has not come whole is judged as far as it has come, by the same checks: the verdict does not
depend on how the bytes were cut.

httptools reads the fields. The line is read here, because httptools takes more for a request line
than RFC 9112 does, and because the end of a head must be known before anything after it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import httptools

from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request
from asyncweb.http.target import is_host, read_target

END = b"\r\n\r\n"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
METHOD_BYTES = 32  # a longer word is no method at all
Fields: TypeAlias = list[tuple[bytes, bytes]]

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_LINE = re.compile(rb"(%b) ([!-~]+) HTTP/([0-9]\.[0-9])\r\n" % _TOKEN)
# A request line, of which any part at the end may be missing.
_LINE_BEGUN = rb"(%b)(?: (?:([!-~]+)(?: [HTP/0-9.]{0,8}\r?)?)?)?" % _TOKEN
_SPACE = b" \t"
_METHODS = {name.encode(): name for name in METHODS}
# A minor version above ours is spoken to as ours (RFC 9110, 2.5).
_VERSIONS = {b"1.0": "1.0", **{b"1.%d" % minor: "1.1" for minor in range(1, 10)}}
_ANY_LINE = b"POST / HTTP/1.1\r\n"  # before fields that httptools reads without their own line


class Head:
    """A request's head, understood. `length` is that of its body in bytes; None: it is chunked.

    `upgrades`: the client asks to go on in another protocol (RFC 9110, 7.8). `is_all`: neither
    that nor a body follows; the head is the whole request.
    """

    __slots__ = (
        "_encodings", "_hosts", "_names_host", "_options", "expects_continue", "fields", "is_all",
        "keep_alive", "length", "method", "target", "upgrades", "version",
    )  # fmt: skip

    def __init__(self, data: bytes, limits: Limits, like: Head | None = None, scheme: str = "http"):
        """Reads `data`, all bytes up to the empty line, that came over `scheme`.

        `like` is a head that was read before, whose fields came in the same bytes.
        Raises ProtocolError with the status.
        """
        try:
            line = _LINE.match(data)
            if line is None or len(data) > limits.head_bytes:
                raise _no_line()
            method, target, version = line.groups()
            if len(target) > limits.target_bytes or len(method) > METHOD_BYTES:
                raise _no_line()
            if version not in _VERSIONS:
                raise ProtocolError(505, "this server speaks HTTP/1.1")
            if method not in _METHODS:
                raise ProtocolError(501, "this server does not know that method")
            self.version, self.method = _VERSIONS[version], _METHODS[method]
            self.target, authority = read_target(self.method, target, scheme)
            self._names_host = authority is not None
            if like is not None and self._may_be(like):
                self._take_fields(like)
                return
            self.fields = read_fields(data[line.end() :])
            if len(self.fields) > limits.header_count:
                raise ProtocolError(431, f"more than {limits.header_count} header fields")
            self._check_fields()
            if authority is not None:
                self._set_host(authority)
        except ProtocolError as error:
            raise fault_of_beginning(data, 0, limits) or error from None

    def request(self, body: bytes = b"") -> Request:
        """The request that this head and `body` make."""
        return Request(self.method, self.target, self.fields, body, self.version, self.keep_alive)

    def _may_be(self, other: Head) -> bool:
        """Whether the same fields mean the same in both: their lines say what fields depend on."""
        return self.version == other.version and not (self._names_host or other._names_host)

    def _check_fields(self) -> None:
        self.expects_continue = False
        self.length: int | None = 0
        self._hosts = 0
        self._encodings: list[bytes] | None = None
        self._options: list[bytes] = []  # of the connection
        for name, value in self.fields:
            check = _CHECKED_FIELDS.get(name.lower())
            if check is not None:
                check(self, value.strip(b" \t"))  # which belongs to the line, not to the value
        if self._hosts != 1 and (self._hosts or self.version == "1.1"):
            raise ProtocolError(400, f"an HTTP/1.1 request has exactly one Host, got {self._hosts}")
        if self._encodings is not None:
            self._settle_encoding(self._encodings)
        self.keep_alive, self.upgrades = self._connection(self._options)
        self.expects_continue &= self.length != 0 and self.version == "1.1"
        self.is_all = self.length == 0 and not self.upgrades

    def _take_fields(self, other: Head) -> None:
        self.fields, self.length, self.upgrades = other.fields, other.length, other.upgrades
        self.is_all = other.is_all
        self.keep_alive, self.expects_continue = other.keep_alive, other.expects_continue

    def _check_host(self, value: bytes) -> None:
        self._hosts += 1
        if not is_host(value.strip(_SPACE)):
            raise ProtocolError(400, "the Host is no host name with an optional port")

    def _check_length(self, value: bytes) -> None:
        length = value.strip(_SPACE)
        if not length.isdigit():
            raise ProtocolError(400, "the Content-Length is no number")
        self.length = int(length.lstrip(b"0") or b"0")  # int() refuses thousands of zeros

    def _check_encoding(self, value: bytes) -> None:
        self._encodings = (self._encodings or []) + _tokens(value)

    def _check_connection(self, value: bytes) -> None:
        self._options += _tokens(value)

    def _check_expectation(self, value: bytes) -> None:
        if value.strip(_SPACE).lower() == b"100-continue":
            self.expects_continue = True
        elif self.version == "1.1":
            raise ProtocolError(417, "the only expectation met here is 100-continue")

    def _settle_encoding(self, encodings: list[bytes]) -> None:
        """Where the body ends (RFC 9112, 6.1 and 6.3): one `chunked`, the last, of HTTP/1.1."""
        if self.version == "1.0":
            raise ProtocolError(400, "HTTP/1.0 has no Transfer-Encoding")
        if encodings[-1] != b"chunked" or encodings.count(b"chunked") > 1:
            raise ProtocolError(400, "nobody can know where a body of that encoding ends")
        if len(encodings) > 1:
            raise ProtocolError(501, "the only Transfer-Encoding understood here is chunked")
        self.length = None

    def _connection(self, options: list[bytes]) -> tuple[bool, bool]:
        """Whether it stays after the answer, and is to be another (RFC 9112, 9.3 and 9110, 7.8)."""
        is_newer = self.version == "1.1"
        stays = b"close" not in options and (is_newer or b"keep-alive" in options)
        return stays, is_newer and b"upgrade" in options

    def _set_host(self, authority: bytes) -> None:
        """The host a target names counts, and not the one of the field (RFC 9112, 3.2.2)."""
        others = [field for field in self.fields if field[0].lower() != b"host"]
        self.fields = [(b"host", authority), *others]


_CHECKED_FIELDS: dict[bytes, Callable[[Head, bytes], None]] = {
    b"host": Head._check_host,
    b"content-length": Head._check_length,
    b"transfer-encoding": Head._check_encoding,
    b"connection": Head._check_connection,
    b"expect": Head._check_expectation,
}


def fault_of_beginning(data: bytes, seen: int, limits: Limits) -> ProtocolError | None:
    """What is wrong with a head of which only `data` has come; None if nothing is, so far.

    Of `data`, the first `seen` bytes were judged before.
    """
    line_end = data.find(b"\n")
    if line_end < 0 or line_end >= seen:
        fault = _fault_of_line(data if line_end < 0 else data[: line_end + 1], limits)
        if fault:
            return fault
    if len(data) > limits.head_bytes:
        return _fault_of_length(data, limits)
    return _bare_line_end() if _is_bare(data, max(seen - 1, 0)) else None


def read_fields(block: bytes) -> Fields:
    """Name and value of each field in `block`, which ends with the empty line.

    Raises ProtocolError when they are not what RFC 9112, 5 allows.
    """
    reader = _FieldReader()
    try:
        httptools.HttpRequestParser(reader).feed_data(_ANY_LINE + block)
    except httptools.HttpParserUpgrade:
        pass  # what follows the head is ours to read, and not in here
    except httptools.HttpParserError as error:
        raise ProtocolError(400, f"malformed request: {error}") from None
    if not reader.whole:
        raise ProtocolError(400, "malformed request: the header fields have no end")
    return reader.fields


class _FieldReader:
    """Hears from httptools of each field."""

    __slots__ = ("fields", "whole")

    def __init__(self) -> None:
        self.fields: Fields = []
        self.whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name, value))

    def on_headers_complete(self) -> None:
        self.whole = True


def _tokens(value: bytes) -> list[bytes]:
    return [token.strip(_SPACE).lower() for token in value.split(b",")]


def _fault_of_line(line: bytes, limits: Limits) -> ProtocolError | None:
    begun = re.match(_LINE_BEGUN, line)
    if begun is None:
        return _no_line()
    if len(begun[1]) > METHOD_BYTES:
        return ProtocolError(501, "this server knows no method so long")
    if len(begun[2] or b"") > limits.target_bytes:
        return ProtocolError(414, f"the target is longer than {limits.target_bytes} bytes")
    is_sound = begun.end() == len(line) or _LINE.fullmatch(line)
    return None if is_sound else _no_line()


def _fault_of_length(data: bytes, limits: Limits) -> ProtocolError:
    if _is_bare(data[: limits.head_bytes + 1]):
        return _bare_line_end()
    return ProtocolError(431, f"the head is larger than {limits.head_bytes} bytes")


def _is_bare(data: bytes, at: int = 0) -> bool:
    """Whether, from `at` on, a CR is followed by something else than LF, or an LF follows such."""
    pairs = data.count(b"\r\n", at)
    return data.count(b"\r", at, -1) != pairs or data.count(b"\n", at + 1) != pairs


def _no_line() -> ProtocolError:
    return ProtocolError(400, "malformed request: that is no request line")


def _bare_line_end() -> ProtocolError:
    return ProtocolError(400, "malformed request: a line ends with CR and LF, never with one alone")
