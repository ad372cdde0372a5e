"""Short names for tasks and threads, in the order they are made.

Rule: letters only, for a schedule's name has numbers beside them.
"""

from __future__ import annotations

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter(number: int) -> str:
    """The name of the one that was made after `number` others: "A" to "Z", then "AA".

    >>> letter(0), letter(25), letter(26), letter(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    before, last = divmod(number, len(_ALPHABET))
    return (letter(before - 1) if before else "") + _ALPHABET[last]
