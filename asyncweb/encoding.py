"""Bytes made smaller: gzip, deflate, br and zstd, whole or piece by piece.

Rule: each coding is a library's work, and one whose library is missing is not offered.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol, TypeAlias

from asyncweb.derived import BLOCK_BYTES, Derived

GZIP_LEVEL, BROTLI_QUALITY, ZSTD_LEVEL = 4, 4, 3  # about a millisecond for a block


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


class Encoded(Derived):
    """A body, compressed; `is_live`: each piece leaves as soon as it is there."""

    def __init__(self, source: Any, encoder: Encoder, is_live: bool):
        super().__init__(source)
        self._encoder = encoder
        self._is_live = is_live

    def made_of(self, piece: bytes | str) -> Iterator[bytes]:
        """What is ready of it, block by block."""
        if not isinstance(piece, bytes | str):
            raise TypeError(f"a stream yielded {type(piece).__name__}; it may yield bytes or str")
        data = piece.encode() if isinstance(piece, str) else piece
        for at in range(0, len(data), BLOCK_BYTES):
            made = self._encoder.compress(data[at : at + BLOCK_BYTES])
            is_last = at + BLOCK_BYTES >= len(data)
            yield made + self._encoder.flush() if is_last and self._is_live else made

    def rest(self) -> bytes:
        """What the encoder still holds."""
        return self._encoder.finish()
