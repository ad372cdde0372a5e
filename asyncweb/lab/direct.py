"""A request to a server on this machine.

Rule: it goes there directly; a proxy that the environment names knows nothing of this machine's
ports.
"""

from __future__ import annotations

from http.client import HTTPResponse
from typing import cast
from urllib.request import ProxyHandler, Request, build_opener

PATIENCE_S = 10.0
_opener = build_opener(ProxyHandler({}))


def urlopen(url: str | Request, timeout: float = PATIENCE_S) -> HTTPResponse:
    """The answer to a request for `url`, to be read and closed, as urllib's own `urlopen` gives it.

    Waits for each piece of it for `timeout` seconds at most. Raises OSError when none comes, and
    HTTPError, which is one, for a status that tells of an error.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "Hello")
    >>> with AsyncServer(app) as server, urlopen(server.url) as answer:
    ...     answer.read()
    b'Hello'
    """
    return cast("HTTPResponse", _opener.open(url, timeout=timeout))
