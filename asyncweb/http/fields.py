"""Header fields: named values that may come several times.

Rule: order and repetition are kept; what would forge a message is refused when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
NAMES = 256  # that are remembered: an app sends the same ones again and again
_UNSAFE_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Headers(MutableMapping[str, str]):
    """Header fields in order, several of a name allowed, names compared without case.

    `headers[name]` joins all values of a name with ", " (RFC 9110, 5.3); `get_all` keeps them
    apart; `headers[name] = value` replaces them; `add` appends one.

    >>> headers = Headers({"Accept": "text/html"})
    >>> headers.add("accept", "text/plain")
    >>> headers["ACCEPT"], headers.get_all("accept")
    ('text/html, text/plain', ['text/html', 'text/plain'])
    >>> headers["Accept"] = "*/*"
    >>> headers.fields()
    [('accept', '*/*')]
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, str] | Iterable[tuple[str, str]] = ()):
        self._fields: list[tuple[str, str]] = []
        if isinstance(fields, Headers):
            fields = fields.fields()  # its items() are joined
        for name, value in fields.items() if isinstance(fields, Mapping) else fields:
            self.add(name, value)

    @classmethod
    def from_wire(cls, fields: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Headers of what the parser found; it has checked names and values already.

        >>> Headers.from_wire([(b"Host", b" example.com")])["host"]
        'example.com'
        """
        return cls.of_checked(
            [
                (name.decode("latin-1").lower(), value.decode("latin-1").strip(" \t"))
                for name, value in fields
            ]
        )

    @classmethod
    def of_checked(cls, fields: list[tuple[str, str]]) -> Headers:
        """Headers that are `fields`: (lower-case name, value) pairs known to be allowed.

        >>> Headers.of_checked([("host", "example.com")])["Host"]
        'example.com'
        """
        headers = cls.__new__(cls)
        headers._fields = fields
        return headers

    def add(self, name: str, value: str) -> None:
        """Appends one field. Raises ValueError for a name or value that HTTP does not allow."""
        self._fields.append(_checked(name, value))

    def get_all(self, name: str) -> list[str]:
        """Every value of `name`, in order; an empty list when there is none."""
        wanted = name.lower()
        return [value for field, value in self._fields if field == wanted]

    def fields(self) -> Sequence[tuple[str, str]]:
        """All fields as (lower-case name, value), in order; to be read, not to be kept."""
        return self._fields

    def __getitem__(self, name: str) -> str:
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return values[0] if len(values) == 1 else ", ".join(values)

    def __setitem__(self, name: str, value: str) -> None:
        new = _checked(name, value)
        kept = self._fields
        for field in kept:
            if field[0] == new[0]:
                kept = [field for field in kept if field[0] != new[0]]
                break
        self._fields = [*kept, new]

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._fields = [field for field in self._fields if field[0] != name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(field == name.lower() for field, _ in self._fields)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __len__(self) -> int:
        return len({name for name, _ in self._fields})

    def __repr__(self) -> str:
        return f"Headers({self._fields!r})"


def _checked(name: str, value: str) -> tuple[str, str]:
    """The field, its name in lower case. Raises ValueError for what HTTP does not allow."""
    lower = _checked_name(name)
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        # A CR or LF here would let a handler's data forge a second response.
        if _UNSAFE_IN_VALUE.search(value):
            raise ValueError(f"header {name}: {value!r} holds a control character; remove it")
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            raise ValueError(
                f"header {name}: {value!r} is not Latin-1; encode it, e.g. urllib.parse.quote"
            ) from None
    return lower, value


@lru_cache(NAMES)
def _checked_name(name: str) -> str:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no header name: letters, digits and !#$%&'*+-.^_`|~")
    return name.lower()
