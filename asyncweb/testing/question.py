"""What a test asks: a request, spelled for the wire.

Rule: a body is of one kind: `json`, `data` or `files` with fields. What is no request that a
client could send is refused here; what a server has to refuse, it is asked.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from string import punctuation
from typing import Any, TypeAlias, TypedDict, cast
from urllib.parse import quote, urlencode

from asyncweb.http.fields import Headers
from asyncweb.http.wire import LAST_CHUNK, chunk

Fields: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
File: TypeAlias = bytes | str | tuple[str, bytes | str] | tuple[str, bytes | str, str]
Data: TypeAlias = Mapping[str, Any] | bytes | str | Iterable[bytes]
HOST = "testserver"


class Asked(TypedDict, total=False):
    """The keywords of every request: `client.post("/", params=..., json=...)`."""

    params: Mapping[str, Any] | Iterable[tuple[str, Any]]
    headers: Fields
    json: Any
    data: Data
    files: Mapping[str, File]


class Question:
    """A request of `method` for `path`, with the client's own `headers` below those asked for."""

    def __init__(self, method: str, path: str, headers: Headers, asked: Asked):
        unknown = set(asked) - set(Asked.__annotations__)
        if unknown:
            known = ", ".join(Asked.__annotations__)
            raise TypeError(f"{method} {path}: unknown argument {min(unknown)!r}; known: {known}")
        if not path.startswith("/") and path != "*":
            raise ValueError(f"path={path!r}: expected one that begins with /, as in '/users/1'")
        self.method = method.upper()
        self.target = quote(path, safe=punctuation)
        if "params" in asked:
            query = urlencode(cast(Any, asked["params"]), doseq=True)
            self.target += ("&" if "?" in path else "?") + query
        self.headers = Headers([("host", HOST)])
        content_type, self._body = _body(asked)
        if content_type:
            self.headers["content-type"] = content_type
        if self._is_whole:
            length = len(cast(bytes, self._body))
            if length or self.method in ("POST", "PUT", "PATCH"):
                self.headers["content-length"] = str(length)
        else:
            self.headers["transfer-encoding"] = "chunked"
        for fields in (headers.fields(), Headers(asked.get("headers", ())).fields()):
            for name in {name for name, _ in fields}:
                self.headers.pop(name, None)
            for name, value in fields:
                self.headers.add(name, value)

    @property
    def _is_whole(self) -> bool:
        return isinstance(self._body, bytes)

    def spelled(self) -> Iterator[bytes]:
        """The bytes of it: the head with a whole body, or the head and then each chunk."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.fields()]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        if self._is_whole:
            yield head + cast(bytes, self._body)
            return
        yield head
        for piece in cast(Iterable[bytes], self._body):
            yield chunk(piece.encode() if isinstance(piece, str) else piece)
        yield LAST_CHUNK


def _body(asked: Asked) -> tuple[str, bytes | Iterable[bytes]]:
    data = asked.get("data", b"")
    if "json" in asked:
        if data or "files" in asked:
            raise TypeError("a body is json or data, not both")
        return "application/json", json.dumps(asked["json"]).encode()
    if "files" in asked:
        if not isinstance(data, Mapping):
            data = dict(cast(Any, data or {}))
        return _multipart(data, asked["files"])
    if isinstance(data, Mapping):
        return "application/x-www-form-urlencoded", urlencode(data, doseq=True).encode()
    if isinstance(data, str):
        return "text/plain; charset=utf-8", data.encode()
    return "", data


def _multipart(data: Mapping[str, Any], files: Mapping[str, File]) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, value in data.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            parts.append(_part(f'name="{_quoted(name)}"', "", str(one)))
    for name, file in files.items():
        filename, content, kind = _file(name, file)
        naming = f'name="{_quoted(name)}"; filename="{_quoted(filename)}"'
        parts.append(_part(naming, f"Content-Type: {kind}\r\n", content))
    border = f"--{boundary}\r\n".encode()
    body = b"".join(border + part for part in parts) + f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _file(name: str, file: File) -> tuple[str, bytes | str, str]:
    if not isinstance(file, tuple):
        return name, file, "application/octet-stream"
    filename, content = file[0], file[1]
    return filename, content, file[2] if len(file) == 3 else "application/octet-stream"


def _part(naming: str, fields: str, content: bytes | str) -> bytes:
    head = f"Content-Disposition: form-data; {naming}\r\n{fields}\r\n"
    return head.encode() + (content.encode() if isinstance(content, str) else content) + b"\r\n"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
