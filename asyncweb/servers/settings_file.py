"""A file of settings, TOML or JSON, as a table that nobody has checked yet.

Rule: what keeps it from being read is told in one line that begins with its name.
"""

from __future__ import annotations

import json
import tomllib
from os import PathLike
from pathlib import Path
from typing import Any

from asyncweb.errors import SettingsError


def read_file(name: str | PathLike[str]) -> Any:
    """What stands in the file `name`, which ends with .toml or .json. Raises SettingsError."""
    path = Path(name)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"cannot read {path}: {why}") from None
    return _parsed(path, text)


def _parsed(path: Path, text: str) -> Any:
    try:
        if path.suffix.lower() == ".toml":
            return tomllib.loads(text)
        if path.suffix.lower() == ".json":
            return json.loads(text, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SettingsError(f"{path} is no JSON: {error.msg} at {place}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: {error}") from None
    raise SettingsError(f"{path}: expected a file whose name ends with .toml or .json")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} stands there twice")
        found[name] = value
    return found
