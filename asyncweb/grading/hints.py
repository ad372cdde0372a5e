"""The three hints of an exercise: a question, an idea with the name of an API, Parsons blocks.

Rule: a hint is given when it is asked for, one level after the other.
"""

from __future__ import annotations

import re
from pathlib import Path

from asyncweb.errors import ExerciseError

LEVELS = 3
_HEADING = re.compile(r"^## (\d)\b.*$", re.MULTILINE)
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def read_hints(file: Path) -> list[str]:
    """The texts of the three levels. Raises ExerciseError when there are not exactly three."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ExerciseError(f"{file} cannot be read: {error.strerror}") from None
    _, *parts = _HEADING.split(text)
    if parts[::2] != [str(level + 1) for level in range(LEVELS)]:
        raise ExerciseError(f"{file} has the levels {parts[::2]}; expected ## 1, ## 2 and ## 3")
    return [part.strip() for part in parts[1::2]]


def blocks(hint: str) -> list[str]:
    """The blocks of a hint to be put in order, each without its fence.

    >>> blocks("Put these in order:\\n\\n```python\\nreturn a\\n```\\n")
    ['return a']
    """
    return [block.rstrip() for block in _BLOCK.findall(hint)]
