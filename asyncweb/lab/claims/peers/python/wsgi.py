"""The three questions of the trial, answered by a bare WSGI application.

Rule: it waits and reads as code on threads does, by blocking.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from asyncweb.lab.claims.material import HELLO, HELLO_BODY, READ, WAIT, WAIT_BODY, WAIT_MS
from asyncweb.lab.claims.peers.python.reading import read

# Else waitress writes a line for every request that has to queue.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answers 404 to any other path."""
    status, body = answer(environ["PATH_INFO"])
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]


def answer(path: str) -> tuple[str, bytes]:
    """The status and the body for `path`."""
    if path == HELLO:
        return "200 OK", HELLO_BODY
    if path == WAIT:
        time.sleep(WAIT_MS / 1000)
        return "200 OK", WAIT_BODY
    if path == READ:
        return "200 OK", read()
    return "404 Not Found", b""
