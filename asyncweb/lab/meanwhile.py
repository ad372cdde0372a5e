"""How long one request takes while another is being answered.

Rule: the second is sent when the server has the first in its hands, and not a moment before.
"""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

from asyncweb.errors import LessonError
from asyncweb.servers.base import Server

LOOK_S = 0.001
PATIENCE_S = 60.0


def meanwhile(server: Server, slow: str, quick: str) -> float:
    """The seconds that `quick` takes, a path, while `server` answers `slow`, another one.

    Raises LessonError when one of them is answered with an error.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> @app.get("/slow")
    ... async def slow(ctx):
    ...     await ctx.sleep(0.05)
    >>> quick = app.get("/quick")(lambda ctx: "Hello")
    >>> with AsyncServer(app) as server:
    ...     meanwhile(server, "/slow", "/quick") < 0.05
    True
    """
    with ThreadPoolExecutor(1) as other:
        asked = other.submit(_ask, server, slow)
        while not asked.done() and not server.stats()["in_flight"]:
            time.sleep(LOOK_S)
        began = time.perf_counter()
        _ask(server, quick)
        took_s = time.perf_counter() - began
        asked.result()
    return took_s


def _ask(server: Server, path: str) -> None:
    client = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE_S)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        said = answer.read()
    finally:
        client.close()
    if answer.status >= 400:
        raise LessonError(f"{path} was answered with {answer.status}: {said[:200]!r}")
