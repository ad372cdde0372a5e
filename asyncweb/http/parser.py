"""Requests out of bytes: httptools reads, this module decides what it will not believe.

Rule: the limits are checked before much more is parsed, and where the end of a message is in
doubt nothing after it is trusted: the refusal is the last thing in the queue.

A client that stays asks the same again and again: bytes that were one whole request before, and
come when a request may begin, are that request again, and are not parsed a second time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import httptools

from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Request
from asyncweb.http.wire import Limits, is_host, origin_form

SLICE_BYTES = 16 * 1024  # fed at once, so that a limit is noticed before much more is parsed
FRAME_BYTES = 32  # around each chunk of a body, with room for a short extension
REMEMBERED_BYTES = 1024  # the longest request that is remembered
# How far the message that is arriving has come.
Stage: TypeAlias = Literal["nothing", "head", "body"]
# Of a message that is whole nothing is kept: an idle connection shall cost little.
_NO_FIELDS: list[tuple[bytes, bytes]] = []
_NO_BODY: list[bytes] = []
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP/1\.[01]\r?\n")
_OTHER_VERSION = re.compile(rb"[A-Z]+ \S+ HTTP/\d\.\d\r?\n")


class RequestParser:
    """Fed with bytes, fills `queue` with Requests in order; a refusal can only be its end."""

    __slots__ = (
        "_body", "_deaf", "_doubtful", "_fed_bytes", "_fields", "_has_body", "_head", "_hosts",
        "_known", "_known_data", "_limits", "_method", "_parser", "_refusal", "_slice_bytes",
        "_target", "_version", "body_bytes", "expects_continue", "queue", "stage", "unparsed",
    )  # fmt: skip

    def __init__(self, limits: Limits):
        self.queue: list[Request | ProtocolError] = []
        self.stage: Stage = "nothing"
        self.body_bytes = 0  # of the body that is arriving
        self.expects_continue = False  # the client holds the body back until it reads 100
        self.unparsed = b""  # waits for room in the queue
        self._limits = limits
        self._parser: Any = httptools.HttpRequestParser(self)
        self._known_data: bytes | None = None  # the last request, when it came whole and alone
        self._known: Request
        self._doubtful = b""
        self._fed_bytes = 0  # of the message that is arriving, or more
        self._refusal: ProtocolError | None = None
        self._deaf = False  # what the client sends from here on is not for us to read

    def feed(self, data: bytes) -> None:
        """Takes what the client sent; parses it while there is room in the queue."""
        if self._deaf:
            return
        is_next = self.stage == "nothing" and not self.unparsed and not self.queue
        if is_next and data == self._known_data:
            self.queue.append(self._known.again())
        elif self.full or len(data) > SLICE_BYTES:
            self.unparsed += data
            self.feed_waiting()
        else:
            self._parse(data)
            if is_next and len(data) <= REMEMBERED_BYTES:
                self._remember(data)

    def feed_waiting(self) -> None:
        """Parses, slice by slice, what waited for room in the queue."""
        while self.unparsed and len(self.queue) < self._limits.pipelined_requests:
            data, self.unparsed = self.unparsed[:SLICE_BYTES], self.unparsed[SLICE_BYTES:]
            self._parse(data)

    @property
    def full(self) -> bool:
        """Whether more bytes would have to wait for room in the queue."""
        return bool(self.unparsed) or len(self.queue) >= self._limits.pipelined_requests

    def refuse(self, error: ProtocolError) -> None:
        """Queues `error` as the last thing to answer."""
        self._deaf, self.unparsed = True, b""
        self.expects_continue = False
        self.queue.append(error)

    def close(self) -> None:
        """Forgets everything: the parser and its callbacks are a cycle that must be cut."""
        self._deaf, self.unparsed = True, b""
        self._parser = None
        self.queue.clear()

    def _remember(self, data: bytes) -> None:
        """Keeps the request that `data`, fed when nothing else was there, turned out to be."""
        match self.queue:
            case [Request(keep_alive=True) as request] if self.stage == "nothing":
                self._known_data, self._known = data, request.again()

    def _parse(self, data: bytes) -> None:
        if self._doubtful:
            self._settle_doubt(data)
            return
        self._slice_bytes = len(data)
        self._fed_bytes += self._slice_bytes
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No protocol to change to here: this request is answered as plain HTTP, then we close.
            self._deaf, self.unparsed = True, b""
        except httptools.HttpParserInvalidMethodError:
            self._settle_doubt(data)
        except httptools.HttpParserError as error:
            self.refuse(self._refusal or ProtocolError(400, f"malformed request: {error}"))
        else:
            if self.stage == "nothing":
                self._fed_bytes = 0
            else:
                self._check_unfinished()

    def _check_unfinished(self) -> None:
        # The parser keeps a half-received line to itself, however long it grows: what was fed and
        # is no body is a head, a trailer or the frame of chunks, at most twice as long as those.
        frames = self._fed_bytes - self.body_bytes
        allowed = 2 * self._limits.head_bytes + SLICE_BYTES + FRAME_BYTES * len(self._body)
        if frames > allowed:
            self.refuse(
                ProtocolError(431, f"the head is larger than {self._limits.head_bytes} bytes")
            )

    def _settle_doubt(self, data: bytes) -> None:
        """An unknown method is 501; anything else that is no request line is 400."""
        self.stage = "head"
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
        self.stage = "head"
        self.body_bytes = 0
        self.expects_continue = False
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._hosts = 0
        self._has_body = False

    def on_url(self, part: bytes) -> None:
        """A part of the request target."""
        self._target += part
        if len(self._target) > self._limits.target_bytes:
            self._stop(414, f"the target is longer than {self._limits.target_bytes} bytes")

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header field; or one trailer field, which is counted and dropped."""
        self._fields.append((name, value))
        if len(self._fields) > self._limits.header_count:
            self._stop(431, f"more than {self._limits.header_count} header fields")

    def on_headers_complete(self) -> None:
        """The empty line after the header fields: is this a request we answer?"""
        parser = self._parser
        self._version = sys.intern(parser.get_http_version())
        if self._version not in ("1.1", "1.0"):
            self._stop(400 if self._version == "0.9" else 505, "this server speaks HTTP/1.1")
        self._method = sys.intern(parser.get_method().decode("ascii"))
        self._check_head_size()
        for name, value in self._fields:
            check = _CHECKED_FIELDS.get(name.lower())
            if check is not None:
                check(self, value)
        if self._hosts != 1 and (self._hosts or self._version == "1.1"):
            self._stop(400, f"an HTTP/1.1 request has exactly one Host, got {self._hosts}")
        if parser.should_upgrade() and (self._has_body or self._method == "CONNECT"):
            self._stop(501, "this server does not change protocols on such a request")
        self.expects_continue &= self._has_body and self._version == "1.1"
        self._head, self._fields = self._fields, []  # what comes now are trailers
        self.stage = "body"

    def on_body(self, part: bytes) -> None:
        """A part of the body."""
        self._body.append(part)
        self.body_bytes += len(part)
        self.expects_continue = False
        self._check_body_size(self.body_bytes)

    def on_message_complete(self) -> None:
        """The request is whole."""
        parser = self._parser
        try:
            target = origin_form(self._method, self._target)
        except ProtocolError as error:
            self._stop(error.status, error.message)
        self._check_head_size()
        self.queue.append(
            Request(
                self._method,
                target,
                self._head,
                b"".join(self._body) if self._body else b"",
                version=self._version,
                keep_alive=parser.should_keep_alive() and not parser.should_upgrade(),
            )
        )
        self.stage = "nothing"
        self._target, self._head, self._fields, self._body = b"", _NO_FIELDS, _NO_FIELDS, _NO_BODY
        self.expects_continue = False
        self._fed_bytes = self._slice_bytes  # the next head may have begun in there

    # ------------------------------------------------------------------ what is not believed

    def _check_head_size(self) -> None:
        if self._fed_bytes <= self._limits.head_bytes:
            return  # it cannot be larger than all that was fed
        size = sum(len(name) + len(value) + 4 for name, value in self._fields)
        if size + len(self._target) > self._limits.head_bytes:
            self._stop(431, f"the head is larger than {self._limits.head_bytes} bytes")

    def _check_body_size(self, size: int) -> None:
        if size > self._limits.body_bytes:
            self._stop(413, f"the body is larger than {self._limits.body_bytes} bytes")

    def _check_host(self, value: bytes) -> None:
        self._hosts += 1
        if not is_host(value):
            self._stop(400, "the Host is no host name with an optional port")

    def _check_length(self, value: bytes) -> None:
        length = int(value)
        self._has_body = length > 0
        self._check_body_size(length)

    def _check_encoding(self, value: bytes) -> None:
        self._has_body = True
        if self._version == "1.0":
            self._stop(400, "HTTP/1.0 has no Transfer-Encoding")
        if value.strip().lower() != b"chunked":
            self._stop(501, "the only Transfer-Encoding understood here is chunked")

    def _check_expectation(self, value: bytes) -> None:
        if value.strip().lower() != b"100-continue":
            self._stop(417, "the only expectation met here is 100-continue")
        self.expects_continue = True


_CHECKED_FIELDS: dict[bytes, Callable[[RequestParser, bytes], None]] = {
    b"host": RequestParser._check_host,
    b"content-length": RequestParser._check_length,
    b"transfer-encoding": RequestParser._check_encoding,
    b"expect": RequestParser._check_expectation,
}
