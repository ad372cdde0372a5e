"""How a load speaks on a WebSocket: the handshake, and each message in a masked frame.

Rule: values only; no I/O. Every connection of a load offers the same key: that protects caches
between strangers, and a load has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from random import Random
from typing import TYPE_CHECKING

from websockets.frames import Frame, Opcode
from websockets.utils import accept_key

from asyncweb.errors import LoadError
from asyncweb.loadtest.answers import HEAD_END, LONGEST_HEAD_BYTES, Heads, NoAnswer
from asyncweb.loadtest.ask import Ask, checked_headers
from asyncweb.loadtest.blanks import filled, parts

if TYPE_CHECKING:
    from asyncweb.loadtest.plan import Plan

KEY = "bG9hZCBvZiBhc3luY3dlYg=="
ACCEPTED = accept_key(KEY).encode()
UPGRADE = {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec-websocket-key": KEY,
    "sec-websocket-version": "13",
}


class NoUpgrade(NoAnswer):
    """The server does not agree to a WebSocket."""

    kind = "upgrade"


class HungUp(NoAnswer):
    """The connection was cut before the server had agreed or refused."""

    kind = "reset"


def handshake(plan: Plan) -> bytes:
    """What each connection begins with. Raises LoadError for headers that HTTP forbids."""
    headers = checked_headers(plan.headers)
    headers.update(UPGRADE)
    ask = Ask(headers=headers)
    return ask.speller(plan.authority, plan.target, keep_alive=True)(0, Random(plan.seed))


def after_handshake(data: bytes) -> bytes | None:
    """What came behind the server's agreement; None while that is not whole.

    Raises NoUpgrade for any other answer.

    >>> head = b"HTTP/1.1 101 Yes\\r\\nConnection: upgrade\\r\\nUpgrade: websocket\\r\\n"
    >>> accept = b"Sec-WebSocket-Accept: %b\\r\\n\\r\\n" % ACCEPTED
    >>> after_handshake(head), after_handshake(head + accept + b"more")
    (None, b'more')
    """
    head, end, rest = data.partition(HEAD_END)
    if not end:
        if len(head) > LONGEST_HEAD_BYTES:
            raise NoUpgrade(f"a head of more than {LONGEST_HEAD_BYTES:,} bytes")
        return None
    try:
        status = Heads().read(head + end).status
    except NoAnswer as error:
        raise NoUpgrade(str(error)) from None
    if status != 101 or ACCEPTED not in _values(head, b"sec-websocket-accept"):
        raise NoUpgrade(f"no WebSocket: {head[:80]!r}")
    return rest


def messages(message: str | bytes, numbers: Iterable[int], dice: Random) -> Iterator[bytes]:
    """Each message of a load as its frame; blanks are filled in. Text is sent of a str.

    >>> frame = next(messages("no {{n}}", [0], Random(0)))
    >>> frame[0] == 0x81, len(frame)
    (True, 10)
    """
    opcode = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
    data = said_as_bytes(message)
    pieces = parts(data.decode("latin-1"))  # as bytes: what is filled in may be of any alphabet
    if len(pieces) == 1:
        yield from repeat(Frame(opcode, data).serialize(mask=True))
    for number in numbers:
        said = filled(pieces, number, dice).encode("latin-1")
        yield Frame(opcode, said).serialize(mask=True)


def said_as_bytes(message: str | bytes) -> bytes:
    """What a message is on the wire."""
    return message.encode() if isinstance(message, str) else message


def check_message(name: str, message: str | bytes) -> None:
    """Raises LoadError for what no WebSocket sends. `name` is that of the setting."""
    if not isinstance(message, str | bytes):
        kind = type(message).__name__
        raise LoadError(f"{name}: expected str or bytes, got {kind}; a dict goes by json.dumps()")
    try:
        next(messages(message, [0], Random(0)))
    except UnicodeEncodeError as error:
        raise LoadError(f"{name}={message!r} cannot be sent as UTF-8: {error.reason}") from None


def _values(head: bytes, name: bytes) -> list[bytes]:
    fields = (line.partition(b":") for line in head.split(b"\r\n"))
    return [value.strip() for field, _, value in fields if field.strip().lower() == name]
