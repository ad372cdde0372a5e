"""HTTP/1.1 on the wire: how messages are spelled in bytes, and how large they may be.

Rule: this module does no I/O and knows no clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus

from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Response

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_HOST = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
_ORIGIN_TARGET = re.compile(rb"/[!-\"$-~]*")  # printable ASCII, no space, no fragment
_ABSOLUTE_TARGET = re.compile(rb"https?://([^/?#]+)([/?][!-\"$-~]*)?", re.IGNORECASE)
# The connection writes these; a handler's word on them is heard at most.
_OURS = frozenset(
    {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one client may ask for, in bytes, counts and seconds. All are on by default."""

    target_bytes: int = 8 * 1024  # 414 beyond it
    head_bytes: int = 32 * 1024  # 431: target, names and values together
    header_count: int = 100  # 431
    body_bytes: int = 16 * 1024 * 1024  # 413
    pipelined_requests: int = 16  # more wait unread in the socket
    idle_s: float = 75.0  # then a connection between two requests is closed
    head_s: float = 20.0  # 408: from the first byte of a head to its end
    body_s: float = 20.0  # 408: for a body, and one second more for each
    body_bytes_per_s: int = 16 * 1024  # of these that have arrived
    write_s: float = 60.0  # a client that reads nothing for so long is cut off

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"Limits({name}={value!r}): expected a number above 0")


def http_date(seconds_since_epoch: float) -> str:
    """The moment as RFC 9110, 5.6.7 spells it: "Sun, 06 Nov 1994 08:49:37 GMT"."""
    at = datetime.fromtimestamp(seconds_since_epoch, UTC)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    return f"{day}, {at.day:02} {month} {at.year} {at:%H:%M:%S} GMT"


@lru_cache
def status_line(status: int) -> str:
    """The first line of an answer; the reason phrase is empty when the status has none."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    return f"HTTP/1.1 {status} {reason}\r\n"


def response_head(response: Response, date: str) -> tuple[str, str, bool]:
    """The status line and the header fields, without the framing; what the handler said of it.

    That is (the lines, the Content-Length it declared or "", whether it wants to close).
    """
    head, declared, says_close = status_line(response.status), "", False
    for name, value in response.headers.fields():
        if name not in _OURS:
            head += f"{name}: {value}\r\n"
        elif name == "date":
            date = value
        elif name == "content-length":
            declared = value if value.isascii() and value.isdigit() else ""
        elif name == "connection":
            says_close = "close" in value.lower()
    return f"{head}date: {date}\r\n", declared, says_close


def chunk(data: bytes) -> bytes:
    """`data` as one chunk (RFC 9112, 7.1); nothing for no data, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def origin_form(method: str, target: bytes) -> str:
    """The path and query that `target` asks for (RFC 9112, 3.2).

    Raises ProtocolError for a form this server does not answer.
    """
    if _ORIGIN_TARGET.fullmatch(target):
        return target.decode("ascii")
    if target == b"*" and method == "OPTIONS":
        return "*"
    absolute = _ABSOLUTE_TARGET.fullmatch(target)
    if absolute and is_host(absolute[1]):
        rest = (absolute[2] or b"/").decode("ascii")
        return rest if rest.startswith("/") else "/" + rest
    raise ProtocolError(400, "the request target is neither /path, http://host/path nor *")


@lru_cache(maxsize=1024)  # clients name few hosts, many times
def is_host(value: bytes) -> bool:
    """Whether `value` is a host name or address with an optional port (RFC 9112, 3.2)."""
    return _HOST.fullmatch(value.strip(b" \t")) is not None
