"""The corpus: attempts to make two parsers disagree about where a message ends.

Rule: every attempt is made here, from lists of odd spellings and of places to put them.
"""

from tests.outside.corpus import chunks, encodings, heads, lengths, talks
from tests.outside.corpus.case import Case, unique

CORPUS: list[Case] = unique(
    [
        *lengths.cases(),
        *encodings.cases(),
        *encodings.versions(),
        *chunks.cases(),
        *heads.cases(),
        *talks.cases(),
    ]
)
