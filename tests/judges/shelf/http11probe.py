"""Http11Probe's suites: C# objects with a request and the statuses that may answer it.

Rule: literals and simple concatenations are read as data; a case built in another way is counted
in `unread`, so that nobody takes it for passed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.judges.cases import NO_OPINION, Case, Seen, Verdict, answered, refused
from tests.judges.literals import unescaped

NAME = "http11probe"
SUITES = ("ComplianceSuite.cs", "MalformedInputSuite.cs", "SmugglingSuite.cs")
HOST = b"judge"
_CASE = re.compile(r"yield return new (?:Sequence)?TestCase\b(.*?)(?=yield return new |\Z)", re.S)
_FACTORY = re.compile(
    r"PayloadFactory = (.*?)(?=\n\s*(?:Expected|BehavioralAnalyzer|Label|Scored)\b|\n\s*\}[,\n])",
    re.S,
)
_DECLARED = re.compile(r"(?:var|const string|string) (\w+) =\s*(.+?);\s*$", re.S | re.M)
_BYTES = re.compile(r"(?:MakeRequest|GetBytes)\(\s*(.+?)\)\s*[;,]?\s*\}?\s*,?\s*$", re.S)
_TERM = re.compile(
    r'\s*(?:(\$?)"((?:[^"\\]|\\.)*)"|new string\(\'(.)\', ([\d_]+)\)|([A-Za-z_]\w*))\s*(\+|$)'
)
_COMMENT = re.compile(r"^\s*//.*$|;\s*//.*$", re.M)
_RAW = re.compile(r"byte\[\] (\w+) = \[([^\]]*)\]")
_COPIED = re.compile(r"(\w+)\.CopyTo\(payload")
_WRAPPED = re.compile(r"Encoding\.ASCII\.GetBytes\((.*)\)$", re.S)
_COUNT = re.compile(r"(?:Encoding\.ASCII\.GetByteCount\((\w+)\)|(\w+)\.Length)$")
_HOLE = re.compile(rb"\{([\w.]+)\}")


class Unread(ValueError):
    """A payload that is no simple literal."""


def cases(folder: Path) -> Iterator[Case]:
    """The cases whose bytes are literal; see `unread` for the others."""
    for name, block in _blocks(folder):
        try:
            yield Case(NAME, name, _payload(block), _verdict(block))
        except Unread:
            continue


def unread(folder: Path) -> list[str]:
    """The names of the cases that cannot be read as data."""
    left = []
    for name, block in _blocks(folder):
        try:
            _payload(block)
        except Unread:
            left.append(name)
    return left


def _blocks(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*Suite.cs")):
        if file.name in SUITES:
            for block in _CASE.findall(file.read_text("utf-8-sig")):
                if name := re.search(r'Id = "([^"]+)"', block):
                    yield name[1], block


def _payload(block: str) -> bytes:
    factories = _FACTORY.findall(block)
    if not factories or "DynamicPayloadFactory" in block or "SendPartsFactory" in block:
        raise Unread
    return b"".join(map(_bytes_of, factories))


def _bytes_of(factory: str) -> bytes:
    factory = _COMMENT.sub(";", factory)
    names = _declared(factory)
    if copied := _COPIED.findall(factory):
        return b"".join(_known(names, name) for name in copied)
    found = _BYTES.search(factory)
    if not found:
        raise Unread
    return _joined(found[1], names)


def _declared(factory: str) -> dict[str, bytes]:
    """The names a factory gives to bytes, those that can be read."""
    names: dict[str, bytes] = {"ctx.HostHeader": HOST, "ctx.Host": HOST}
    for name, numbers in _RAW.findall(factory):
        names[name] = bytes(int(number, 16) for number in numbers.split(","))
    for name, expression in _DECLARED.findall(factory):
        wrapped = _WRAPPED.match(expression)
        with contextlib.suppress(Unread):
            if count := _COUNT.match(expression):
                names[name] = b"%d" % len(_known(names, count[1] or count[2]))
            else:
                names[name] = _joined(wrapped[1] if wrapped else expression, names)
    return names


def _joined(expression: str, names: dict[str, bytes]) -> bytes:
    data, position = b"", 0
    expression = expression.strip()
    while position < len(expression):
        term = _TERM.match(expression, position)
        if not term:
            raise Unread
        data += _term(term, names)
        position = term.end()
    return data


def _term(term: re.Match[str], names: dict[str, bytes]) -> bytes:
    is_filled, text, letter, times, name, _ = term.groups()
    if name:
        return _known(names, name)
    if letter:
        return letter.encode() * int(times.replace("_", ""))
    data = unescaped(text)
    if not is_filled:
        return data
    data = _HOLE.sub(lambda hole: _known(names, hole[1].decode()), data)
    return data.replace(b"{{", b"{").replace(b"}}", b"}")


def _known(names: dict[str, bytes], name: str) -> bytes:
    if name not in names:
        raise Unread
    return names[name]


def _verdict(block: str) -> Verdict:
    expected = block[block.index("Expected = new ExpectedBehavior") :]
    if exact := re.search(r"StatusCodeRange\.Exact\((\d+)\)", expected):
        return refused(int(exact[1]))
    if "StatusCodeRange.Range2xx" in expected:
        return answered(Seen())
    words = re.search(r'Description = "([^"]*)"', expected)
    said = words[1] if words else ""
    statuses = {int(number) for number in re.findall(r"\b[45]\d\d\b", said)}
    takes = bool(re.search(r"2xx|\b20\d\b", said))
    if "timeout" in said or said.startswith(("!", "not ", "non-")) or not (takes or statuses):
        return NO_OPINION
    requests = [Seen()] * (2 if "2xx + 2xx" in said else 1)
    return answered(*requests, may_refuse=bool(statuses)) if takes else refused(*statuses)
