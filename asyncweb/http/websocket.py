"""How a WebSocket begins, and how its messages are spelled in frames (RFC 6455, 4 and 5).

Rule: this module does no I/O and knows no clock. A handshake is right to the letter or refused
with the status that says why; compression is agreed on so that no connection keeps a history.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from websockets.datastructures import Headers as WireHeaders
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.frames import Close, Frame, Opcode
from websockets.headers import parse_subprotocol
from websockets.server import ServerProtocol
from websockets.utils import accept_key

from asyncweb.errors import BadRequest, HTTPError
from asyncweb.http.messages import Request
from asyncweb.http.upgrade import check_upgrade

VERSION = "13"
SMALL_BYTES = 128  # a message below it is not compressed: it would hardly get shorter
# Without a history each message is compressed by itself: a connection keeps 40 KiB less, and one
# frame is right for every member of a broadcast.
_DEFLATE = ServerPerMessageDeflateFactory(
    server_no_context_takeover=True,
    client_no_context_takeover=True,
    server_max_window_bits=12,
    client_max_window_bits=12,
    compress_settings={"memLevel": 5},
)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a handshake has agreed on; `headers` are those of the 101."""

    headers: dict[str, str]
    subprotocol: str | None = None
    deflate: PerMessageDeflate | None = None


def accept(
    request: Request, origins: Sequence[str] | None = None, subprotocols: Sequence[str] = ()
) -> Accepted:
    """The answer to a client that asks for a WebSocket (RFC 6455, 4.2).

    Of the `subprotocols` the first that the client offers is taken. `origins` are those of the
    pages that may connect, as `https://example.com`; None: only pages of this very host; `*`: all.
    Raises HTTPError 426 for what is no handshake of version 13, 400 for a wrong one, 403 for a
    page of another origin.
    """
    check_upgrade(request, "websocket")
    if request.headers.get_all("sec-websocket-version") != [VERSION]:
        needs = {"upgrade": "websocket", "sec-websocket-version": VERSION}
        raise HTTPError(426, f"expected Sec-WebSocket-Version: {VERSION}", needs)
    headers = {"sec-websocket-accept": accept_key(_key(request))}
    _check_origin(request, origins)
    subprotocol = _shared(request, subprotocols)
    if subprotocol is not None:
        headers["sec-websocket-protocol"] = subprotocol
    agreed, deflate = _compression(request)
    if agreed:
        headers["sec-websocket-extensions"] = agreed
    return Accepted(headers, subprotocol, deflate)


def _key(request: Request) -> str:
    keys = request.headers.get_all("sec-websocket-key")
    try:
        if len(keys) == 1 and len(base64.b64decode(keys[0], validate=True)) == 16:
            return keys[0]
    except (binascii.Error, ValueError):
        pass
    raise BadRequest("expected one Sec-WebSocket-Key: 16 bytes in Base64")


def _check_origin(request: Request, origins: Sequence[str] | None) -> None:
    """A browser sends the origin of the page; other programs send none, and are no danger here."""
    origin = request.headers.get("origin", "").lower()
    if not origin or (origins is not None and ("*" in origins or _is_listed(origin, origins))):
        return
    scheme, _, authority = origin.partition("://")
    port = _DEFAULT_PORTS.get(scheme, "")
    host = request.headers.get("host", "").lower()
    is_same = authority.removesuffix(port) == host.removesuffix(port)
    if origins is not None or not (is_same and port):
        raise HTTPError(403, f"a page of {origin} may not open this WebSocket")


def _is_listed(origin: str, origins: Sequence[str]) -> bool:
    return origin in (other.lower().rstrip("/") for other in origins)


def _shared(request: Request, subprotocols: Sequence[str]) -> str | None:
    try:
        offers = [
            name
            for value in request.headers.get_all("sec-websocket-protocol")
            for name in parse_subprotocol(value)
        ]
    except InvalidHandshake as error:
        raise BadRequest(f"Sec-WebSocket-Protocol: {error}") from None
    return next((name for name in subprotocols if name in offers), None)


def _compression(request: Request) -> tuple[str | None, PerMessageDeflate | None]:
    """The extensions agreed on, as the 101 spells them, and the one that compresses."""
    offers = WireHeaders()
    for value in request.headers.get_all("sec-websocket-extensions"):
        offers["Sec-WebSocket-Extensions"] = value
    try:
        agreed, extensions = ServerProtocol(extensions=[_DEFLATE]).process_extensions(offers)
    except InvalidHandshake as error:
        raise BadRequest(f"Sec-WebSocket-Extensions: {error}") from None
    deflate = extensions[0] if extensions else None
    return agreed, deflate if isinstance(deflate, PerMessageDeflate) else None


def close_frame(code: int, reason: str) -> bytes:
    """The frame that says goodbye, to a client."""
    return Frame(Opcode.CLOSE, Close(code, reason).serialize()).serialize(mask=False)


class Message:
    """A message on its way to one client or to many; each spelling of it is made once.

    >>> message = Message.of("hi")
    >>> message.value, message.frame(None)
    ('hi', b'\\x81\\x02hi')
    """

    __slots__ = ("_compressed", "_plain", "data", "opcode")

    def __init__(self, data: bytes, opcode: Opcode):
        self.data = data
        self.opcode = opcode
        self._plain: bytes | None = None
        self._compressed: dict[int, bytes] = {}  # by the bits of the window

    @classmethod
    def of(cls, value: str | bytes | bytearray | memoryview) -> Message:
        """Text of a str, binary of bytes. Raises TypeError for anything else."""
        if isinstance(value, str):
            return cls(value.encode(), Opcode.TEXT)
        if isinstance(value, bytes | bytearray | memoryview):
            return cls(bytes(value), Opcode.BINARY)
        raise TypeError(
            f"a WebSocket sends str or bytes, not {type(value).__name__}; "
            "for a dict or a list there is send_json"
        )

    @property
    def value(self) -> str | bytes:
        """What it was made of."""
        return self.data.decode() if self.opcode is Opcode.TEXT else self.data

    def frame(self, deflate: PerMessageDeflate | None) -> bytes:
        """The frame for a client with whom `deflate` was agreed on."""
        if deflate is None or len(self.data) < SMALL_BYTES:
            if self._plain is None:
                self._plain = Frame(self.opcode, self.data).serialize(mask=False)
            return self._plain
        bits = deflate.local_max_window_bits
        if bits not in self._compressed:
            frame = Frame(self.opcode, self.data)
            self._compressed[bits] = frame.serialize(mask=False, extensions=[deflate])
        return self._compressed[bits]
