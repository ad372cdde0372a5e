"""How many files, and so connections, one process may have open.

Rule: a process of our own takes all that the system allows; that of the user stays as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None  # type: ignore[assignment]

# macOS allows "unlimited", and then takes no number above its own.
TRIED_WHEN_UNLIMITED = (1 << 20, 1 << 16, 10_240)


def most_open_files() -> int | None:
    """The most files that a process of our own may open; None when no limit is known."""
    if resource is None:
        return None
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if most == resource.RLIM_INFINITY else most


def allow_open_files() -> None:
    """Lets this process open as many files as the system allows."""
    if resource is None:
        return
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = TRIED_WHEN_UNLIMITED if most == resource.RLIM_INFINITY else (most,)
    for files in wanted:
        if usual != resource.RLIM_INFINITY and usual < files:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
                return


@contextlib.contextmanager
def allowed_to_children() -> Iterator[None]:
    """What is started within may open as many files as the system allows; we may as before.

    A child takes over the limit that its parent has at that moment, and programs of others seldom
    raise it.
    """
    if resource is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_open_files()
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
