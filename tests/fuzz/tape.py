"""Decisions out of bytes, for the targets.

Rule: the decisions stand in front and cost a byte each; what follows them is used as it is, so
the fuzzer's dictionary and its splices keep their meaning.
"""


class Tape:
    """Bytes that are read from the front; zeros, once they are used up."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes):
        self._data = data
        self._at = 0

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def few(self, at_most: int) -> bytes:
        """A byte that says how many, then so many."""
        start, count = self._at + 1, self.byte() % (at_most + 1)
        self._at = start + count
        return self._data[start : self._at]

    def rest(self) -> bytes:
        return self._data[self._at :]


def pieces(data: bytes, steps: bytes) -> list[bytes]:
    """`data` cut after each of `steps` bytes, from where it was cut before; then the rest."""
    found, at = [], 0
    for step in steps:
        if at + step >= len(data):
            break
        if step:
            found.append(data[at : at + step])
            at += step
    return [*found, data[at:]]
