"""A screen for a command, with a page beside it for whoever asks for one.

Rule: the page outlives the run, so that who comes late still sees the verdict; without somebody
to end it, it ends by itself.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from asyncweb.dashboard.page.page import Beside, Page
from asyncweb.dashboard.screen import Screen


@contextlib.contextmanager
def projected(screen: Screen, host: str | None, port: int | None) -> Iterator[Screen]:
    """`screen`, and what it shows also on a page at `host` and `port`.

    Tells its address on standard error, as all that is not the result. Where somebody sits at
    the terminal, the page waits for Enter before it goes.
    """
    with Page(host or "127.0.0.1", port or 0) as page:
        print(page.invitation, file=sys.stderr, flush=True)
        yield Beside(screen, page)
        if sys.stdin.isatty():
            print("The page is still there; Enter ends it.", end=" ", file=sys.stderr, flush=True)
            sys.stdin.readline()
