"""The fields of a query string: named values that may come several times.

Rule: order and repetition are kept; what was not sent, or is not of the kind that is wanted, is the
client's error and names the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar, cast, overload

from asyncweb.errors import BadRequest, MissingField

_TRUTHS = {"1": True, "true": True, "yes": True, "on": True}
_TRUTHS |= {"0": False, "false": False, "no": False, "off": False}
T = TypeVar("T")


class Query(Mapping[str, str]):
    """The fields of a query string; `query[name]` is the last value, `get_all` has every one.

    Raises MissingField, which is a KeyError and becomes 400, for a name that was not sent.

    >>> query = Query("tag=new&tag=red&page=2")
    >>> query["tag"], query.get_all("tag"), query.get("size", "all")
    ('red', ['new', 'red'], 'all')
    """

    __slots__ = ("_fields",)

    def __init__(self, text: str):
        pairs = [pair.partition("=") for pair in text.split("&") if pair]
        self._fields = [(_decoded(name), _decoded(value)) for name, _, value in pairs]

    def get_all(self, name: str) -> list[str]:
        """Every value of `name`, in order; an empty list when there is none."""
        return [value for field, value in self._fields if field == name]

    @overload
    def get_as(self, name: str, kind: Callable[[str], T]) -> T | None: ...
    @overload
    def get_as(self, name: str, kind: Callable[[str], T], default: T) -> T: ...
    def get_as(self, name: str, kind: Callable[[str], T], default: T | None = None) -> T | None:
        """The last value of `name` as a `kind`; `default` when there is none.

        Raises BadRequest that names it when it is no such thing.

        >>> Query("page=7&all=no").get_as("page", int, 1), Query("").get_as("page", int, 1)
        (7, 1)
        """
        if name not in self:
            return default
        value = self[name]
        try:
            return kind(value) if kind is not bool else cast(T, _TRUTHS[value.lower()])
        except (ValueError, KeyError, ArithmeticError):
            wanted = getattr(kind, "__name__", repr(kind))
            raise BadRequest(f"the query's {name}={value!r} is no {wanted}") from None

    def __getitem__(self, name: str) -> str:
        values = self.get_all(name)
        if not values:
            raise MissingField(f"the query has no field {name!r}")
        return values[-1]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self._fields))

    def __len__(self) -> int:
        return len({name for name, _ in self._fields})

    def __repr__(self) -> str:
        return f"Query({self._fields!r})"


def _decoded(text: str) -> str:
    """`text` as a form has it: a plus is a space, and bytes that are not UTF-8 are a mark."""
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    from urllib.parse import unquote  # loaded when somebody sends one

    return unquote(text)
