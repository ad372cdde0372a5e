"""Content types, by the end of a file's name.

Rule: the same name has the same type on every system; what the system's own tables say of a name
(on Windows, whatever was installed last) is not asked.
"""

from __future__ import annotations

from mimetypes import MimeTypes

BYTES = "application/octet-stream"
_OURS = {
    ".avif": "image/avif",
    ".ipynb": "application/x-ipynb+json",
    ".js": "text/javascript",
    ".jsonl": "application/jsonl",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".toml": "application/toml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    # Archives: what is compressed stays so, and is no text on its way to a browser.
    ".br": BYTES,
    ".bz2": "application/x-bzip2",
    ".gz": "application/gzip",
    ".xz": "application/x-xz",
    ".z": BYTES,
    ".zst": "application/zstd",
}
_KNOWN: dict[str, str] = {}  # by suffix, filled when first asked


def content_type_of(name: str) -> str:
    """The content type of a file called `name`; text is taken to be UTF-8.

    >>> content_type_of("page.HTML"), content_type_of("data.tar.gz"), content_type_of("README")
    ('text/html; charset=utf-8', 'application/gzip', 'application/octet-stream')
    """
    if not _KNOWN:
        _KNOWN.update({**MimeTypes().types_map[True], **_OURS})
    _, dot, suffix = name.rpartition(".")
    found = _KNOWN.get(f".{suffix.lower()}", BYTES) if dot else BYTES
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
