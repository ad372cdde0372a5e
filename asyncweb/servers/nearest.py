"""What somebody probably meant who has mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The one of the `known` names that is most like `name`; None when none is.

    >>> nearest("tsl", ["tls", "host"])
    'tls'
    """
    import difflib  # loaded by those who mistype

    return next(iter(difflib.get_close_matches(name, list(known), 1, likeness)), None)
