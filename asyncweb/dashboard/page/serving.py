"""The page's server, in a process of its own: it takes frames from a pipe and serves them.

Rule: away from the load and from the servers that are measured, and behind them when processors
are scarce.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.dashboard.page.newest import Newest
from asyncweb.dashboard.standing_back import NICENESS, stand_back
from asyncweb.events import EventStream
from asyncweb.http.messages import Response
from asyncweb.servers.aio import AsyncServer
from asyncweb.servers.child import Pipe
from asyncweb.servers.options import SocketOptions

DRAIN_S = 1.0
RETRY_S = 1.0  # until a browser that has lost the server asks for it again
SEND_BUFFER_BYTES = 16 * 1024  # what waits in there for a slow viewer is no longer the newest
HTML = Path(__file__).with_name("page.html")
# Names of servers and words of errors come from elsewhere: nothing in them may load or run.
POLICY = (
    "default-src 'none'; connect-src 'self'; img-src data:; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'"
)


def page_app(newest: Newest) -> App:
    """The page and its events."""
    app = App()
    html = HTML.read_text(encoding="utf-8")

    @app.on_startup
    async def bind() -> None:
        newest.bind()

    @app.get("/")
    def page(ctx: Context) -> Response:
        response = Response.html(html)
        response.headers["cache-control"] = "no-cache"
        response.headers["content-security-policy"] = POLICY
        return response

    @app.get("/events")
    def events(ctx: Context) -> EventStream:
        return EventStream(newest.events(), retry_s=RETRY_S)

    return app


def main(pipe: Pipe) -> None:
    """Serves what comes through the pipe until it closes; tells the port, or what went wrong."""
    host, port = pipe.receive()
    stand_back()  # this thread, and those it starts from here on
    if sys.platform not in ("linux", "win32"):
        os.nice(NICENESS)
    newest = Newest()
    options = SocketOptions(send_buffer_bytes=SEND_BUFFER_BYTES)
    try:
        server = AsyncServer(page_app(newest), host=host, port=port, socket_options=options).start()
    except Exception as error:
        pipe.send(error)
        return
    pipe.send(server.port)
    with contextlib.suppress(EOFError):
        while True:
            newest.publish(pipe.receive())
    newest.end()
    server.stop(DRAIN_S)
