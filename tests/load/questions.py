"""What good clients ask, and the one right answer to it.

Rule: no I/O. A question knows its answer to the last byte, because it carries a token of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests.load.target import parts

TEXT, BYTES = b"text/plain; charset=utf-8", b"application/octet-stream"
BLOCK = bytes(range(256)) * 128  # 32 KiB, of every byte there is
CHUNK = 700
CLOSES = "closes"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to come back for one request."""

    method: str
    token: bytes
    body: bytes
    content_type: bytes = TEXT
    length: int | None = None  # what Content-Length says; None: the answer is chunked

    def fault(self, status: int, headers: dict[bytes, bytes], body: bytes) -> str | None:
        """What is wrong with an answer that came; None when it is this one."""
        length = b"" if self.length is None else b"%d" % self.length
        encoding = b"chunked" if self.length is None else b""
        faults = {
            f"status {status}": status != 200,
            f"token {headers.get(b'x-token')!r}": headers.get(b"x-token") != self.token,
            "no date": b"date" not in headers,
            "type": headers.get(b"content-type") != self.content_type,
            "length": headers.get(b"content-length", b"") != length,
            "encoding": headers.get(b"transfer-encoding", b"") != encoding,
            f"body {body[:40]!r}": body != (b"" if self.method == "HEAD" else self.body),
            CLOSES: b"connection" in headers,  # right only when the server stops
        }
        return next((name for name, is_so in faults.items() if is_so), None)


@dataclass(frozen=True, slots=True)
class Question:
    """Bytes that are sent together, and the answers that must come, in this order."""

    kind: str
    data: bytes
    answers: tuple[Answer, ...]


def get(token: bytes) -> Question:
    return _plain("get", "GET", b"echo", token)


def head(token: bytes) -> Question:
    return _plain("head", "HEAD", b"echo", token)


def wait(token: bytes) -> Question:
    return _plain("wait", "GET", b"wait", token)


def _plain(kind: str, method: str, path: bytes, token: bytes) -> Question:
    body = b"<%b>" % token
    answer = Answer(method, token, body, length=len(body))
    return Question(kind, _head(method.encode(), path, token), (answer,))


def post(token: bytes) -> Question:
    body = token * 60
    data = _head(b"POST", b"echo", token, b"Content-Length: %d\r\n" % len(body)) + body
    return Question("post", data, (Answer("POST", token, body, BYTES, len(body)),))


def post_chunked(token: bytes) -> Question:
    body = token + BLOCK[:2000] + token
    cuts = (body[at : at + CHUNK] for at in range(0, len(body), CHUNK))
    chunks = b"".join(b"%x;n=v\r\n%b\r\n" % (len(cut), cut) for cut in cuts)
    data = _head(b"POST", b"echo", token, b"Transfer-Encoding: chunked\r\n") + chunks
    answer = Answer("POST", token, body, BYTES, len(body))
    return Question("chunked", data + b"0\r\nX-Trailer: t\r\n\r\n", (answer,))


def stream(token: bytes) -> Question:
    answer = Answer("GET", token, b"".join(parts(token.decode())))
    return Question("stream", _head(b"GET", b"stream", token), (answer,))


def upload(token: bytes) -> Question:
    body = token + BLOCK
    data = _head(b"POST", b"upload", token, b"Content-Length: %d\r\n" % len(body)) + body
    said = b"%b %d %d" % (token, len(body), zlib.crc32(body))
    return Question("upload", data, (Answer("POST", token, said, length=len(said)),))


def pair(token: bytes) -> Question:
    first, second = get(token + b"a"), post(token + b"b")
    return Question("pair", first.data + second.data, first.answers + second.answers)


def _head(method: bytes, path: bytes, token: bytes, fields: bytes = b"") -> bytes:
    return b"%b /%b/%b HTTP/1.1\r\nHost: siege\r\n%b\r\n" % (method, path, token, fields)


Asker = Callable[[bytes], Question]
MIX: tuple[Asker, ...] = (
    *[get] * 8, *[post] * 4, *[post_chunked] * 2, *[head] * 2, *[pair] * 2, stream, upload,
)  # fmt: skip
WAITING_MIX: tuple[Asker, ...] = (*[wait] * 8, get, get, post, post_chunked, pair, upload)
MIXES = {"all": MIX, "waiting": WAITING_MIX}
