"""What held up a server's event loop since somebody last looked.

Rule: a block is told in every look while it lasts, and once more when it has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from asyncweb.servers.blocking import Block


class HeldUp:
    """Compares the `blocks` of a server's stats with those of the look before.

    >>> held, block = HeldUp(), Block("make.<locals>.tea", "/app/main.py", 7, "boil()", 0.0, 0.2)
    >>> held.look([block._asdict()])
    'tea held the loop for 200 ms: main.py, line 7: boil()'
    >>> held.look([block._asdict()])
    ''
    """

    def __init__(self) -> None:
        self._before: dict[str, Any] | None = None

    def look(self, blocks: Sequence[dict[str, Any]]) -> str:
        """The last one in words, with its short names; "" when nothing has come to it."""
        before, self._before = self._before, blocks[-1] if blocks else None
        if self._before is None or self._before == before:
            return ""
        block = Block(**self._before)
        function = block.function.rpartition("<locals>.")[2]
        return str(block._replace(function=function, file=PurePath(block.file).name))
