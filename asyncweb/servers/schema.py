"""Which settings there are, of which kind, and what was probably meant by one that is none.

Rule: a value is taken as it is or refused; only text from outside, which has no kinds, is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from asyncweb.errors import SettingsError
from asyncweb.servers.nearest import nearest

# A kind as Python spells it ("int | None"), or the words of which a setting is one.
Kind: TypeAlias = str | tuple[str, ...]
Kinds: TypeAlias = Mapping[str, Kind]  # of a table, by name
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_IN_WORDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "Path": "a path",
    "None": "nothing",
}


class Schema:
    """The plain settings, and the tables of settings, by name; a table is made when it is met."""

    def __init__(self, plain: Mapping[str, Kind], tables: Mapping[str, Callable[[], Kinds]]):
        self._plain = plain
        self._tables = tables

    @staticmethod
    def of(dataclass: type) -> dict[str, Kind]:
        """The kinds of a dataclass's fields, by name."""
        return {field.name: str(field.type) for field in fields(dataclass)}

    def checked(self, mapping: Any, where: str) -> dict[str, Any]:
        """`mapping`, without what is None. Raises SettingsError for a key or a kind unknown."""
        if not isinstance(mapping, Mapping):
            raise SettingsError(f"{where}: expected a table of settings, got {mapping!r}")
        found: dict[str, Any] = {}
        for name, value in mapping.items():
            if value is None:
                continue
            if name in self._tables:
                table = self._table(name, value, where)
                found[name] = table
            elif name in self._plain:
                found[name] = _checked(self._plain[name], value, f"{where}: {name}")
            else:
                raise SettingsError(f"{where}: {self._unknown(str(name))}")
        return found

    def from_texts(self, texts: Mapping[str, str], prefix: str) -> dict[str, Any]:
        """The settings in variables: "LIMITS_BODY_BYTES" is `body_bytes` of the table `limits`."""
        if not texts:
            return {}
        paths = {"_".join(path).upper(): path for path in self._paths()}
        found: dict[str, Any] = {}
        for name, text in texts.items():
            if name not in paths:
                near = nearest(name, paths, 0.7)
                hint = f"; did you mean {prefix}{near}?" if near else ""
                raise SettingsError(f"unknown variable {prefix}{name}{hint}")
            *table, key = paths[name]
            into = found.setdefault(table[0], {}) if table else found
            into[key] = _read(self._kind(paths[name]), text, f"{prefix}{name}")
        return found

    def _table(self, name: str, value: Any, where: str) -> dict[str, Any]:
        kinds = self._tables[name]()
        if not isinstance(value, Mapping):
            raise SettingsError(f"{where}: {name} = {value!r}: expected a table of settings")
        for key in value:
            if key not in kinds:
                raise SettingsError(f"{where}: {self._unknown(f'{name}.{key}')}")
        return {
            key: _checked(kinds[key], one, f"{where}: {name}.{key}")
            for key, one in value.items()
            if one is not None
        }

    def _paths(self) -> Iterable[tuple[str, ...]]:
        yield from ((name,) for name in self._plain)
        for table, kinds in self._tables.items():
            yield from ((table, key) for key in kinds())

    def _kind(self, path: tuple[str, ...]) -> Kind:
        return self._plain[path[0]] if len(path) == 1 else self._tables[path[0]]()[path[1]]

    def _unknown(self, name: str) -> str:
        """Names what is unknown, and what it may be: a slip, or a key without its table."""
        known = [".".join(path) for path in self._paths()]
        same_key = [one for one in known if one.endswith("." + name.rpartition(".")[2])]
        near = next(iter(same_key), None) or nearest(name, [*self._tables, *known])
        hint = f"; did you mean {near!r}?" if near else f"; known: {', '.join(self._plain)}"
        return f"unknown setting {name!r}{hint}"


def _checked(kind: Kind, value: Any, where: str) -> Any:
    if isinstance(kind, tuple):
        fits = value in kind
    else:
        fits = any(_is_one(value, name) for name in kind.split(" | "))
    if not fits:
        raise SettingsError(f"{where} = {value!r}: expected {_in_words(kind)}")
    return value


def _is_one(value: Any, name: str) -> bool:
    match name:
        case "bool":
            return isinstance(value, bool)
        case "int":
            return type(value) is int
        case "float":
            return type(value) in (int, float)
        case "str" | "Path":
            return isinstance(value, str)
    return False


def _read(kind: Kind, text: str, where: str) -> Any:
    """`text` as the first kind that it can be read as."""
    if isinstance(kind, tuple):
        return _checked(kind, text, where)
    for name in kind.split(" | "):
        try:
            return _as(name, text)
        except ValueError:
            continue
    raise SettingsError(f"{where}={text!r}: expected {_in_words(kind)}")


def _as(name: str, text: str) -> Any:
    match name:
        case "bool" if text.lower() in (*_TRUE, *_FALSE):
            return text.lower() in _TRUE
        case "int":
            return int(text, 0)
        case "float":
            return float(text)
        case "str" | "Path":
            return text
    raise ValueError(text)


def _in_words(kind: Kind) -> str:
    if isinstance(kind, tuple):
        return " or ".join(map(repr, kind))
    words = [_IN_WORDS[name] for name in kind.split(" | ") if name not in ("None", "Path")]
    return " or ".join(words)
