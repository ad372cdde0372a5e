"""Answers made smaller, for clients that ask for it.

Rule: never twice, never what is tiny or compressed by nature, never what a range or a digest counts
the bytes of; and what comes in pieces still comes piece by piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from asyncweb.context import Context
from asyncweb.derived import BLOCK_BYTES, Derived
from asyncweb.encoding import Encoded, Encoder, Encoders, available
from asyncweb.http.file import FileBody
from asyncweb.http.messages import Response
from asyncweb.http.negotiation import IDENTITY, agree
from asyncweb.middleware import Respond

_WORTH_IT = re.compile(
    r"text/|application/(?:[a-z0-9.+-]*[+/-])?(?:json|jsonl|xml|javascript|toml|yaml|wasm|rtf)\b"
    r"|image/svg\+xml|image/bmp|font/(?:ttf|otf)",
    re.IGNORECASE,
)
_OF_ANOTHER = (206, 304)  # these speak of an answer that was whole
_EMPTY = (204, 205)
_COUNTED = ("content-encoding", "content-range", "content-digest", "content-md5")


@dataclass(frozen=True)
class Compression:
    """What `app.compress` has asked for."""

    minimum_bytes: int

    def __post_init__(self) -> None:
        if not isinstance(self.minimum_bytes, int) or self.minimum_bytes < 0:
            raise ValueError(
                f"compress(minimum_bytes={self.minimum_bytes!r}): expected a whole number, 0 or "
                "more; how it is compressed is for the client to say"
            )

    def around(self, respond: Respond) -> Respond:
        """`respond`, its answers compressed."""
        encoders = available()

        async def compressed(ctx: Context) -> Response:
            response = await respond(ctx)
            return self._compressed(ctx, response, encoders)

        return compressed

    def _compressed(self, ctx: Context, response: Response, encoders: Encoders) -> Response:
        agreement = agree(ctx.headers.get("accept-encoding"), [*encoders])
        if response.status in _OF_ANOTHER:
            return _like_the_whole(response, agreement.coding, ctx)
        size = _size(response)
        if size == 0 or not _may_be_changed(response):
            return response
        is_worth_it = _is_worth_it(response) and (size is None or size >= self.minimum_bytes)
        if not is_worth_it and agreement.may_be_plain:
            return response
        response = response.copy()  # the handler's own may answer others too
        _vary(response)
        if agreement.coding != IDENTITY:
            _encode(response, agreement.coding, encoders)
        return response


def _like_the_whole(response: Response, coding: str, ctx: Context) -> Response:
    """Parts, or that nothing has changed: with the fields of the whole (RFC 9110, 15.3.7, 15.4.5).

    Whether the whole would vary does not show here, so that they say so of any content. Parts are
    never compressed, and keep their tag: it is of the file, and not of what was sent.
    """
    if "etag" not in response.headers:
        return response
    response = response.copy()
    _vary(response)
    known = ctx.headers.get("if-none-match", "")
    if response.status == 304 and coding != IDENTITY and f"W/{response.headers['etag']}" in known:
        _weaken_tag(response)
    return response


def _is_worth_it(response: Response) -> bool:
    return _WORTH_IT.match(response.headers.get("content-type", "")) is not None


def _may_be_changed(response: Response) -> bool:
    if response.status in _EMPTY or any(name in response.headers for name in _COUNTED):
        return False
    if getattr(response.body, "heartbeat_s", None) is not None:
        return False  # a heartbeat of the engine's cannot go into a compressed stream
    return "no-transform" not in response.headers.get("cache-control", "").lower()


def _size(response: Response) -> int | None:
    """The bytes of the body; None of a stream whose length nobody knows."""
    if isinstance(response.body, bytes):
        return len(response.body)
    declared = response.headers.get("content-length")
    return int(declared) if declared and declared.isdecimal() else None


def _vary(response: Response) -> None:
    """Tells caches that the answer depends on what the client accepts."""
    named = response.headers.get("vary", "")
    if named.strip() != "*" and "accept-encoding" not in named.lower():
        response.headers["vary"] = f"{named}, Accept-Encoding" if named else "Accept-Encoding"


def _encode(response: Response, coding: str, encoders: Encoders) -> None:
    response.headers.pop("content-length", None)
    body, encoder = response.body, encoders[coding]()
    if isinstance(body, Derived):  # it is a request's own, and stays around
        whole = body.source = _encoded(body.source, encoder)
    else:
        whole = response.body = _encoded(body, encoder)
    if isinstance(whole, bytes):
        response.headers["content-length"] = str(len(whole))
    response.headers["content-encoding"] = coding
    response.headers.pop("accept-ranges", None)  # ranges count the bytes of the file itself
    _weaken_tag(response)


def _encoded(body: Any, encoder: Encoder) -> Any:
    if isinstance(body, bytes) and len(body) <= BLOCK_BYTES:
        return encoder.compress(body) + encoder.finish()
    return Encoded(body, encoder, is_live=not isinstance(body, bytes | FileBody))


def _weaken_tag(response: Response) -> None:
    """The same content in other bytes has a weak tag, by which no ranges can be put together."""
    etag = response.headers.get("etag")
    if etag is not None and not etag.startswith("W/"):
        response.headers["etag"] = f"W/{etag}"
