"""Bodies: where they end, and which bytes are in them.

Rule: however the bytes are cut, a decoder says what a plain reading of RFC 9112, 7.1 says, and
what httptools says of a body that both accept.
"""

from asyncweb.errors import ProtocolError
from asyncweb.http.body import ChunkedDecoder, Decoder, LengthDecoder
from asyncweb.http.limits import Limits
from tests.fuzz.chunks import plainly_read
from tests.fuzz.oracle import is_stricter, requests_heard
from tests.fuzz.tape import Tape, pieces

LIMITS = (Limits(), Limits(head_bytes=60, header_count=2))
ALLOWED = (1 << 20, 24)
TOP = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
STRICT, SMALL, EACH_BYTE, HAS_LENGTH = 1, 2, 4, 8


def decoded(decoder: Decoder, parts: list[bytes]) -> tuple[bytes, object, int]:
    """The body, how it ended (True, a status, or False when more must come), and the bytes used."""
    body, waiting, used = b"", b"", 0
    for part in parts:
        waiting += part
        at = -1
        while not decoder.done and waiting and at != 0:
            try:
                piece, at = decoder.take(waiting, 0)
            except ProtocolError as error:
                assert error.status in (400, 413, 431), error.status
                return body, error.status, 0
            body += piece
            used += at
            waiting = waiting[at:]
    return body, decoder.done, used


def check(data: bytes) -> None:
    tape = Tape(data)
    options, steps = tape.byte(), tape.few(12)
    if options & HAS_LENGTH:
        return check_length(tape.byte() + tape.byte() * 8, tape.rest(), steps)
    limits, allowed = LIMITS[options & STRICT], ALLOWED[bool(options & SMALL)]
    stream = tape.rest()
    whole = decoded(ChunkedDecoder(limits, allowed), [stream])
    cut = decoded(ChunkedDecoder(limits, allowed), pieces(stream, steps))
    assert cut == whole, (cut, whole)
    if options & EACH_BYTE:
        each = [stream[at : at + 1] for at in range(len(stream))]
        found = decoded(ChunkedDecoder(limits, allowed), each)
        assert found == whole, (found, whole)
    plain = plainly_read(stream, limits, allowed)
    assert plain == whole, (plain, whole)
    if whole[1] is True:
        heard, trouble = requests_heard(TOP + stream[: whole[2]])
        assert is_stricter(trouble) or [one.body for one in heard] == [whole[0]], (heard, trouble)


def check_length(length: int, stream: bytes, steps: bytes) -> None:
    body = stream[:length]
    for parts in ([stream], pieces(stream, steps)):
        found = decoded(LengthDecoder(length), parts)
        assert found == (body, len(body) == length, len(body)), found
