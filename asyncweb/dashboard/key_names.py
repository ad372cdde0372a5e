"""From what a terminal sends to the names of keys.

Rule: a pure machine; a sequence that is cut between two reads is put together again, and one
that nobody knows is dropped whole, never taken for letters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_NAMES = {
    "\t": "tab", "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace",
    "\x03": "q",  # Ctrl-C, where it does not come as a signal
}  # fmt: skip
# Arrows and their like (CSI and SS3 of ECMA-48), and one character with Alt: none has a meaning.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\[O])", re.DOTALL)


class KeyNames:
    """Bytes in, names of keys out; see `asyncweb.dashboard.look.pressed` for the names.

    >>> list(KeyNames().receive(b"q\\x1b[C\\t")), list(KeyNames().receive(b"\\x1b"))
    (['q', 'tab'], ['escape'])
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._cut = ""  # the begin of a sequence whose end has not come

    def receive(self, data: bytes) -> Iterator[str]:
        """The keys that `data`, and what was cut before it, stand for."""
        text, self._cut = self._cut + self._decoder.decode(data), ""
        place = 0
        while place < len(text):
            if text[place] != "\x1b":
                yield _NAMES.get(text[place], text[place])
                place += 1
                continue
            if place + 1 == len(text):  # the key itself: a sequence comes with its beginning
                yield "escape"
                return
            sequence = _SEQUENCE.match(text, place)
            if sequence is None:
                self._cut = text[place:]
                return
            place = sequence.end()
