"""Requests out of bytes, one after the other, however the bytes are cut.

Rule: first find where a message ends, then read it. Where that is in doubt, nothing after it is
trusted: the refusal is the last thing in the queue.

A head that came before is not read again, and is a request when nothing is to follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from asyncweb.errors import ProtocolError
from asyncweb.http.body import ChunkedDecoder, Decoder, Gathered, LengthDecoder
from asyncweb.http.head import END, Head, fault_of_beginning
from asyncweb.http.incoming import IncomingBody
from asyncweb.http.known import Known
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request

EMPTY_LINES = 2  # that may stand before a request line (RFC 9112, 2.2)
# How far the message that is arriving has come.
Stage: TypeAlias = Literal["nothing", "head", "body"]


def never(request: Request) -> bool:
    """No handler takes its body piece by piece."""
    return False


class RequestParser:
    """Fed with bytes, fills `queue` with Requests in order; a refusal can only be its end.

    A request whose body `streams` is queued when its head is whole: its body is an IncomingBody.
    """

    __slots__ = (
        "_body", "_deaf", "_decoder", "_empty_lines", "_known", "_limits", "_request",
        "_seen", "_streams", "body_bytes", "ended", "expects_continue", "held",
        "incoming", "queue", "said_more", "stage", "unparsed",
    )  # fmt: skip

    def __init__(
        self,
        limits: Limits,
        streams: Callable[[Request], bool] = never,
        known: Known | None = None,
    ):
        self.queue: list[Request | ProtocolError] = []
        self.stage: Stage = "nothing"
        self.body_bytes = 0  # of the body that is arriving
        self.expects_continue = False  # the client holds the body back until it reads 100
        self.unparsed = b""  # the beginning of a head, or what waits for room in the queue
        self.incoming: IncomingBody | None = None  # the body that is arriving, if it is streamed
        self.said_more = False  # the client goes on after its last request, or after a refusal
        self._limits = limits
        self._streams = streams
        self._known = known or Known(limits)  # what the clients of this server have sent before
        self._request: Request | None = None  # whose body is arriving
        self._decoder: Decoder
        self._body: Gathered  # as far as it has come, if it is not streamed
        self._empty_lines = 0
        self._seen = 0  # bytes of a beginning that were judged before
        self.ended = False  # the client will send no more
        self._deaf = False  # what the client sends from here on is not for us to read
        self.held = False  # it may be of another protocol: the last request asked for one

    def feed(self, data: bytes) -> None:
        """Takes what the client sent; reads it while there is room in the queue."""
        if self._deaf:
            self.said_more = True
        elif self.queue or self.unparsed or self.stage != "nothing":
            self.unparsed += data
            self.feed_waiting()
        elif (request := self.alone(data)) is not None:
            self.queue.append(request)
        else:
            self._read(data)

    def alone(self, data: bytes) -> Request | None:
        """The request that `data` is, if it is the whole of one and nothing else is at hand."""
        if self.stage != "nothing" or self.unparsed or self.queue or self._deaf:
            return None
        head = self._known.get(data) or self._only_head(data)
        if head is None or not head.is_all or self.held or self._empty_lines:
            return None
        self._deaf = not head.keep_alive
        return head.request()

    def _only_head(self, data: bytes) -> Head | None:
        if not data.endswith(END) or data.find(END) < len(data) - len(END):
            return None
        try:
            return self._known.head(data)
        except ProtocolError:  # it is raised again where refusals are queued
            return None

    def feed_waiting(self) -> None:
        """Reads what waited for room in the queue."""
        if not self._deaf:
            self._read(self.unparsed)
        if self.ended and self.stage != "nothing" and self._takes_more:
            self.refuse(ProtocolError(400, "the request ended in its middle"))

    def go_on(self) -> None:
        """All requests so far are answered, and in HTTP: what comes next is read as HTTP too."""
        self.held = False
        self.feed_waiting()

    def let_go(self) -> bytes:
        """Reads no more; gives what has come and is not read."""
        unparsed, self.unparsed = self.unparsed, b""
        self._deaf = True
        return unparsed

    def end(self) -> None:
        """The client will send no more."""
        self.ended = True
        self.feed_waiting()

    def refuse(self, error: ProtocolError) -> None:
        """Answers `error` as the last thing; the handler that takes a body raises it itself."""
        beginning, self.unparsed = self.unparsed, b""
        error.__traceback__ = None  # it would keep this parser, which would keep the error
        self._deaf = True
        self.expects_continue = False
        self._body = Gathered()  # what has come of it serves nobody
        if self.incoming is None:
            is_to_head = self._request is not None and self._request.method == "HEAD"
            error.to_head |= is_to_head or beginning.startswith(b"HEAD ")
            self.queue.append(error)
        else:
            self.incoming.end(error)
            self.incoming = None

    def turn_away(self, error: ProtocolError) -> None:
        """Answers `error`, and nothing of what has come before it."""
        first = self.queue[0] if self.queue else self._request
        error.to_head |= isinstance(first, Request) and first.method == "HEAD"
        self.queue.clear()
        self.incoming = None
        self.refuse(error)

    def close(self) -> None:
        """Forgets everything."""
        self._deaf, self.unparsed, self._request, self._body = True, b"", None, Gathered()
        self.queue.clear()
        if self.incoming is not None:
            self.incoming.end(ProtocolError(400, "the client left before its body was whole"))
            self.incoming = None

    @property
    def at_rest(self) -> bool:
        """Whether nothing has come that is not answered or being answered."""
        return self.stage == "nothing" and not self.queue and not self.unparsed

    @property
    def over(self) -> bool:
        """Whether no request will come any more."""
        return self.ended and self.at_rest

    @property
    def full(self) -> bool:
        """Whether more bytes would have to wait: for room in the queue, or for the handler."""
        if self.incoming is not None:
            return self.incoming.waiting_bytes >= self._limits.buffer_bytes
        if self.held:
            return bool(self.unparsed)
        return len(self.queue) >= self._limits.pipelined_requests

    @property
    def _takes_more(self) -> bool:
        """Whether what comes is read on; a body that has begun is, whatever waits before it."""
        has_room = len(self.queue) < self._limits.pipelined_requests
        return not self._deaf and not self.held and (has_room or self.stage == "body")

    # ------------------------------------------------------------------ head, body, head, body ...

    def _read(self, data: bytes) -> None:
        at, end = 0, len(data)
        try:
            while at < end and self._takes_more:
                take = self._take_body if self.stage == "body" else self._take_head
                before, at = at, take(data, at)
                if at == before:
                    break
        except ProtocolError as error:
            self.unparsed = data[at:]
            self.refuse(error)
            return
        if self._deaf:
            self.said_more |= at < end
            at = end
        self.unparsed = data[at:]

    def _take_head(self, data: bytes, at: int) -> int:
        if data.startswith(b"\r\n", at) and self._empty_lines < EMPTY_LINES:
            self._empty_lines += 1
            self.stage = "nothing"
            return at + 2
        end = data.find(END, at)
        if end < 0:
            self._judge_beginning(data[at:])
            return at
        end += len(END)
        head = self._known.head(data[at:end])
        self._empty_lines = self._seen = 0
        request = head.request()
        request.upgrades = head.upgrades
        if head.length == 0:
            self._complete(request)
        else:
            self._begin_body(request, head)
        return end

    def _judge_beginning(self, data: bytes) -> None:
        self.stage = "head" if data else "nothing"
        if data in (b"", b"\r"):
            return  # the empty line that may stand before a head, or its beginning
        fault = fault_of_beginning(data, self._seen, self._limits)
        if fault is not None:
            raise fault
        self._seen = len(data)

    def _begin_body(self, request: Request, head: Head) -> None:
        self.stage = "body"
        self._request = request
        self.body_bytes = 0
        self.expects_continue = head.expects_continue
        is_streamed = self._streams(request)
        self._decoder = self._decoder_for(head.length, is_streamed)
        if is_streamed:
            request.incoming = self.incoming = IncomingBody()
            self.queue.append(request)
        else:
            self._body = Gathered()

    def _decoder_for(self, length: int | None, is_streamed: bool) -> Decoder:
        allowed = self._limits.stream_bytes if is_streamed else self._limits.body_bytes
        if length is None:
            return ChunkedDecoder(self._limits, allowed)
        if length > allowed:
            raise ProtocolError(413, f"the body is larger than {allowed} bytes")
        return LengthDecoder(length)

    def _take_body(self, data: bytes, at: int) -> int:
        piece, at = self._decoder.take(data, at)
        if piece:
            self.expects_continue = False
            self.body_bytes += len(piece)
            if self.incoming is not None:
                self.incoming.put(piece)
            else:
                self._body.put(piece)
        if self._decoder.done:
            self._end_body()
        return at

    def _end_body(self) -> None:
        request, self._request = self._request, None
        assert request is not None
        if self.incoming is None:
            request.body = self._body.take()
        else:
            self.incoming.end()
            self.incoming = None
        self._complete(request)

    def _complete(self, request: Request) -> None:
        """The request is whole; what comes next is another one, or not for us."""
        if request.incoming is None:
            self.queue.append(request)
        self.stage = "nothing"
        self.expects_continue = False
        self.held = request.upgrades
        self._deaf = not request.keep_alive and not self.held
