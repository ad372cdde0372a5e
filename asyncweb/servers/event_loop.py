"""The event loop that runs an AsyncServer.

Rule: it is made here and given to its thread; what the program or the kernel around us uses as a
loop, or as a policy for loops, is left alone.
"""

from __future__ import annotations

import asyncio
import os
from typing import cast


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop; asyncio's own where uvloop does not exist, or ASYNCWEB_LOOP=asyncio.

    ASYNCWEB_LOOP=selector is asyncio's portable one, which also on Windows can share a listener.
    """
    wanted = os.environ.get("ASYNCWEB_LOOP")
    if wanted == "selector":
        return asyncio.SelectorEventLoop()
    if wanted != "asyncio":
        try:
            import uvloop
        except ImportError:
            pass
        else:
            return cast(asyncio.AbstractEventLoop, uvloop.new_event_loop())
    return asyncio.new_event_loop()
