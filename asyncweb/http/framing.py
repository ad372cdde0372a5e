"""How the client knows where an answer ends (RFC 9112, 6.3).

Rule: by its length where that is known, else by its last chunk; by the end of the connection only
where the client can read neither.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Framing: TypeAlias = Literal["length", "chunked", "close", "no_body"]
# Of these, 205 says so with a length of 0 (RFC 9110, 15.3.6), the others with the status alone.
_WITHOUT_CONTENT = frozenset({204, 205, 304})


def framed(
    status: int, length: int | None, declared: str, method: str, version: str
) -> tuple[Framing, str]:
    """How an answer to `method` ends, and the header fields that say so.

    `length` is that of its body in bytes, None of a stream; `declared` is the Content-Length that
    its handler gave, or "". `version` is that of the request, "" of one that was refused.

    >>> framed(200, 5, "", "GET", "1.1"), framed(200, None, "", "GET", "1.1")
    (('length', 'content-length: 5\\r\\n'), ('chunked', 'transfer-encoding: chunked\\r\\n'))
    """
    is_head = method == "HEAD"
    if status in _WITHOUT_CONTENT or (is_head and not version):
        return "no_body", "content-length: 0\r\n" if status == 205 else ""
    if length is None:
        framing, fields = _framed_stream(declared, version)
        return "no_body" if is_head else framing, fields
    # Without a body, the length a handler declared to a HEAD is that of GET's answer.
    told = declared if declared and is_head and not length else length
    return "no_body" if is_head else "length", f"content-length: {told}\r\n"


def _framed_stream(declared: str, version: str) -> tuple[Framing, str]:
    if declared:
        return "length", f"content-length: {int(declared)}\r\n"
    if version == "1.1":
        return "chunked", "transfer-encoding: chunked\r\n"
    return "close", ""  # an HTTP/1.0 client cannot read chunks
