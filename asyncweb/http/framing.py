"""How the client knows where an answer ends (RFC 9112, 6.3).

Rule: by its length where that is known, else by its last chunk; by the end of the connection only
where the client can read neither.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from asyncweb.errors import ProtocolError
from asyncweb.http.messages import Request, Response

Framing: TypeAlias = Literal["length", "chunked", "close", "no_body"]
# Of these, 205 says so with a length of 0 (RFC 9110, 15.3.6), the others with the status alone.
_WITHOUT_CONTENT = frozenset({204, 205, 304})


def framed(
    request: Request | ProtocolError | None, response: Response, declared: str
) -> tuple[Framing, str]:
    """How the answer to `request` ends, and the header fields that say so.

    `declared` is the Content-Length that its handler gave, or "".
    """
    status, body = response.status, response.body
    is_head = isinstance(request, Request) and request.method == "HEAD"
    is_refused_head = isinstance(request, ProtocolError) and request.to_head
    if status in _WITHOUT_CONTENT or is_refused_head:
        return "no_body", "content-length: 0\r\n" if status == 205 else ""
    if isinstance(body, bytes):
        # Without a body, the length a handler declared to a HEAD is that of GET's answer.
        length = declared if declared and is_head and not body else len(body)
        return "no_body" if is_head else "length", f"content-length: {length}\r\n"
    framing, fields = _framed_stream(request, declared)
    return "no_body" if is_head else framing, fields


def _framed_stream(request: Request | ProtocolError | None, declared: str) -> tuple[Framing, str]:
    if declared:
        return "length", f"content-length: {int(declared)}\r\n"
    if isinstance(request, Request) and request.version == "1.1":
        return "chunked", "transfer-encoding: chunked\r\n"
    return "close", ""  # an HTTP/1.0 client cannot read chunks
