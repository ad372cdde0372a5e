"""What of a trial is read and compiled, and needs no load: once, before anything is measured.

Rule: what the file has is not looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from asyncweb.lab.claims.checks import checks
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import CHECKS

Say = Callable[[str], object]
# measure -> who looks, and finds this and maybe more
INSPECTORS: Mapping[str, Callable[[Say], Figures]] = {CHECKS: checks}


def inspect(figures: Figures, measures: Collection[str], say: Say) -> None:
    """Adds to `figures` those of `measures` that need no load, if they are not there yet."""
    for measure, look in INSPECTORS.items():
        if measure in measures and measure not in figures.looks:
            found = look(say)
            figures.looks |= found.looks
            figures.failures |= found.failures
