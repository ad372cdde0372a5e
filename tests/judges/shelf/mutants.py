"""Conversations with a few bytes changed, always the same ones.

Rule: nobody knows the right answer; what is asked for is a well-formed conversation, and the same
one however the bytes arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.judges.cases import NO_OPINION, Case
from tests.judges.shelf.house import CONVERSATIONS

NAME = "mutants"
COUNT, SEED = 1200, 9112
LONGEST = 400  # bytes of an original
TELLING = (b"\r", b"\n", b"\r\n", b"\r\n\r\n", b" ", b"\t", b":", b"\0", b"0", b"-", b";", b"\xff",
           b"HTTP/1.1", b"chunked", b"close", b"1", b"ffffffffff")  # fmt: skip


def cases(folder: Path | None = None) -> Iterator[Case]:
    """Each with one to four changes."""
    chance = Random(SEED)
    originals = {name: data for name, (data, _) in CONVERSATIONS.items() if len(data) <= LONGEST}
    names = sorted(originals)
    for number in range(COUNT):
        name = chance.choice(names)
        data = originals[name]
        for _ in range(chance.randint(1, 4)):
            data = _changed(data, chance)
        yield Case(NAME, f"{number} of {name}", data, NO_OPINION)


def _changed(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    end = min(len(data), place + chance.randint(1, 8))
    kept, cut, rest = data[:place], data[place:end], data[end:]
    match chance.randrange(5):
        case 0:
            return kept + rest
        case 1:
            return kept + chance.choice(TELLING) + cut + rest
        case 2:
            return kept + chance.choice(TELLING) + rest
        case 3:
            return kept + cut + cut + rest
        case _:
            return kept + bytes([chance.randrange(256)]) + cut[1:] + rest
