"""Which dashboard is shown below which cell of a notebook.

Rule: a cell that runs again ends what its last run has left on, so that nothing goes on drawing
where nobody sees it.
"""

from __future__ import annotations

from typing import Protocol
from weakref import WeakKeyDictionary

from asyncweb.servers.registry import current_cell


class Stoppable(Protocol):
    """Something that is shown until it is stopped."""

    def stop(self) -> None:
        """Ends it; can be called twice."""


_shown: WeakKeyDictionary[Stoppable, tuple[str | None, int]] = WeakKeyDictionary()


def belongs_here(shown: Stoppable) -> None:
    """Notes that this cell shows `shown`, and stops what it showed in its last run."""
    name, execution = current_cell()
    if name is None:
        return
    for before, (its_name, its_execution) in list(_shown.items()):
        if its_name == name and its_execution != execution:
            before.stop()
            del _shown[before]
    _shown[shown] = name, execution
