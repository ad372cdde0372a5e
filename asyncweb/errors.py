"""Every exception asyncweb raises, in one tree.

    AsyncwebError
    ├── RouteError         a route that cannot be added (also a ValueError)
    ├── ServerError        a server that cannot start or stop as asked
    │   └── PortInUse      another program holds the port (also an OSError)
    ├── AppNotFound        `module:name` names no App
    ├── SettingsError      a setting from a file, a variable or an argument (also a ValueError)
    ├── NeedsEventLoop     a thread was asked to wait for something only an event loop finishes
    ├── ClientGone         nothing can be sent to the client any more (also a ConnectionError)
    ├── LoadError          a load test that cannot run
    ├── RecordingError     a file that cannot be recorded to, or replayed (also a ValueError)
    ├── LessonError        a notebook asked for something that is still missing
    ├── ExerciseError      an exercise that is not as its writer has to make it (also a ValueError)
    ├── EmptyHistogram     a percentile of nothing (also a ValueError)
    ├── InstrumentError    an instrument for tests was used as it cannot be
    │   ├── NotTogether    callers that should overlap do not
    │   ├── Deadlock       every task, or every thread, waits for another
    │   └── RealWait       code on a virtual clock waits for something real
    └── HTTPError          becomes the answer with its status
        ├── BadRequest     400, what the client sent makes no sense to the handler
        │   └── MissingField  400, it did not send what the handler reads (also a KeyError)
        └── ProtocolError  the bytes are not HTTP as we accept it: answered, then closed

Rule: an error says what came, what was expected and the way out.
"""

from __future__ import annotations


class AsyncwebError(Exception):
    """The root of everything this package raises on purpose.

    >>> from asyncweb import App, AsyncServer
    >>> try:
    ...     AsyncServer(App()).stats()
    ... except AsyncwebError as error:
    ...     print(f"{type(error).__name__}: {error}")
    ServerError: async is not running; call start() first
    """


class RouteError(AsyncwebError, ValueError):
    """A route pattern that is wrong, or that collides with one already there.

    >>> from asyncweb import App
    >>> App().get("users")(lambda ctx: "all of them")
    Traceback (most recent call last):
    asyncweb.errors.RouteError: pattern 'users' must begin with '/', e.g. '/users'
    """


class ServerError(AsyncwebError):
    """A server could not start, or could not be reached in its process.

    >>> from asyncweb import App, AsyncServer, Tls
    >>> AsyncServer(App(), tls=Tls("none.pem", "none.pem")).start()
    Traceback (most recent call last):
    asyncweb.errors.ServerError: tls: cannot read none.pem: No such file or directory; ...
    """


class PortInUse(ServerError, OSError):
    """Another program listens on the port, or the Unix socket, that was asked for.

    >>> import socket
    >>> from asyncweb import App, AsyncServer
    >>> with socket.create_server(("127.0.0.1", 0)) as other:
    ...     try:
    ...         AsyncServer(App(), port=other.getsockname()[1]).start()
    ...     except PortInUse as error:
    ...         print("so take another, or port=0: any that is free")
    so take another, or port=0: any that is free
    """


class AppNotFound(AsyncwebError):
    """`module:name` does not lead to an App; the message says which part failed.

    >>> from asyncweb.guests.find import find_app
    >>> find_app("main")
    Traceback (most recent call last):
    asyncweb.errors.AppNotFound: 'main' names no app; expected module:name, e.g. main:app
    """


class SettingsError(AsyncwebError, ValueError):
    """A setting that is not known, or of the wrong kind; the message says where it was written.

    >>> from asyncweb import Settings
    >>> Settings.of({"prot": 8000}, "server.toml")
    Traceback (most recent call last):
    asyncweb.errors.SettingsError: server.toml: unknown setting 'prot'; did you mean 'port'?
    """


class NeedsEventLoop(AsyncwebError):
    """Code that runs without an event loop awaited something only an event loop can finish.

    >>> import asyncio
    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/")
    ... async def home(ctx):
    ...     await asyncio.sleep(0.001)
    >>> with app.test_client(engine="threads") as client:
    ...     client.get("/")
    Traceback (most recent call last):
    asyncweb.errors.NeedsEventLoop: only an event loop can finish this await, ...
    """


class ClientGone(AsyncwebError, ConnectionError):
    """Nothing can be sent to the client any more.

    >>> from asyncweb import App
    >>> app, heard = App(), []
    >>> @app.websocket("/")
    ... async def talk(ws):
    ...     try:
    ...         await ws.receive()
    ...     except ClientGone as error:
    ...         heard.append(str(error))
    >>> with app.test_client().websocket("/") as ws:
    ...     ws.close(1000, "bye")
    >>> heard
    ['the WebSocket is closed: 1000 bye']
    """


class LoadError(AsyncwebError):
    """A load test that cannot be run as it was asked for.

    >>> from asyncweb import load
    >>> load("http://127.0.0.1:8000", connections=0)
    Traceback (most recent call last):
    asyncweb.errors.LoadError: connections=0: expected a whole number, 1 or more
    """


class LessonError(AsyncwebError):
    """A lesson cannot go on: the message says what is missing or wrong, and what to try.

    A notebook shows the message alone: where it was raised is the cell above it.

    >>> from asyncweb.lab.lesson import predict
    >>> predict("00.q2", ...)
    Traceback (most recent call last):
    asyncweb.errors.LessonError: 00.q2: ... is no guess. How many threads ...
    """

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback."""
        return [f"\x1b[1;31m{type(self).__name__}\x1b[0m: {self}"]


class ExerciseError(AsyncwebError, ValueError):
    """An exercise that is not as `exercises/WRITING.md` says, or that is not there.

    >>> from asyncweb.grading.exercise import Exercise
    >>> Exercise.read("nowhere")
    Traceback (most recent call last):
    asyncweb.errors.ExerciseError: nowhere is no exercise: it has no exercise.toml; ...
    """


class RecordingError(AsyncwebError, ValueError):
    """A recording that cannot be written, or is none, or is broken; the message says where.

    >>> from asyncweb import Dashboard
    >>> Dashboard.replay("lesson.ndjson")
    Traceback (most recent call last):
    asyncweb.errors.RecordingError: no recording 'lesson.ndjson': no such file; ...
    """


class EmptyHistogram(AsyncwebError, ValueError):
    """A percentile was asked of a histogram that holds no value.

    >>> from asyncweb.metrics.histogram import Histogram
    >>> Histogram().percentile(0.99)
    Traceback (most recent call last):
    asyncweb.errors.EmptyHistogram: no value has been recorded yet, so there is nothing to tell
    """


class InstrumentError(AsyncwebError):
    """An instrument for tests cannot be used so; its kinds say what it has found.

    >>> from asyncweb.instruments import MemoryProbe
    >>> MemoryProbe(kind="rss")
    Traceback (most recent call last):
    asyncweb.errors.InstrumentError: MemoryProbe(None, 'rss'): expected MemoryProbe() for ...
    """


class NotTogether(InstrumentError):
    """Fewer callers than expected were inside an upstream at once; the message says how many.

    >>> from asyncweb.instruments import Rendezvous
    >>> Rendezvous(2, give_up_s=0).wait()
    Traceback (most recent call last):
    asyncweb.errors.NotTogether: 1 of 2 callers came within 0 s, so they do not overlap; ...
    """


class Deadlock(InstrumentError):
    """Nothing can ever happen again; the message names who waits, and at which line.

    >>> import asyncio
    >>> from asyncweb.instruments import run_in_virtual_time
    >>> async def forgotten(): await asyncio.Event().wait()
    >>> run_in_virtual_time(forgotten())
    Traceback (most recent call last):
    asyncweb.errors.Deadlock: every task waits for another: forgotten at line 1: ...
    """


class RealWait(InstrumentError):
    """Code that runs in virtual time has called time.sleep, or waits for a socket.

    >>> import time
    >>> from asyncweb.instruments import run_in_virtual_time
    >>> async def asleep(): time.sleep(3600)
    >>> run_in_virtual_time(asleep())
    Traceback (most recent call last):
    asyncweb.errors.RealWait: time.sleep in asleep, line 1: ...
    """


class HTTPError(AsyncwebError):
    """Raise it in a handler to answer with `status` and `message` as plain text.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.get("/tea")
    ... def tea(ctx):
    ...     raise HTTPError(503, "still brewing", {"retry-after": "180"})
    >>> answer = app.test_client().get("/tea")
    >>> answer.status, answer.text, answer.headers["retry-after"]
    (503, 'still brewing', '180')
    """

    def __init__(self, status: int, message: str = "", headers: dict[str, str] | None = None):
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def __str__(self) -> str:
        return self.message or str(self.status)


class BadRequest(HTTPError):
    """The request reached its handler but its content makes no sense: 400.

    >>> from asyncweb import App
    >>> app = App()
    >>> @app.post("/age")
    ... def age(ctx):
    ...     if ctx.json() < 0:
    ...         raise BadRequest("an age is not below 0")
    >>> app.test_client().post("/age", json=-1).text
    'an age is not below 0'
    """

    def __init__(self, message: str):
        super().__init__(400, message)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self.message,)


class MissingField(BadRequest, KeyError):
    """The handler has read a field of the query or of a form, or a file, that was not sent: 400.

    >>> from asyncweb import App
    >>> app = App()
    >>> page = app.get("/")(lambda ctx: ctx.query["page"])
    >>> answer = app.test_client().get("/")
    >>> answer.status, answer.text
    (400, "the query has no field 'page'")
    """


class ProtocolError(HTTPError):
    """The client's bytes are not HTTP/1.1 within our limits: `status` is sent, then we close.

    `to_head`: what is refused is a HEAD, whose answer has no content.

    >>> from asyncweb import App, Limits
    >>> app = App()
    >>> @app.on_protocol_error
    ... def refuse(error):
    ...     return f"{error.status}: {error}"
    >>> app.test_client(limits=Limits(target_bytes=9)).get("/a/long/path").text
    '414: the target is longer than 9 bytes'
    """

    to_head = False
