"""Smuggling probes: one request that holds another in its body, under a disguised length.

Rule: the oracle is the grammar of RFC 9112, 5 and RFC 9110, 5.6.2. A head that breaks it must be
refused; so must one whose length is said in two ways. Otherwise Content-Length alone counts, and
what is in the body stays in the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.judges.cases import UNFINISHED, Case, End, Seen, Verdict, answered, refused

HIDDEN = b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: judge\r\n\r\n"
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)")
BEYOND_ALL = 2**40
_LENGTH = re.compile(rb"[0-9]+")


def probe(judge: str, name: str, fields: Iterable[bytes], body: bytes = HIDDEN) -> Case:
    """POST with these raw field lines (or whole runs of them) before `body`."""
    head = b"\r\n".join([b"POST /outer HTTP/1.1", b"Host: judge", *fields])
    return Case(judge, name, head + b"\r\n\r\n" + body, verdict_on(head, body))


def disguised(
    judge: str, name: str, gadget: bytes, length_name: bytes = b"Content-Length:"
) -> Case:
    """A Content-Length that covers the hidden request, and `gadget`, which may uncover it."""
    length = length_name + b" %d" % len(HIDDEN)
    return probe(judge, name, [length, gadget])


def verdict_on(head: bytes, body: bytes) -> Verdict:
    """What RFC 9112 makes of a POST with this head, followed by `body`, HIDDEN if it is chunked."""
    fields = []
    for line in head.split(b"\r\n")[1:]:
        field = _FIELD.fullmatch(line)
        if field is None:
            return refused(400)
        fields.append((field[1].lower(), field[2].strip(b" \t")))
    codings = [text.lower() for name, text in fields if name == b"transfer-encoding"]
    lengths = {text for name, text in fields if name == b"content-length"}
    if codings:
        is_chunked = codings == [b"chunked"] and not lengths
        return _hidden_is_next() if is_chunked else refused(400, 501)
    if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
        return refused(400)
    size = int(lengths.pop()) if lengths else 0
    if size > len(body):
        return refused(400, 413) if size > BEYOND_ALL else UNFINISHED
    # What follows the declared body is the next request, whatever it is.
    end: End = "either" if body[size:] else "quiet"
    return Verdict((Seen("POST", "/outer", body[:size]),), end)


def _hidden_is_next() -> Verdict:
    return answered(Seen("POST", "/outer", b""), Seen("GET", "/hidden", b""))
