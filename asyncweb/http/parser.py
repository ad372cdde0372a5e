"""Requests out of bytes: httptools reads, this module decides what it will not believe.

Rule: the limits are checked before much more is parsed, and where the end of a message is in
doubt nothing after it is trusted: the refusal is the last thing in the queue.
"""

from __future__ import annotations

import enum
import re
from typing import Any

import httptools

from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Request
from asyncweb.http.wire import Limits, check_host, origin_form

SLICE_BYTES = 16 * 1024  # fed at once, so that a limit is noticed before much more is parsed
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP/1\.[01]\r?\n")
_OTHER_VERSION = re.compile(rb"[A-Z]+ \S+ HTTP/\d\.\d\r?\n")


class Stage(enum.Enum):
    """How far the message that is arriving has come."""

    NOTHING = "request"  # not a byte of it
    HEAD = "head"
    BODY = "body"


class RequestParser:
    """Fed with bytes, fills `queue` with Requests in order; a refusal can only be its end."""

    __slots__ = (
        "_body", "_deaf", "_doubtful", "_fields", "_head_bytes", "_limits", "_parser", "_refusal",
        "_target", "_unparsed", "body_bytes", "expects_continue", "queue", "stage",
    )  # fmt: skip

    def __init__(self, limits: Limits):
        self.queue: list[Request | ProtocolError] = []
        self._limits = limits
        self._parser: Any = httptools.HttpRequestParser(self)
        self._unparsed = b""
        self._doubtful = b""
        self._refusal: ProtocolError | None = None
        self._deaf = False  # what the client sends from here on is not for us to read
        self._start_message()

    def _start_message(self) -> None:
        self.stage = Stage.NOTHING
        self.body_bytes = 0  # of the body that is arriving
        self.expects_continue = False  # the client holds the body back until it reads 100
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._body: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Takes what the client sent; parses it while there is room in the queue."""
        if self._deaf:
            return
        if not self.full and len(data) <= SLICE_BYTES:
            self._parse(data)
            return
        self._unparsed += data
        self.feed_waiting()

    def feed_waiting(self) -> None:
        """Parses, slice by slice, what waited for room in the queue."""
        while self._unparsed and len(self.queue) < self._limits.pipelined_requests:
            data, self._unparsed = self._unparsed[:SLICE_BYTES], self._unparsed[SLICE_BYTES:]
            self._parse(data)

    @property
    def full(self) -> bool:
        """Whether more bytes would have to wait for room in the queue."""
        return bool(self._unparsed) or len(self.queue) >= self._limits.pipelined_requests

    def refuse(self, error: ProtocolError) -> None:
        """Queues `error` as the last thing to answer."""
        self._deaf, self._unparsed = True, b""
        self.expects_continue = False
        self.queue.append(error)

    def close(self) -> None:
        """Forgets everything: the parser and its callbacks are a cycle that must be cut."""
        self._deaf, self._unparsed = True, b""
        self._parser = None
        self.queue.clear()

    def _parse(self, data: bytes) -> None:
        if self._doubtful:
            self._settle_doubt(data)
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No protocol to change to here: this request is answered as plain HTTP, then we close.
            self._deaf, self._unparsed = True, b""
        except httptools.HttpParserInvalidMethodError:
            self._settle_doubt(data)
        except httptools.HttpParserError as error:
            self.refuse(self._refusal or ProtocolError(400, f"malformed request: {error}"))
        else:
            if self.stage is Stage.HEAD:
                self._count_unfinished_head(len(data))

    def _count_unfinished_head(self, size: int) -> None:
        # The parser keeps a half-received line to itself, however long it grows.
        self._head_bytes += size
        if self._head_bytes > 2 * self._limits.head_bytes + SLICE_BYTES:
            self.refuse(
                ProtocolError(431, f"the head is larger than {self._limits.head_bytes} bytes")
            )

    def _settle_doubt(self, data: bytes) -> None:
        """An unknown method is 501; anything else that is no request line is 400."""
        self.stage = Stage.HEAD
        self._doubtful += data
        if b"\n" not in self._doubtful and len(self._doubtful) < self._limits.target_bytes:
            return
        if _REQUEST_LINE.match(self._doubtful):
            self.refuse(ProtocolError(501, "this server does not know that method"))
        elif _OTHER_VERSION.match(self._doubtful):
            self.refuse(ProtocolError(505, "this server speaks HTTP/1.1"))
        else:
            self.refuse(ProtocolError(400, "malformed request: that is no request line"))

    def _stop(self, status: int, message: str) -> None:
        """Ends the parsing from inside one of its callbacks."""
        self._refusal = ProtocolError(status, message)
        raise self._refusal

    # ------------------------------------------------------------------ called by httptools

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self.stage = Stage.HEAD

    def on_url(self, part: bytes) -> None:
        """A part of the request target."""
        self._target += part
        if len(self._target) > self._limits.target_bytes:
            self._stop(414, f"the target is longer than {self._limits.target_bytes} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field; or one trailer field, which is counted and dropped."""
        self._head_bytes += len(name) + len(value) + 4
        if self.stage is Stage.HEAD:
            self._fields.append((name, value))
        if len(self._fields) > self._limits.header_count:
            self._stop(431, f"more than {self._limits.header_count} header fields")
        if self._head_bytes + len(self._target) > self._limits.head_bytes:
            self._stop(431, f"the head is larger than {self._limits.head_bytes} bytes")

    def on_headers_complete(self) -> None:
        """The empty line after the header fields: is this a request we answer?"""
        version = self._parser.get_http_version()
        if version not in ("1.0", "1.1"):
            self._stop(400 if version == "0.9" else 505, "this server speaks HTTP/1.1")
        hosts = [value for name, value in self._fields if name.lower() == b"host"]
        try:
            check_host(version, hosts)
            self._target = origin_form(self._method, self._target).encode()
        except ProtocolError as error:
            self._stop(error.status, error.message)
        has_body = self._check_framing(version)
        if self._parser.should_upgrade() and (has_body or self._method == "CONNECT"):
            self._stop(501, "this server does not change protocols on such a request")
        self.expects_continue &= has_body and version == "1.1"
        self._head_bytes = 0  # trailers are counted anew
        self.stage = Stage.BODY

    def on_body(self, part: bytes) -> None:
        """A part of the body."""
        self._body.append(part)
        self.body_bytes += len(part)
        self.expects_continue = False
        self._check_body_size(self.body_bytes)

    def on_message_complete(self) -> None:
        """The request is whole."""
        parser = self._parser
        request = Request(
            self._method,
            self._target.decode(),
            self._fields,
            b"".join(self._body),
            version=parser.get_http_version(),
            keep_alive=parser.should_keep_alive() and not parser.should_upgrade(),
        )
        self.queue.append(request)
        self._start_message()

    @property
    def _method(self) -> str:
        return str(self._parser.get_method().decode("ascii"))

    def _check_framing(self, version: str) -> bool:
        """Whether a body follows, after checking every field that says so."""
        length, chunked = 0, False
        for name, value in self._fields:
            match name.lower():
                case b"content-length":
                    length = int(value)
                    self._check_body_size(length)
                case b"transfer-encoding":
                    chunked = True
                    self._check_encoding(version, value)
                case b"expect":
                    self._check_expectation(value)
        return bool(length or chunked)

    def _check_body_size(self, size: int) -> None:
        if size > self._limits.body_bytes:
            self._stop(413, f"the body is larger than {self._limits.body_bytes} bytes")

    def _check_encoding(self, version: str, value: bytes) -> None:
        if version == "1.0":
            self._stop(400, "HTTP/1.0 has no Transfer-Encoding")
        if value.strip().lower() != b"chunked":
            self._stop(501, "the only Transfer-Encoding understood here is chunked")

    def _check_expectation(self, value: bytes) -> None:
        if value.strip().lower() != b"100-continue":
            self._stop(417, "the only expectation met here is 100-continue")
        self.expects_continue = True
