"""Every exception asyncweb raises, in one tree.

    AsyncwebError
    ├── RouteError         a route that cannot be added (also a ValueError)
    ├── ServerError        a server that cannot start or stop as asked
    │   └── PortInUse      another program holds the port (also an OSError)
    ├── AppNotFound        `module:name` names no App
    ├── NeedsEventLoop     a thread was asked to wait for something only an event loop finishes
    ├── ClientGone         nothing can be sent to the client any more (also a ConnectionError)
    ├── LoadError          a load test that cannot run
    ├── LessonError        a notebook asked for something that is still missing
    ├── EmptyHistogram     a percentile of nothing (also a ValueError)
    └── HTTPError          becomes the answer with its status
        ├── BadRequest     400, what the client sent makes no sense to the handler
        └── ProtocolError  the bytes are not HTTP as we accept it: answered, then closed

Rule: an error says what came, what was expected and the way out.
"""

from __future__ import annotations


class AsyncwebError(Exception):
    """The root of everything this package raises on purpose."""


class RouteError(AsyncwebError, ValueError):
    """A route pattern that is wrong, or that collides with one already there."""


class ServerError(AsyncwebError):
    """A server could not start, or could not be reached in its process."""


class PortInUse(ServerError, OSError):
    """Another program listens on the port, or the Unix socket, that was asked for."""


class AppNotFound(AsyncwebError):
    """`module:name` does not lead to an App; the message says which part failed."""


class SettingsError(AsyncwebError, ValueError):
    """A setting that is not known, or of the wrong kind; the message says where it was written."""


class NeedsEventLoop(AsyncwebError):
    """Code that runs without an event loop awaited something only an event loop can finish."""


class ClientGone(AsyncwebError, ConnectionError):
    """Nothing can be sent to the client any more."""


class LoadError(AsyncwebError):
    """A load test that cannot be run as it was asked for."""


class LessonError(AsyncwebError):
    """A lesson cannot go on: the message says what the student has to put in first."""


class EmptyHistogram(AsyncwebError, ValueError):
    """A percentile was asked of a histogram that holds no value."""


class HTTPError(AsyncwebError):
    """Raise it in a handler to answer with `status` and `message` as plain text."""

    def __init__(self, status: int, message: str = "", headers: dict[str, str] | None = None):
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def __str__(self) -> str:
        return self.message or str(self.status)


class BadRequest(HTTPError):
    """The request reached its handler but its content makes no sense: 400."""

    def __init__(self, message: str):
        super().__init__(400, message)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return BadRequest, (self.message,)


class ProtocolError(HTTPError):
    """The client's bytes are not HTTP/1.1 within our limits: `status` is sent, then we close.

    `to_head`: what is refused is a HEAD, whose answer has no content.
    """

    to_head = False
