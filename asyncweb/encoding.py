"""Bytes made smaller: gzip, deflate, br and zstd, whole or piece by piece.

Rule: each coding is a library's work, and one whose library is missing is not offered.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from typing import Any, Protocol, TypeAlias

from asyncweb.coroutine import aclose

BLOCK_BYTES = 64 * 1024  # compressed at a time: others have their turn between two
GZIP_LEVEL, BROTLI_QUALITY, ZSTD_LEVEL = 4, 4, 3  # about a millisecond for such a block


class Encoder(Protocol):
    """One content, compressed as it comes."""

    def compress(self, data: bytes) -> bytes:
        """Takes `data`; gives what is ready of the result."""

    def flush(self) -> bytes:
        """All that was taken so far, so that the client can read it now."""

    def finish(self) -> bytes:
        """The rest."""


Encoders: TypeAlias = dict[str, Callable[[], Encoder]]


class _Zlib:
    """gzip (RFC 1952), and deflate, which means the format of zlib (RFC 1950)."""

    def __init__(self, window_bits: int):
        self._stream = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, window_bits)
        self.compress = self._stream.compress

    def flush(self) -> bytes:
        return self._stream.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._stream.flush(zlib.Z_FINISH)


class _Brotli:
    """br (RFC 7932), by the library `brotli`."""

    def __init__(self, module: Any):
        stream = module.Compressor(quality=BROTLI_QUALITY)
        self.compress, self.flush, self.finish = stream.process, stream.flush, stream.finish


class _Zstd:
    """zstd (RFC 8878), by the standard library from Python 3.14 on, or by its backport."""

    def __init__(self, module: Any):
        self._stream = module.ZstdCompressor(level=ZSTD_LEVEL)
        self.compress = self._stream.compress
        self.flush = partial(self._stream.flush, self._stream.FLUSH_BLOCK)
        self.finish = self._stream.flush


def available() -> Encoders:
    """The codings whose libraries are there, the one to prefer first."""
    codings: Encoders = {}
    if zstd := _zstd():
        codings["zstd"] = partial(_Zstd, zstd)
    if brotli := _brotli():
        codings["br"] = partial(_Brotli, brotli)
    return {**codings, "gzip": partial(_Zlib, 31), "deflate": partial(_Zlib, 15)}


def _zstd() -> Any:
    try:
        from compression import zstd
    except ImportError:
        try:
            from backports import zstd
        except ImportError:
            return None
    return zstd


def _brotli() -> Any:
    try:
        import brotli
    except ImportError:
        return None
    return brotli


class CompressedPieces:
    """The pieces of a plain iterable, compressed; `is_live`: each leaves as soon as it is there."""

    def __init__(self, body: Iterable[bytes | str], encoder: Encoder, is_live: bool):
        self._body = body
        self._encoder = encoder
        self._is_live = is_live
        self._pieces = self._compressed()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def _compressed(self) -> Iterator[bytes]:
        encoder = self._encoder
        for piece in self._body:
            for block in blocks(_as_bytes(piece)):
                yield encoder.compress(block)
            if self._is_live:
                yield encoder.flush()
        yield encoder.finish()

    def close(self) -> None:
        """Closes what gives the pieces."""
        if hasattr(self._body, "close"):
            self._body.close()


class AsyncCompressedPieces:
    """The pieces of an asynchronous iterable, compressed; each leaves as soon as it is there."""

    def __init__(self, body: Any, encoder: Encoder):
        self._body = body
        self._stream = body.__aiter__()
        self._encoder = encoder
        self._is_over = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise StopAsyncIteration
        try:
            piece = await self._stream.__anext__()
        except StopAsyncIteration:
            self._is_over = True
            return self._encoder.finish()
        return self._encoder.compress(_as_bytes(piece)) + self._encoder.flush()

    async def aclose(self) -> None:
        """Closes what gives the pieces."""
        await aclose(self._stream, self._body)


def blocks(data: bytes) -> Iterator[bytes]:
    """`data` in blocks of at most BLOCK_BYTES."""
    for at in range(0, len(data), BLOCK_BYTES):
        yield data[at : at + BLOCK_BYTES]


def _as_bytes(piece: bytes | str) -> bytes:
    if not isinstance(piece, bytes | str):
        raise TypeError(f"a stream yielded {type(piece).__name__}; it may yield bytes or str")
    return piece.encode() if isinstance(piece, str) else piece
