"""`timeline` and `watch`: what people type to see a few requests.

Rule: a server is watched where it runs, in this process, and is afterwards as it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from asyncweb.errors import LessonError
from asyncweb.http.messages import Response
from asyncweb.lab.timeline.asking import ask
from asyncweb.lab.timeline.blocked import told
from asyncweb.lab.timeline.lookout import Lookout
from asyncweb.lab.timeline.recorder import Recorder
from asyncweb.lab.timeline.story import Timeline
from asyncweb.servers.base import Server

PATIENCE_S = 10.0


class Watch:
    """The requests to one server, from the moment it is watched.

    >>> from asyncweb import App, ThreadServer
    >>> from asyncweb.lab.direct import urlopen
    >>> app = App()
    >>> home = app.get("/")(lambda ctx: "home")
    >>> with ThreadServer(app) as server, watch(server) as seen:
    ...     urlopen(server.url).close()
    >>> [visit.name for visit in seen.timeline().visits]
    ['GET /']
    """

    def __init__(self, server: Server, recorder: Recorder):
        self._engine, self._port = server.engine, server.port
        self._recorder = recorder

    def timeline(self) -> Timeline:
        """What has happened so far."""
        return told(self._engine, self._recorder.notes(self._port))


@contextmanager
def watch(server: Server) -> Iterator[Watch]:
    """Watches all that `server` is asked, whoever asks, while the block runs.

    Costs a request some tens of microseconds of processor time, and what is noted stays in memory
    as long as the Watch: a thousand requests are nothing, a million are much. Raises LessonError
    for a server that cannot be watched: one that is stopped, or runs in a process of its own.
    """
    with _recorded(server) as recorder:
        yield Watch(server, recorder)


def timeline(
    server: Server,
    *paths: str,
    clients: int = 1,
    apart_ms: float = 0.0,
    patience_s: float = PATIENCE_S,
) -> Timeline:
    """What happens when each of `paths` is asked for by so many `clients`, all at the same time.

    The clients ask in this order, one `apart_ms` after the other, each over a connection of its
    own. Exact: when a handler runs, in which thread, and when it waits. Known for `ctx.sleep` and
    `ctx.offload` only: when it could have gone on. Estimated, by the thread's own clock: how much
    of a run it had a processor. Not seen: tasks that a handler starts, and streams after their
    beginning. Raises LessonError for a server that cannot be watched.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> @app.get("/")
    ... async def patient(ctx):
    ...     await ctx.sleep(0.01)
    ...     return "done"
    >>> with AsyncServer(app) as server:
    ...     seen = timeline(server, "/", clients=3)
    >>> seen.most_at_once("waits"), seen.threads
    (3, ('loop',))
    """
    _check_questions(paths, clients)
    Response.of({})  # loads what JSON needs, which else would be seen as a long first run
    with _recorded(server) as recorder:
        host, _, port = server.url.removeprefix("http://").rpartition(":")
        calls = ask(
            host.strip("[]"),
            int(port),
            [path for path in paths for _ in range(clients)],
            apart_ms / 1000,
            patience_s,
            lambda: server.stats()["connections"],
        )
        return told(server.engine, recorder.notes(server.port), calls)


@contextmanager
def _recorded(server: Server) -> Iterator[Recorder]:
    _check(server)
    recorder = Recorder()
    end = server.app.surround(recorder)
    try:
        with Lookout(recorder):
            yield recorder
    finally:
        end()


def _check_questions(paths: Sequence[str], clients: int) -> None:
    if not paths or not all(path.startswith("/") for path in paths) or clients < 1:
        raise LessonError(
            f"timeline(server, {', '.join(map(repr, paths))}) with clients={clients}: expected "
            'one path or more, and one client or more: timeline(server, "/users/1", clients=3)'
        )


def _check(server: Server) -> None:
    if not isinstance(server, Server):
        raise LessonError(f"{server!r}: expected a server: AsyncServer(app).start()")
    if not server.is_running:
        raise LessonError(f"{server.name} is not running; call start() first")
    is_here = not server.in_own_process and "workers" not in server.stats()
    if not is_here or not server.url.startswith("http://"):
        raise LessonError(
            f"{server.name} cannot be watched at {server.url}: expected a server in this process, "
            "at a port and without TLS, as start() makes it"
        )
