"""Files that a result is written to.

Rule: a file that cannot be written is told before the measurement, not after it; and what comes to
nothing leaves none.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def check_output(file: str | None, flag: str = "--json") -> None:
    """Raises ValueError now, not after the measurement, when `file` cannot be written."""
    if file not in (None, "-"):
        with _writing(str(file), flag):
            try_to_write(str(file))


def try_to_write(file: str | Path) -> None:
    """Raises OSError when `file` cannot be written. Leaves it as it was: there, or not."""
    try:
        open(file, "x").close()
    except FileExistsError:
        open(file, "a").close()
    else:
        os.remove(file)


def check_outputs(files: Mapping[str, str | None]) -> None:
    """Raises ValueError now when one of `files`, each by its flag, cannot be written.

    Standard output takes one of them: two would be one text that nobody can read.
    """
    if [*files.values()].count("-") > 1:
        raise ValueError("standard output takes one result; name files for the others")
    for flag, file in files.items():
        check_output(file, flag)


def write_json(file: str | None, value: Any) -> None:
    """Writes `value` to `file`, or to standard output when that is "-"; nowhere if it is None."""
    if file is None:
        return
    import json  # loaded by those who write a result

    write_text(file, json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_text(file: str, text: str, flag: str = "--json") -> None:
    """Writes `text` to `file`, or to standard output when that is "-".

    A character that UTF-8 cannot spell, as in a name that was unzipped badly, is told by number.
    """
    if file == "-":
        print(text, end="")
    else:
        with (
            _writing(file, flag),
            open(file, "w", encoding="utf-8", errors="backslashreplace") as written,
        ):
            written.write(text)


@contextlib.contextmanager
def _writing(file: str, flag: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror
        raise ValueError(
            f"{flag}: cannot write {file}: {why}; name a file in a folder that is there, or -"
        ) from None
