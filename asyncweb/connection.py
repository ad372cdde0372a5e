"""One client's conversation: bytes in, requests out; responses in, bytes out.

Rule: this module does no I/O and knows no clock. The engines carry the bytes and watch the time;
what a byte means, whose turn it is and when the conversation ends is decided here, once.

    receive(data) ──> next_request() ──> reply(response) ──> next_request() ...
                                             └─ for a stream: piece(data)..., finish()
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from asyncweb.errors import HTTPError, ProtocolError
from asyncweb.http.framing import Framing
from asyncweb.http.known import Known
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request, Response
from asyncweb.http.parser import RequestParser, Stage, never
from asyncweb.http.wire import CONTINUE, LAST_CHUNK, answer_start, chunk

AT_ONCE_BYTES = 14_000  # what TCP sends before it has heard from the other side (RFC 6928)


class Connection:
    """The state of one conversation. `closing` is true when nothing more will be answered.

    `streams(request)` says whether the body of a request is for its handler to take in pieces.
    """

    __slots__ = (
        "_answering", "_framing", "_incoming", "_keep_alive", "_limits", "_long", "_refused",
        "_remaining", "_streaming", "closing", "draining", "shaking_hands", "streamed_bytes",
        "taken", "taken_over",
    )  # fmt: skip

    def __init__(
        self,
        limits: Limits,
        keep_alive: bool = True,
        streams: Callable[[Request], bool] = never,
        known: Known | None = None,
    ):
        self._limits = limits
        self._keep_alive = keep_alive
        self._incoming = RequestParser(limits, streams, known)
        self._answering: Request | ProtocolError | None = None
        self._framing: Framing = "no_body"
        self._remaining = 0  # bytes of a stream that declared its length
        self._refused = self._long = False  # long: an answer that takes a while to be read
        self.streamed_bytes = 0  # of the body of the last stream
        self._streaming = False  # a part of the answer is sent
        self.taken_over = False  # the connection speaks no HTTP any more
        self.shaking_hands = False  # TLS has not begun to carry what the client says
        self.taken = 0  # requests, by those who answer them
        self.closing = False
        self.draining = False  # the answer to the last request received closes the conversation

    # ------------------------------------------------------------------ bytes in, requests out

    def receive(self, data: bytes) -> None:
        """Takes the client's bytes; what they ask for comes from `next_request`."""
        if self._answering is not None or not self.closing:
            self._incoming.feed(data)

    def alone(self, data: bytes) -> Request | None:
        """The short way, for most requests: takes the one that `data` is the whole of.

        None when `data` has to go the whole way, by `receive` and `next_request`.
        """
        if self._answering is not None or self.closing:
            return None
        request = self._incoming.alone(data)
        if request is not None:
            self._answering = request
            self.taken += 1
        return request

    def end(self) -> None:
        """The client will send no more: what it has asked for is answered, then we close."""
        self._incoming.end()
        if self._answering is None and self._incoming.over:
            self.closing = True

    def next_request(self) -> Request | ProtocolError | None:
        """The next request to answer, in the order received; None when there is none yet.

        A ProtocolError comes last: answer it, then close.
        """
        incoming = self._incoming
        if self._answering is not None or self.closing:
            return None
        if not incoming.queue and incoming.unparsed:
            incoming.go_on()
            self.closing = incoming.over  # what waited was an empty line, and the client's last
        if incoming.queue:
            self._answering = incoming.queue.pop(0)
            self.taken += 1
        return self._answering

    @property
    def upcoming(self) -> Request | ProtocolError | bytes | None:
        """What `next_request` gives next, or what it would first have to read; None: nothing."""
        incoming = self._incoming
        if incoming.queue:
            return incoming.queue[0]
        return incoming.unparsed if incoming.held and incoming.unparsed else None

    @property
    def answering(self) -> bool:
        """Whether a request was taken and is not answered yet."""
        return self._answering is not None

    @property
    def has_work(self) -> bool:
        """Whether there is something to answer, to say or to end; else more is to come first."""
        is_due = self.upcoming is not None or self.waits_for is None
        return bool(self.closing or self._incoming.expects_continue or is_due)

    @property
    def full(self) -> bool:
        """Whether the client has sent more than may wait: read on when answers are out."""
        return self._incoming.full

    @property
    def idle(self) -> bool:
        """Whether every request is answered and not a byte of another has come."""
        return self._answering is None and self._incoming.at_rest

    @property
    def client_goes_on(self) -> bool:
        """Whether the client may still be sending what we will not read.

        Closing at once would reset the connection, and the client might never read our answer. It
        may always, while it has not read all of a long one.
        """
        incoming = self._incoming
        has_said_more = incoming.said_more or not incoming.at_rest
        return self._refused or self._long or self.taken_over or has_said_more

    @property
    def waits_for(self) -> Stage | Literal["handshake"] | None:
        """What the client is to send next; None while it is the handler's turn."""
        if self.shaking_hands:
            return "handshake"
        incoming = self._incoming
        if self._answering is None and not incoming.queue:
            return incoming.stage
        body = incoming.incoming
        return "body" if body is not None and body.wanted else None

    @property
    def patience_s(self) -> float | None:
        """How many seconds the present wait may last in all; None: as long as a handler takes."""
        match self.waits_for:
            case "nothing":
                return self._limits.idle_s
            case "handshake" | "head":  # half a handshake is a head that is not whole
                return self._limits.head_s
            case "body":
                received = self._incoming.body_bytes
                return self._limits.body_s + received / self._limits.body_bytes_per_s
            case _:
                return None

    def expire(self) -> None:
        """The patience is over: an idle client is let go, a slow one will be told 408."""
        if self.idle:
            self.closing = True
        elif self.waits_for is not None:
            late = self.waits_for
            self._incoming.refuse(ProtocolError(408, f"the {late} took too long to arrive"))

    def refuse(self, error: ProtocolError) -> None:
        """Answers `error` after what is already asked, then closes."""
        self._incoming.refuse(error)

    def turn_away(self, error: ProtocolError) -> None:
        """Answers `error` in place of all that was asked, then closes."""
        self._incoming.turn_away(error)

    def take_continue(self) -> bytes:
        """`100 Continue` when the client waits for it and all before it is answered, else b""."""
        if not self._incoming.expects_continue or self.closing or self.waits_for != "body":
            return b""
        self._incoming.expects_continue = False
        return CONTINUE

    # ------------------------------------------------------------------ responses in, bytes out

    def reply(self, response: Response, date: str) -> bytes:
        """The bytes of the answer to the request last taken: whole, or the head of a stream.

        After the head of a stream, send `piece(data)` for each piece, then `finish()`.
        """
        request, body = self._answering, response.body
        interim = self._interim(request, response) if self._incoming.expects_continue else b""
        start, self._framing, self.closing, declared = answer_start(
            response, date, _asked(request), self._is_last(request)
        )
        if not isinstance(body, bytes):
            self.streamed_bytes, self._streaming = 0, True
            self._remaining = int(declared or 0)
            return interim + start
        self._answering = None
        self._long = len(body) > AT_ONCE_BYTES
        return start + body if self._framing == "length" else start

    def _interim(self, request: Request | ProtocolError | None, response: Response) -> bytes:
        """`100 Continue` before a streamed answer: its pieces may be those of the body held back.

        After the head it would be in the middle of the answer, and after the answer it is too late.
        """
        body = request.incoming if isinstance(request, Request) else None
        if body is None or body is not self._incoming.incoming:
            return b""  # the body held back is that of a later request
        self._incoming.expects_continue = False
        return CONTINUE if response.streams else b""

    @property
    def wants_body(self) -> bool:
        """Whether the streamed response just begun has a body the client will read."""
        return self._framing != "no_body"

    @property
    def ends_by_closing(self) -> bool:
        """Whether the client will take the end of the connection for the end of an answer."""
        return self.taken_over or (self._framing == "close" and self._answering is not None)

    def piece(self, data: bytes | str) -> bytes:
        """One piece of a streamed body. Raises ValueError beyond the declared Content-Length."""
        if not isinstance(data, bytes | str):
            raise TypeError(f"a stream yielded {type(data).__name__}; it may yield bytes or str")
        data = data.encode() if isinstance(data, str) else data
        self.streamed_bytes += len(data)
        if self._framing == "chunked":
            return chunk(data)
        if self._framing == "length":
            self._remaining -= len(data)
            if self._remaining < 0:
                raise ValueError("the stream is longer than the Content-Length it declared")
        return data

    def finish(self) -> bytes:
        """The end of a streamed body. Raises ValueError when it is shorter than declared."""
        if self._framing == "length" and self._remaining:
            raise ValueError(f"the stream ended {self._remaining} bytes before its Content-Length")
        self._answering, self._streaming = None, False
        self._long |= self.streamed_bytes > AT_ONCE_BYTES
        self.closing |= self._incoming.over
        return LAST_CHUNK if self._framing == "chunked" else b""

    def take_over(self) -> bytes:
        """Ends HTTP here, in place of an answer; gives what the client has sent since it asked.

        Raises HTTPError 400 when the client did not wait: what it sent was read as HTTP.
        """
        request, incoming = self._answering, self._incoming
        if self.taken_over or self._streaming or not isinstance(request, Request):
            raise RuntimeError("this connection is taken over already, or its request answered")
        if request.incoming is not None and not request.incoming.ended:
            raise RuntimeError("take the whole body first: `await ctx.stream.read()`")
        if incoming.queue or incoming.said_more:
            raise HTTPError(400, "wait for an answer before you go on in another protocol")
        self.taken_over = self.closing = True
        return incoming.let_go()

    def close(self) -> None:
        """Ends the conversation and forgets what was asked."""
        self.closing, self._answering = True, None
        self._incoming.close()

    def _is_last(self, request: Request | ProtocolError | None) -> bool:
        if not isinstance(request, Request):
            self._refused = True
            return True
        if not self._keep_alive or not request.keep_alive:
            return True
        if self.taken >= self._limits.requests_per_connection:
            return True
        if request.incoming is not None and (not request.incoming.ended or request.incoming.broken):
            return True  # a part of the body was not read, so nothing behind it can be
        return (self.draining or self._incoming.ended) and self._incoming.at_rest


def _asked(request: Request | ProtocolError | None) -> tuple[str, str]:
    """Method and version of `request`; of one that was refused as much as is known."""
    if isinstance(request, Request):
        return request.method, request.version
    return "HEAD" if request is not None and request.to_head else "", ""
