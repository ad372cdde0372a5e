"""The App behind the judges: it answers everything, and remembers what it was asked.

Rule: what a client is told contains only its own path, so that a stray answer shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from asyncweb import App, AsyncServer, ThreadServer

ID = "x-request-id"  # what the proxy gives each request that it forwards
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ENGINES = {
    "async": (AsyncServer, {}),
    "threads": (ThreadServer, {}),
    "pool": (ThreadServer, {"max_threads": 8}),
}


@dataclass(frozen=True)
class Seen:
    """One request as the app was given it."""

    client: tuple[str, int] | None
    method: str
    target: str
    ids: tuple[str, ...]
    body: bytes

    @property
    def judgement(self) -> tuple[str, str, bytes]:
        """What must not depend on how the bytes were cut."""
        return self.method, self.target, self.body


@dataclass
class Witness:
    """An app, and every request that reached it."""

    app: App = field(default_factory=App)
    seen: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        @self.app.middleware
        def remember(ctx, next):
            ids = tuple(ctx.headers.get_all(ID))
            request = Seen(ctx.client, ctx.method, ctx.request.target, ids, ctx.body)
            self.seen.append(request)
            return next(ctx)

        @self.app.route("/{rest:path}", METHODS)
        def echo(ctx):
            return f"<{ctx.path}>"

    def serve(self, engine: str, **settings):
        """A server of this engine for the app, not started."""
        make, defaults = ENGINES[engine]
        return make(self.app, **{**defaults, **settings})
