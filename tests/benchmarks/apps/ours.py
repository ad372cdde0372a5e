"""Our own servers, and what of them is measured apart.

    python ours.py PORT async|threads|pool [counts|nothing|onion]

With no more said the observer keeps histograms, as in the demo; `counts` only counts, as it does by
default; `nothing` is not told anything; `onion` puts three middlewares around each handler.
"""

import sys

from asyncweb import App, AsyncServer, SocketOptions, ThreadServer
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.observer import Observer
from tests.benchmarks.apps.serve import app
from tests.benchmarks.servers import BACKLOG, THREADS


class Deaf(Observer):
    def ended(self, route, status, seconds):
        pass


def in_an_onion(app: App) -> None:
    async def first(ctx, next):
        return seen(await next(ctx), "x-first")

    async def second(ctx, next):
        return seen(await next(ctx), "x-second")

    async def third(ctx, next):
        return seen(await next(ctx), "x-third")

    def seen(response, name):
        response.headers[name] = "yes"
        return response

    for layer in (first, second, third):
        app.middleware(layer)


port, kind, *rest = sys.argv[1:]
if "onion" in rest:
    in_an_onion(app)
observer = Deaf() if "nothing" in rest else Observer() if "counts" in rest else Recorder()
options = SocketOptions(backlog=BACKLOG)
settings = {"port": int(port), "socket_options": options, "observer": observer}
if kind == "async":
    server = AsyncServer(app, **settings)
else:
    server = ThreadServer(app, max_threads=THREADS if kind == "pool" else None, **settings)
with server:
    server.wait()
