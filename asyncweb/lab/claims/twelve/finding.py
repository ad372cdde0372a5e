"""What one part of a claim comes to, and how parts make a verdict.

Rule: one part that fails is enough against a claim; what is missing or in doubt never speaks for
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from asyncweb.lab.claims.verdict import Verdict, Word

# The first of these that a part comes to is what all of them come to.
_STRONGEST = (Word.FAILS, Word.UNMEASURED, Word.OPEN, Word.HOLDS)


@dataclass(frozen=True)
class Finding:
    """Of one part, or of one system: the word, and a sentence with figures, without its stop."""

    word: Word
    words: str


def every(words: Iterable[Word]) -> Word:
    """What a claim comes to all of whose parts must hold.

    >>> str(every([Word.HOLDS, Word.OPEN])), str(every([Word.OPEN, Word.FAILS]))
    ('cannot be compared', 'does not hold here')
    """
    there = set(words)
    return next((word for word in _STRONGEST if word in there), Word.UNMEASURED)


def alike(words: Iterable[Word]) -> Word:
    """What a claim comes to that does not say which of several cases it means.

    What all of them say; where they differ the claim says too little. Cases that were not
    measured have no say.

    >>> str(alike([Word.FAILS, Word.FAILS])), str(alike([Word.HOLDS, Word.FAILS]))
    ('does not hold here', 'cannot be compared')
    """
    there = set(words) - {Word.UNMEASURED}
    if not there:
        return Word.UNMEASURED
    return there.pop() if len(there) == 1 else Word.OPEN


def listed(cases: Iterable[Finding]) -> str:
    """What there is to say of several cases, without those that were not measured.

    >>> listed([Finding(Word.HOLDS, "one 1 µs"), Finding(Word.UNMEASURED, "two: not here")])
    'one 1 µs'
    """
    cases = tuple(cases)
    there = [case for case in cases if case.word is not Word.UNMEASURED]
    return ", ".join(case.words for case in there or cases)


def verdict(parts: Iterable[Finding], figures: Iterable[tuple[str, str]]) -> Verdict:
    """Of a claim all of whose `parts` must hold, with the figures that it rests on."""
    parts = tuple(parts)
    why = " ".join(f"{part.words}." for part in parts)
    return Verdict(every(part.word for part in parts), why, tuple(figures))
