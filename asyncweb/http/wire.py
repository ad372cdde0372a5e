"""HTTP/1.1 on the wire: how answers are spelled in bytes.

Rule: this module does no I/O and knows no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from asyncweb.http.framing import Framing, framed
from asyncweb.http.messages import Response
from asyncweb.http.status import PHRASES, checked_reason, checked_status

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
Start: TypeAlias = tuple[bytes, Framing, bool, str]
STARTS = 256  # that are remembered: most answers of a server begin alike for a second

# The connection writes these; a handler's word on them is heard at most.
_OURS = frozenset(
    {
        "connection", "content-length", "date", "keep-alive", "last-modified", "transfer-encoding",
        "upgrade",
    }
)  # fmt: skip


@lru_cache
def status_line(status: int, reason: str | None = None) -> str:
    """The first line of an answer; without a reason that of the status, if it has one.

    Raises ValueError or TypeError when a response was given what is no status or no reason.
    """
    phrase = PHRASES.get(status, "") if reason is None else checked_reason(reason)
    return f"HTTP/1.1 {checked_status(status):d} {phrase}\r\n"


def answer_start(response: Response, date: str, asked: tuple[str, str], is_last: bool) -> Start:
    """All of an answer before its body; and what it says.

    That is (bytes, how the body ends, whether we close, the Content-Length a handler declared or
    ""). `date` is now; `asked` are method and version of the request, see `framed`. After an answer
    that `is_last` we close.
    """
    fields = response.known_type or tuple(response.headers.fields())
    length = len(response.body) if isinstance(response.body, bytes) else None
    return _start(response.status, response.reason, fields, date, length, asked, is_last)


@lru_cache(STARTS)
def _start(
    status: int,
    reason: str | None,
    fields: str | tuple[tuple[str, str], ...],
    date: str,
    length: int | None,
    asked: tuple[str, str],
    is_last: bool,
) -> Start:
    head, declared, says_close, own_date, modified = _spelled(status, reason, fields)
    date = own_date or date
    if modified:
        head += f"last-modified: {_no_later(modified, date)}\r\n"
    method, version = asked
    framing, framing_fields = framed(status, length, declared, method, version)
    closes = says_close or is_last or framing == "close"
    connection = "close" if closes else "keep-alive" if version == "1.0" else ""
    if connection:
        framing_fields += f"connection: {connection}\r\n"
    start = f"{head}date: {date}\r\n{framing_fields}\r\n".encode("latin-1")
    return start, framing, closes, declared


def _no_later(modified: str, date: str) -> str:
    """`modified`; in place of a moment that is still to come, `date` (RFC 9110, 8.8.2.1)."""
    from asyncweb.http.dates import parse_http_date  # loaded by those who send files

    then, now = parse_http_date(modified), parse_http_date(date)
    return date if then is not None and now is not None and then > now else modified


@lru_cache(STARTS)
def _spelled(
    status: int, reason: str | None, fields: str | tuple[tuple[str, str], ...]
) -> tuple[str, str, bool, str, str]:
    head, declared, says_close = status_line(status, reason), "", False
    date = modified = ""
    for name, value in (("content-type", fields),) if isinstance(fields, str) else fields:
        if name not in _OURS:
            head += f"{name}: {value}\r\n"
        elif name == "date":
            date = value
        elif name == "last-modified":
            modified = value
        elif name == "content-length":
            declared = value if value.isascii() and value.isdigit() else ""
        elif name == "upgrade" and status == 426:  # which has to name it
            head += f"connection: upgrade\r\nupgrade: {value}\r\n"
        elif name == "connection":
            says_close = "close" in value.lower()
    return head, declared, says_close, date, modified


def switching_head(protocol: str, headers: Iterable[tuple[str, str]], date: str) -> bytes:
    """The 101 after which both sides speak `protocol` (RFC 9110, 15.2.2)."""
    head = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n"
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers if name not in _OURS)
    return f"{head}upgrade: {protocol}\r\n{fields}date: {date}\r\n\r\n".encode("latin-1")


def chunk(data: bytes) -> bytes:
    """`data` as one chunk (RFC 9112, 7.1); nothing for no data, which would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""
