"""A client for tests, which does to a server exactly what it is told.

Rule: it connects where it is told and is closed at the end of its block; the rest is ScriptedEnd.
"""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from asyncweb.instruments.scripted_end import PATIENCE_S, ScriptedEnd


class ScriptedClient(ScriptedEnd):
    """Connects to `server`: a port of 127.0.0.1, or a URL. Raises OSError when nobody listens.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> @app.get("/")
    ... def home(ctx):
    ...     return "hello"
    >>> with AsyncServer(app) as server, ScriptedClient(server.url) as client:
    ...     drip = b"GET / HTTP/1.1\\r\\nHost: test\\r\\n\\r\\n"
    ...     client.send(drip, size=7).answer().text, client.send(drip * 2).answer().text
    ('hello', 'hello')
    """

    def __init__(self, server: int | str):
        if isinstance(server, int):
            address = "127.0.0.1", server
        else:
            parts = urlsplit(server)
            address = parts.hostname or "127.0.0.1", parts.port or 80
        super().__init__(socket.create_connection(address, PATIENCE_S))
