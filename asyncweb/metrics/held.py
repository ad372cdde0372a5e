"""What held up a server since somebody last looked.

Rule: a block is told in every look while it lasts, and once more when it has ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.recent import Recent
from asyncweb.servers.blocking import Block


class HeldUp:
    """Gives the fields of a Snapshot that tell so, by what a server had counted before.

    >>> held, block = HeldUp(), Block("make.<locals>.tea", "/app/main.py", 7, "boil()", 0.0, 0.2)
    >>> held.look(1.0, {"blocks": [block._asdict()], "loop_lag": Histogram([0.5])})
    {'loop_lag_s': None, 'gc_pause_s': None, 'block': 'tea held the loop for 200 ms: main.py, ...'}
    >>> held.look(2.0, {"blocks": [block._asdict()], "loop_lag": Histogram([0.5, 0.1])})
    {'loop_lag_s': 0.1..., 'gc_pause_s': None, 'block': ''}
    """

    def __init__(self) -> None:
        self._block: dict[str, Any] | None = None
        self._lag, self._pauses = Recent(), Recent()

    def look(self, at_s: float, counts: Mapping[str, Any]) -> dict[str, Any]:
        """The fields: the longest lag and collection in seconds, None without any, and the last
        block in words with its short names, "" when nothing has come to it.
        """
        return {
            "loop_lag_s": _longest(self._lag, at_s, counts.get("loop_lag")),
            "gc_pause_s": _longest(self._pauses, at_s, counts.get("gc_pauses")),
            "block": self._news(counts.get("blocks", [])),
        }

    def _news(self, blocks: Sequence[dict[str, Any]]) -> str:
        before, self._block = self._block, blocks[-1] if blocks else None
        if self._block is None or self._block == before:
            return ""
        block = Block(**self._block)
        function = block.function.rpartition("<locals>.")[2]
        return str(block._replace(function=function, file=PurePath(block.file).name))


def _longest(recent: Recent, at_s: float, so_far: Histogram | None) -> float | None:
    if so_far is None:
        return None
    now, _ = recent.look(at_s, so_far.copy())
    return now.max if now.count else None
