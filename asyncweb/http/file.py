"""A file as the body of an answer: its bytes, some of them, or only that it has not changed.

Rule: a file is read while it is sent, from the descriptor that was opened for it. What is sent has
the size and the tag that were told, or is broken off.
"""

from __future__ import annotations

import errno
import os
import stat
import weakref
from collections.abc import Iterator
from urllib.parse import quote

from asyncweb.http.conditions import failed_condition, wants_ranges
from asyncweb.http.dates import http_date
from asyncweb.http.messages import TEXT, Request, Response
from asyncweb.http.ranges import Span, content_range, parse_ranges

BLOCK_BYTES = 128 * 1024  # read and sent at a time
SMALL_BYTES = 64 * 1024  # what is no larger is read at once
_FLAGS = ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK")  # a pipe must not hold us up
_OF_CONTENT = ("accept-ranges", "content-disposition", "content-length", "content-type")


class FileBody:
    """An open file, of which `parts` are sent: spans of it, and bytes between them."""

    def __init__(self, path: str | os.PathLike[str]):
        """Opens `path`. Raises OSError when that is no file that can be read."""
        flags = os.O_RDONLY
        for name in _FLAGS:
            flags |= getattr(os, name, 0)
        self._file = os.open(path, flags)
        self.close = weakref.finalize(self, os.close, self._file)
        about = os.fstat(self._file)
        if not stat.S_ISREG(about.st_mode):
            self.close()
            number = errno.EISDIR if stat.S_ISDIR(about.st_mode) else errno.EINVAL
            raise OSError(number, "no file that can be sent", os.fspath(path))
        self.size = about.st_size
        self.modified = int(about.st_mtime)  # seconds since the epoch
        self.etag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        self.parts: list[bytes | Span] = [(0, self.size)]
        self.is_selected = False

    @property
    def length(self) -> int:
        """How many bytes will be sent."""
        return sum(
            len(part) if isinstance(part, bytes) else part[1] - part[0] for part in self.parts
        )

    def blocks(self) -> Iterator[bytes | Span]:
        """The parts, those of the file in spans of at most BLOCK_BYTES: to be read one by one."""
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
                continue
            for first in range(part[0], part[1], BLOCK_BYTES):
                yield first, min(first + BLOCK_BYTES, part[1])

    def read(self, span: Span) -> bytes:
        """The bytes of `span`. Raises OSError when the file has become too short for it."""
        first, after = span
        if not self.close.alive:
            raise OSError(errno.EBADF, "this file was sent; make a Response.file for each request")
        if hasattr(os, "pread"):
            data = os.pread(self._file, after - first, first)
        else:  # one reader at a time: nobody else moves the file's own place
            os.lseek(self._file, first, os.SEEK_SET)
            data = os.read(self._file, after - first)
        if len(data) != after - first:
            raise OSError(errno.EIO, f"the file has become shorter than the {self.size} bytes told")
        return data

    def is_at_hand(self, span: Span) -> bool:
        """Whether reading `span` will wait for no disk, as far as the system tells."""
        if not hasattr(os, "RWF_NOWAIT"):
            return False
        try:
            return os.preadv(self._file, [bytearray(1)], span[1] - 1, os.RWF_NOWAIT) == 1
        except OSError:  # it would wait; or this kind of file system does not tell
            return False

    def __iter__(self) -> Iterator[bytes]:
        for block in self.blocks():
            yield block if isinstance(block, bytes) else self.read(block)


def file_response(
    path: str | os.PathLike[str], content_type: str | None, download: str | bool
) -> Response:
    """The whole file at `path`, as its name says or as `content_type`. See `Response.file`."""
    from asyncweb.http.media import content_type_of  # loaded by those who send files

    try:
        body = FileBody(path)
    except FileNotFoundError as error:
        advice = (
            "no such file; look first and raise HTTPError(404), or serve its folder with app.static"
        )
        raise FileNotFoundError(error.errno, advice, os.path.abspath(path)) from None
    name = os.path.basename(os.fspath(path)) if download is True else download
    headers = [
        ("content-type", content_type or content_type_of(name or os.fspath(path))),
        ("last-modified", http_date(body.modified)),
        ("etag", body.etag),
        ("accept-ranges", "bytes"),
    ]
    if name:
        headers.append(("content-disposition", f"attachment; filename*=UTF-8''{quote(name, '')}"))
    return Response(body, headers=headers)


def select(response: Response, body: FileBody, request: Request) -> None:
    """Makes of the whole file what `request` asks for: parts, or that nothing has changed."""
    if body.is_selected:
        return
    body.is_selected = True
    asked = request.headers
    if response.status == 200 and request.method in ("GET", "HEAD"):
        etag = response.headers.get("etag", "")
        status = failed_condition(request.method, asked, etag, body.modified)
        if status is not None:
            _refuse(response, body, status)
            return
        ranges = asked.get("range") if request.method == "GET" else None
        if ranges is not None and wants_ranges(asked, etag, body.modified):
            _select_ranges(response, body, ranges)
    if response.body is body:
        _read_if_small(response, body)


def _select_ranges(response: Response, body: FileBody, ranges: str) -> None:
    spans = parse_ranges(ranges, body.size)
    if spans is None:
        return
    if not spans:
        _refuse(response, body, 416)
        response.headers["content-range"] = f"bytes */{body.size}"
        return
    response.status = 206
    if len(spans) == 1:
        body.parts = [*spans]
        response.headers["content-range"] = content_range(spans[0], body.size)
        return
    boundary = os.urandom(16).hex()  # which the file does not hold
    kind = response.headers.get("content-type", "")
    body.parts = []
    for span in spans:
        head = f"content-type: {kind}\r\ncontent-range: {content_range(span, body.size)}"
        body.parts += [f"\r\n--{boundary}\r\n{head}\r\n\r\n".encode("latin-1"), span]
    body.parts.append(f"\r\n--{boundary}--\r\n".encode())
    response.headers["content-type"] = f"multipart/byteranges; boundary={boundary}"


def _refuse(response: Response, body: FileBody, status: int) -> None:
    """Answers without the file. What is said of the version stays, as RFC 9110, 15.4.5 asks."""
    body.close()
    response.status = status
    for name in _OF_CONTENT:
        response.headers.pop(name, None)
    response.body = b""
    if status != 304:
        told = {412: "the file is another than you know", 416: f"the file has {body.size} bytes"}
        response.body = told[status].encode()
        response.headers["content-type"] = TEXT


def _read_if_small(response: Response, body: FileBody) -> None:
    length = body.length
    (first, *others) = body.parts
    if others or length > SMALL_BYTES or isinstance(first, bytes):
        response.headers["content-length"] = str(length)
    elif length == 0 or not hasattr(os, "RWF_NOWAIT") or body.is_at_hand(first):
        response.body = body.read(first)
        body.close()
    else:
        response.headers["content-length"] = str(length)
