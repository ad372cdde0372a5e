"""llhttp's fixtures: Markdown with the bytes of a request and the log of its parser.

Rule: the log decides. A message is a request when it is logged as complete; an error is a refusal,
but for llhttp's stops after which a server simply reads no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.judges.cases import Case, Seen, Verdict
from tests.judges.hosts import SEEN, origin_target, with_hosts

NAME = "llhttp"
_HEADING = re.compile(r"^#+ +(.*)$")
_META = re.compile(r"<!--\s*meta=(\{.*?\})\s*-->", re.S)
_BLOCK = re.compile(r"^```(http|log)\n(.*?)^```", re.S | re.M)
_SPAN = re.compile(r"off=(\d+) len=(\d+) span\[(\w+)\]")
_ERROR = re.compile(r"off=\d+ error code=(\d+)")
_COMPLETE = re.compile(r"off=(\d+) ([a-z_ ]+) complete")
AFTER_CLOSE, UPGRADES = 5, {22, 23}


def cases(folder: Path) -> Iterator[Case]:
    """Every request of test/request, in the order of the files."""
    for file in sorted((folder / "test" / "request").glob("*.md")):
        yield from _cases_of(file)


def _cases_of(file: Path) -> Iterator[Case]:
    text, start = file.read_text(encoding="utf-8"), 0
    metas = list(_META.finditer(text))
    for number, meta in enumerate(metas):
        end = metas[number + 1].start() if number + 1 < len(metas) else len(text)
        blocks = {kind: body for kind, body in _BLOCK.findall(text[meta.end() : end])}
        titles = [
            m[1] for line in text[start : meta.start()].split("\n") if (m := _HEADING.match(line))
        ]
        start = meta.end()
        kind = json.loads(meta[1])["type"].removeprefix("request")
        title = titles[-1] if titles else "?"
        name = f"{file.stem}/{number + 1} {title}" + (f" [{kind[1:]}]" if kind else "")
        yield _case(name, _bytes_of(blocks["http"]), blocks["log"].split("\n"))


def _bytes_of(text: str) -> bytes:
    text = re.sub(r"\\\n", "", text.removesuffix("\n"))
    text = text.replace("\n", "\r\n")
    for spelled, meant in (("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t"), ("\\f", "\f")):
        text = text.replace(spelled, meant)
    text = re.sub(r"\\x([0-9a-fA-F]+)", lambda m: chr(int(m[1], 16)), text)
    text = re.sub(r"\\([0-7]{1,3})", lambda m: chr(int(m[1], 8)), text)
    # Above ASCII the fixtures are UTF-8; escapes are single bytes only below 0x80 as well.
    return text.encode("utf-8")


@dataclass
class _Message:
    """A request while its log is read."""

    spans: dict[str, bytes] = field(default_factory=dict)
    fields: list[tuple[bytes, bytes]] = field(default_factory=list)
    head_done: bool = False
    complete: bool = False

    def add(self, kind: str, data: bytes) -> None:
        self.spans[kind] = self.spans.get(kind, b"") + data

    def end_field(self) -> None:
        pair = (self.spans.pop("header_field", b""), self.spans.pop("header_value", b""))
        if not self.head_done:  # after it, trailers
            self.fields.append(pair)

    def seen(self) -> Seen:
        fields = [
            (name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t"))
            for name, value in self.fields
        ]
        version = self.spans.get("version")
        if version == b"1.1" and not any(name == "host" for name, _ in fields):
            fields.append(SEEN)
        return Seen(
            self.spans.get("method", b"").decode("latin-1"),
            origin_target(self.spans.get("url", b"").decode("latin-1")),
            self.spans.get("body", b""),
            tuple(fields),
        )


def _case(name: str, data: bytes, log: list[str]) -> Case:
    messages, starts, error = _read_log(data, log)
    requests = tuple(message.seen() for message in messages if message.complete)
    upgrade = error in UPGRADES
    is_refused = error is not None and error != AFTER_CLOSE and not upgrade
    end = "refused" if is_refused else "either" if upgrade else "quiet"
    verdict = Verdict(requests, end, may_refuse=upgrade)
    return Case(NAME, name, with_hosts(data, starts), verdict)


def _read_log(data: bytes, log: list[str]) -> tuple[list[_Message], list[int], int | None]:
    messages: list[_Message] = []
    starts: list[int] = []
    error = None
    for line in log:
        if line.endswith("message begin"):
            messages.append(_Message())
        elif span := _SPAN.match(line):
            start, size = int(span[1]), int(span[2])
            if span[3] == "method" and "method" not in messages[-1].spans:
                starts.append(start)
            messages[-1].add(span[3], data[start : start + size])
        elif found := _ERROR.match(line):
            error = int(found[1])
        elif done := _COMPLETE.match(line):
            _complete(messages[-1], done[2])
    return messages, starts, error


def _complete(message: _Message, what: str) -> None:
    if what == "header_value":
        message.end_field()
    elif what == "headers":
        message.head_done = True
    elif what == "message":
        message.complete = True
