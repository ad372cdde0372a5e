"""What a client may send: any bytes, cut anywhere, while answers go out at any time.

Rule: the verdict is the same however the bytes are cut and whenever they are answered; it is a
list of requests and at most one refusal, its last; and httptools reads what we accept as we do.
"""

from asyncweb.connection import Connection
from asyncweb.errors import ProtocolError
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request, Response
from tests.fuzz.oracle import is_stricter, requests_heard
from tests.fuzz.tape import Tape, pieces

STATUSES = {400, 413, 414, 417, 421, 431, 501, 505}
SMALL = {"target_bytes": 40, "head_bytes": 150, "header_count": 4, "body_bytes": 60}
LIMITS = (
    Limits(),
    Limits(**SMALL),
    Limits(**SMALL, pipelined_requests=1, stream_bytes=80, buffer_bytes=8),
    Limits(pipelined_requests=2, requests_per_connection=3),
)
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
ANSWER = Response(b"")
LINE_BYTES = 20  # a size of a chunk and two empty lines, which no limit counts
EACH_BYTE, AT_ONCE, EAGER, ENDS, STREAMS = 4, 8, 16, 32, 64  # beside the two bits of the limits


def is_streamed(request: Request) -> bool:
    return request.raw_path.startswith("/s")


class Talk:
    """One conversation, with a handler that takes whatever body it gets."""

    def __init__(self, limits: Limits, streams: bool):
        self.limits = limits
        self.connection = Connection(limits, streams=is_streamed) if streams else Connection(limits)
        self.said: list[object] = []
        self._taken: Request | None = None
        self._body: list[bytes] = []

    def hear(self, piece: bytes, answers: bool) -> None:
        connection = self.connection
        connection.receive(piece)
        kept = len(connection._incoming.unparsed)
        assert kept <= self.limits.head_bytes + LINE_BYTES + len(piece), kept
        if answers or connection.full or self._taken is not None:
            self.answer()

    def answer(self) -> None:
        """Answers all that is there, and takes what has come of a body."""
        connection = self.connection
        while True:
            if self._taken is None:
                item = connection.next_request()
                if item is None:
                    return
                if isinstance(item, ProtocolError):
                    return self._refused(item)
                if item.incoming is not None:
                    self._taken = item
            if self._taken is None:
                self.said.append(understood(item, item.body, b""))
            elif not self._take_body(self._taken):
                return
            connection.reply(ANSWER, DATE)

    def _take_body(self, request: Request) -> bool:
        """Whether there was an end of it."""
        assert request.incoming is not None
        end: object = b""
        try:
            while piece := request.incoming.take():
                self._body.append(piece)
            end = piece
        except ProtocolError as error:
            end = checked(error)
        if end is None:
            return False
        self.said.append(understood(request, b"".join(self._body), end))
        self._taken, self._body = None, []
        return True

    def _refused(self, error: ProtocolError) -> None:
        connection = self.connection
        self.said.append(checked(error))
        connection.reply(ANSWER, DATE)
        connection.receive(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
        assert connection.closing and connection.next_request() is None
        assert not connection._incoming.unparsed and not connection._incoming.queue

    def verdict(self) -> list[object]:
        """All that was understood; then what is still awaited."""
        if self._taken is not None:
            return [*self.said, understood(self._taken, b"".join(self._body), None), "more"]
        connection = self.connection
        return [*self.said, "closed" if connection.closing else connection.waits_for]


def understood(request: Request, body: bytes, end: object) -> tuple[object, ...]:
    """`end`: b"" after a whole body, the status that broke it off, None while it is to come."""
    fields = request.headers.fields()
    return request.method, request.target, body, request.version, request.keep_alive, fields, end


def checked(error: ProtocolError) -> tuple[int, str, bool]:
    assert error.status in STATUSES, error.status
    return error.status, str(error), error.to_head


def held(parts: list[bytes], options: int, answers: bool) -> list[object]:
    """The verdict on `parts`; `answers` between them, or at the end."""
    talk = Talk(LIMITS[options & 3], bool(options & STREAMS))
    for piece in parts:
        talk.hear(piece, answers)
    talk.answer()
    if options & ENDS:
        talk.connection.end()
        talk.answer()
    return talk.verdict()


def check(data: bytes) -> None:
    tape = Tape(data)
    options, steps = tape.byte(), tape.few(12)
    stream = tape.rest()
    if not stream:
        return
    whole = held([stream], options, False)
    eager = bool(options & EAGER)
    cut = held(pieces(stream, steps), options, eager)
    assert cut == whole, (cut, whole)
    if options & EACH_BYTE and len(stream) < 100:
        each = held([stream[at : at + 1] for at in range(len(stream))], options, not eager)
        assert each == whole, (each, whole)
    accepted = [said for said in whole if type(said) is tuple and said[-1] == b""]
    if accepted:
        agree(accepted, stream)


def agree(accepted: list[tuple[object, ...]], stream: bytes) -> None:
    """httptools reads the accepted requests as we do, and as many of them."""
    heard, trouble = requests_heard(stream)
    for ours, theirs in zip(accepted, heard, strict=False):
        assert ours[0] == theirs.method and ours[2] == theirs.body, (ours, vars(theirs))
        assert theirs.aims_at(ours[1]), (ours, vars(theirs))
    for one in accepted:
        assert not {"content-length", "transfer-encoding"} <= {name for name, _ in one[5]}, one
    assert len(heard) >= len(accepted) or is_stricter(trouble), (accepted, len(heard), trouble)
