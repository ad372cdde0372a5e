"""Responses out of bytes, read as strictly as a suspicious client would.

Rule: what is not a well-framed response is kept as `rest`, and is a finding in itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5]\d\d) [^\r\n]*")
_FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n]*?)[ \t]*")


@dataclass(frozen=True)
class Answer:
    """One response, and the request it says it answers (None for a refusal)."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def refuses(self) -> bool:
        return self.status >= 400

    @property
    def saw(self) -> dict[str, Any]:
        """What the echo understood; for HEAD only method and target."""
        if self.body and self.fields.get("content-type", "").startswith("application/json"):
            return dict(json.loads(self.body))
        named = (("method", "saw-method"), ("target", "saw-target"))
        return {key: self.fields[name] for key, name in named if name in self.fields}


@dataclass
class Heard:
    """All that came back on one connection."""

    answers: list[Answer] = field(default_factory=list)
    interim: int = 0  # 1xx
    rest: bytes = b""
    closed: bool = False  # by the server, before the client had said it was done
    stuck: bool = False  # the server did not close when the client was done
    after_goodbye: int = 0  # how many of the answers came after that

    def __str__(self) -> str:
        words = [str(answer.status) for answer in self.answers] or ["no answer"]
        words += ["100"] * bool(self.interim) + ["closed"] * self.closed
        words += ["never closed"] * self.stuck
        words += [f"and {self.rest[:60]!r}"] * bool(self.rest)
        return " ".join(words)


def read_answers(data: bytes) -> Heard:
    """The responses in `data`, in order."""
    heard = Heard()
    while data:
        answer, data = _read_one(data)
        if answer is None:
            heard.rest = data
            break
        if answer.status < 200:
            heard.interim += 1
        else:
            heard.answers.append(answer)
    return heard


def _read_one(data: bytes) -> tuple[Answer | None, bytes]:
    head, end, rest = data.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    status_line = _STATUS_LINE.fullmatch(first)
    found = [_FIELD.fullmatch(line) for line in lines]
    if not end or not status_line or not all(found):
        return None, data
    fields = {m[1].decode().lower(): m[2].decode("latin-1") for m in found if m}
    status = int(status_line[1])
    if status < 200 or status in (204, 304) or fields.get("saw-method") == "HEAD":
        return Answer(status, fields, b""), rest
    length = fields.get("content-length", "")
    if not length and not rest and fields.get("connection") == "close":
        return Answer(status, fields, b""), rest  # a HEAD was refused
    # The echo and the refusals declare their length; anything else is a finding.
    if not length.isdigit() or len(rest) < int(length):
        return None, data
    return Answer(status, fields, rest[: int(length)]), rest[int(length) :]
