"""The served app: it says what it understood, for any method and any path.

Rule: the answer carries everything a judge may compare, so nobody has to guess from outside.
"""

from __future__ import annotations

from typing import Any

from asyncweb import App, AsyncServer, ThreadServer

POOL_THREADS = 4
ENGINES = ("async", "threads", "pool")


def make_app() -> App:
    """An App whose outermost layer answers every request with what came in."""
    app = App()

    @app.middleware
    def echo(ctx: Any, next: Any) -> Any:
        request = ctx.request
        # For an answer to HEAD, which has no body to read this from.
        ctx.response.headers["saw-method"] = request.method
        ctx.response.headers["saw-target"] = request.target
        return {
            "method": request.method,
            "target": request.target,
            "headers": [list(field) for field in request.headers.fields()],
            "body": ctx.body.decode("latin-1"),
        }

    return app


def start(engine: str) -> AsyncServer | ThreadServer:
    """A server of this kind, serving the echo from a process of its own."""
    app = make_app()
    if engine == "async":
        return AsyncServer(app, name="judged-async").start(process=True)
    threads = POOL_THREADS if engine == "pool" else None
    return ThreadServer(app, max_threads=threads, name=f"judged-{engine}").start(process=True)
