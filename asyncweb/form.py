"""A form that a client sends: its fields and its files, read while they arrive.

Rule: what is large goes to the disk, and nothing on the disk outlives its form. The parts of a
multipart body are found by the library `multipart`.
"""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import unquote

from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from asyncweb.errors import BadRequest, HTTPError, MissingField
from asyncweb.stream import BodyStream

TEXT_BYTES = 1024 * 1024  # of all fields that are no files together: 413 beyond it
SPOOL_BYTES = 1024 * 1024  # of a file that is kept in memory; beyond it the file is on the disk
PARTS = 1000  # fields and files: 413 beyond it
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
Offload = Callable[..., Awaitable[Any]]


class Upload:
    """One file of a form. `file` is open for reading until the form is closed.

    >>> import os
    >>> from asyncweb import App
    >>> app = App()
    >>> @app.post("/photos")
    ... async def keep(ctx):
    ...     photo = (await ctx.form()).files["photo"]
    ...     photo.save(os.devnull)  # or wherever your app keeps them
    ...     return [photo.filename, photo.content_type, photo.size, photo.read().decode()]
    >>> files = {"photo": ("../cat.png", b"meow", "image/png")}
    >>> app.test_client().post("/photos", files=files).json()
    ['cat.png', 'image/png', 4, 'meow']
    """

    def __init__(self, name: str, filename: str, content_type: str):
        self.name = name  # of the field
        self.filename = re.split(r"[\\/]", filename)[-1]  # a name, never a way to somewhere
        self.content_type = content_type
        self.size = 0  # bytes
        self.file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115

    def read(self) -> bytes:
        """The content, whole."""
        self.file.seek(0)
        return self.file.read()

    def save(self, path: str | Path) -> None:
        """Writes the content to `path`. Raises OSError when that cannot be written."""
        self.file.seek(0)
        with open(path, "wb") as target:
            shutil.copyfileobj(self.file, target)

    def __repr__(self) -> str:
        return f"<Upload {self.name}={self.filename!r}, {self.size} bytes>"


class Form(Mapping[str, str]):
    """The fields by name, as text; `files` has the Uploads by name.

    `form[name]` and `files[name]` are the last of their name, `get_all(name)` and
    `all_files(name)` have every one. Closed, files and all, when the request is over. Raises
    MissingField, which is a KeyError and becomes 400, for a name that was not sent.

    >>> form = Form()
    >>> form.add("tag", "new")
    >>> form.add("tag", "red")
    >>> form["tag"], form.get_all("tag")
    ('red', ['new', 'red'])
    >>> upload = form.add_file(Upload("photo", "cat.png", "image/png"))
    >>> form.files["photo"] is upload, form.all_files("photo"), form.all_files("text")
    (True, [<Upload photo='cat.png', 0 bytes>], [])
    >>> form.close()
    """

    def __init__(self) -> None:
        self._fields: list[tuple[str, str]] = []
        self._uploads: list[Upload] = []
        self.close = weakref.finalize(self, _close, self._uploads)

    @property
    def files(self) -> dict[str, Upload]:
        """The last file of each name."""
        return _Files((upload.name, upload) for upload in self._uploads)

    def all_files(self, name: str) -> list[Upload]:
        """Every file of `name`, in order; an empty list when there is none."""
        return [upload for upload in self._uploads if upload.name == name]

    def get_all(self, name: str) -> list[str]:
        """Every value of `name`, in order; an empty list when there is none."""
        return [value for field, value in self._fields if field == name]

    def add(self, name: str, value: str) -> None:
        """Appends one field."""
        self._fields.append((name, value))

    def add_file(self, upload: Upload) -> Upload:
        """Appends one file, which closes with the form."""
        self._uploads.append(upload)
        return upload

    def __getitem__(self, name: str) -> str:
        fields = dict(self._fields)
        if name not in fields:
            raise MissingField(f"the form has no field {name!r}")
        return fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._fields))

    def __len__(self) -> int:
        return len(dict(self._fields))

    def __repr__(self) -> str:
        return f"<Form {self._fields!r} {self._uploads!r}>"


class _Files(dict[str, Upload]):
    def __missing__(self, name: str) -> Upload:
        raise MissingField(f"the form has no file {name!r}")


def _close(uploads: list[Upload]) -> None:
    for upload in uploads:
        upload.file.close()


async def read_form(stream: BodyStream, content_type: str, offload: Offload) -> Form:
    """The form that `stream` carries; `offload` is where files are written.

    Raises BadRequest for a body that is no such form, HTTPError 413 for more than there is room
    for and 415 for a content type that is no form's.
    """
    kind, options = parse_options_header(content_type)
    if kind.lower() == URLENCODED:
        return await _read_urlencoded(stream)
    if kind.lower() != MULTIPART:
        raise HTTPError(415, f"a form is {URLENCODED} or {MULTIPART}, not {kind or 'untyped'}")
    if not options.get("boundary"):
        raise BadRequest("the form's content type names no boundary")
    reader = _MultipartReader(options["boundary"], offload)
    try:
        return await reader.read(stream)
    except BaseException as error:
        reader.form.close()
        if isinstance(error, ParserLimitReached):
            raise HTTPError(413, f"the form is too large: {error}") from None
        if isinstance(error, MultipartError):
            place = f"in part {reader.parts}" if reader.parts else "before the first part"
            raise BadRequest(f"the body is no multipart form: {error}, {place}") from None
        raise


async def _read_urlencoded(stream: BodyStream) -> Form:
    body = bytearray()
    async for piece in stream:
        body += piece
        if len(body) > TEXT_BYTES:
            raise HTTPError(413, f"a form's text is larger than {TEXT_BYTES} bytes")
    fields = [field for field in bytes(body).split(b"&") if field]
    if len(fields) > PARTS:
        raise HTTPError(413, f"a form has at most {PARTS} fields")
    form = Form()
    for number, field in enumerate(fields, 1):
        try:
            name, _, value = field.decode("ascii").replace("+", " ").partition("=")
            form.add(unquote(name, errors="strict"), unquote(value, errors="strict"))
        except UnicodeDecodeError:
            raise BadRequest(f"field {number} of the form is not UTF-8, percent-encoded") from None
    return form


class _MultipartReader:
    """Takes the parser's events: the head of a part, its bytes, None at its end."""

    def __init__(self, boundary: str, offload: Offload):
        self.form = Form()
        self._parser = PushMultipartParser(boundary, max_segment_count=PARTS, strict=True)
        self._offload = offload
        self._segment: MultipartSegment
        self._upload: Upload | None = None  # the part that is arriving, if it is a file
        self._text = bytearray()  # of that part, if it is none
        self._text_bytes = 0
        self.parts = 0  # that have begun

    async def read(self, stream: BodyStream) -> Form:
        async for piece in stream:
            for event in self._parser.parse(piece):
                await self._take(event)
        self._parser.close()
        return self.form

    async def _take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if event is None:
            self._end_part()
        elif isinstance(event, MultipartSegment):
            self._begin_part(event)
        elif self._upload is not None:
            await self._write(self._upload, bytes(event))
        else:
            self._add_text(event)

    def _begin_part(self, segment: MultipartSegment) -> None:
        self._segment, self._upload = segment, None
        self.parts += 1
        self._text.clear()
        if segment.filename is not None:
            kind = segment.content_type or "application/octet-stream"
            self._upload = self.form.add_file(Upload(segment.name, segment.filename, kind))

    async def _write(self, upload: Upload, data: bytes) -> None:
        upload.size += len(data)
        if upload.size <= SPOOL_BYTES:
            upload.file.write(data)
        else:
            await self._offload(upload.file.write, data)

    def _add_text(self, data: bytes | bytearray) -> None:
        self._text_bytes += len(data)
        if self._text_bytes > TEXT_BYTES:
            raise HTTPError(413, f"a form's text is larger than {TEXT_BYTES} bytes")
        self._text += data

    def _end_part(self) -> None:
        if self._upload is not None:
            self._upload.file.seek(0)
            return
        try:
            self.form.add(self._segment.name, self._text.decode())
        except UnicodeDecodeError:
            raise BadRequest(f"the form's field {self._segment.name!r} is not UTF-8") from None
