"""What a handler may answer: any names and values, any body, whole or in pieces.

Rule: either not a byte is sent and ValueError or TypeError says why, or httptools reads exactly
one response, with these fields and this body.
"""

from http.cookies import CookieError

from asyncweb.connection import Connection
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Response
from tests.fuzz.oracle import responses_heard
from tests.fuzz.tape import Tape

LIMITS = Limits()
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
FIELD, VALUE = "\xfe", "\xfd"  # between fields, and between a name and its value
STATUSES = (200, 201, 204, 205, 206, 299, 301, 304, 404, 405, 500, 503, 599)
ASKED = [
    b"%b / HTTP/%b\r\nHost: t\r\n%b\r\n" % (method, version, stays)
    for method in (b"GET", b"HEAD")
    for version in (b"1.1", b"1.0")
    for stays in (b"", b"Connection: keep-alive\r\n", b"Connection: close\r\n")
] + [b"HEAD BROKEN\r\n", b"BROKEN\r\n\r\n"]
OURS = {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}
STREAMED, COOKIE, REDIRECT, UPDATED, LATE = 1, 2, 4, 8, 16


def check(data: bytes) -> None:
    tape = Tape(data)
    asked, options, status = ASKED[tape.byte() % len(ASKED)], tape.byte(), tape.byte()
    *fields, body = (
        tape.rest().decode("utf-8" if options & 32 else "latin-1", "replace").split(FIELD)
    )
    connection = Connection(LIMITS)
    connection.receive(asked)
    assert connection.next_request() is not None
    pieces = body.split(VALUE) if options & STREAMED else [body]
    try:
        response = made(options, status, fields, pieces)
        sent = connection.reply(response, DATE)
    except (ValueError, TypeError, CookieError):
        return
    if options & STREAMED:
        try:
            if connection.wants_body:
                sent += b"".join([connection.piece(piece) for piece in pieces])
            sent += connection.finish()
        except ValueError:  # not of the declared length: the engine resets the connection
            return
    judge(sent, response, "".join(pieces).encode(), asked.startswith(b"HEAD"))


def made(options: int, status: int, fields: list[str], pieces: list[str]) -> Response:
    """A response by one of the ways there are."""
    pairs = [(name, value) for name, _, value in (field.partition(VALUE) for field in fields)]
    number = STATUSES[status] if status < len(STATUSES) else status * 4
    body = iter(pieces) if options & STREAMED else pieces[0]
    if options & REDIRECT and pairs:
        response = Response.redirect(pairs[0][1], number)
    elif options & UPDATED:
        response = Response.of((body, number, pairs))
    else:
        response = Response(body, number, pairs)
    if options & COOKIE and pairs:
        response.set_cookie(*pairs[0])
    if options & LATE and pairs:
        response.headers[pairs[0][0]] = pairs[0][1]
        response.update_headers(dict(pairs))
    return response


def judge(sent: bytes, response: Response, body: bytes, is_head: bool) -> None:
    head, end, rest = sent.partition(b"\r\n\r\n")
    if is_head:
        assert end and not rest, sent
        sent = with_no_length(head)
    elif b"\r\nconnection: close" in head and not frames(head):
        sent = b"%b\r\ncontent-length: %d\r\n\r\n%b" % (head, len(rest), rest)
    heard, trouble = responses_heard(sent)
    assert len(heard) == 1 and not trouble, (sent, trouble)
    one = heard[0]
    wanted = [
        (name, value.strip(" \t")) for name, value in response.headers.fields() if name not in OURS
    ]
    found = [(name.decode(), value.decode("latin-1").strip(" \t")) for name, value in one.fields]
    assert [field for field in found if field[0] not in OURS] == wanted, (sent, wanted)
    names = [name for name, _ in found if name in OURS]
    assert len(names) == len(set(names)), sent
    assert one.status == response.status, sent
    has_body = not is_head and response.status not in (204, 205, 304)
    if response.body or response.streams:
        assert one.body == (body if has_body else b""), sent


def frames(head: bytes) -> bool:
    return b"\r\ncontent-length: " in head or b"\r\ntransfer-encoding: " in head


def with_no_length(head: bytes) -> bytes:
    """An answer to HEAD as httptools, which does not know what was asked, can read it alone."""
    lines = [line for line in head.split(b"\r\n") if not frames(b"\r\n" + line)]
    return b"\r\n".join([*lines, b"content-length: 0", b"", b""])
