"""See concurrency: one app, an event-loop server and a thread-per-request server, side by side.

    from asyncweb import App, AsyncServer, ThreadServer, race

Names are imported when they are first used, so that `import asyncweb` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncweb.app import App as App
    from asyncweb.attach.observe import observe as observe
    from asyncweb.broadcast import Broadcast as Broadcast
    from asyncweb.context import Context as Context
    from asyncweb.dashboard.board import Dashboard as Dashboard
    from asyncweb.errors import HTTPError as HTTPError
    from asyncweb.errors import RouteError as RouteError
    from asyncweb.events import Event as Event
    from asyncweb.events import EventStream as EventStream
    from asyncweb.http.limits import Limits as Limits
    from asyncweb.http.messages import Request as Request
    from asyncweb.http.messages import Response as Response
    from asyncweb.lab.measure import load as load
    from asyncweb.lab.measure import race as race
    from asyncweb.servers.aio import AsyncServer as AsyncServer
    from asyncweb.servers.options import SocketOptions as SocketOptions
    from asyncweb.servers.settings import Settings as Settings
    from asyncweb.servers.threads import ThreadServer as ThreadServer
    from asyncweb.servers.tls import Tls as Tls
    from asyncweb.testing.client import TestClient as TestClient

_HOMES = {
    "App": "asyncweb.app",
    "AsyncServer": "asyncweb.servers.aio",
    "Broadcast": "asyncweb.broadcast",
    "Context": "asyncweb.context",
    "Dashboard": "asyncweb.dashboard.board",
    "Event": "asyncweb.events",
    "EventStream": "asyncweb.events",
    "HTTPError": "asyncweb.errors",
    "Limits": "asyncweb.http.limits",
    "Request": "asyncweb.http.messages",
    "Response": "asyncweb.http.messages",
    "RouteError": "asyncweb.errors",
    "Settings": "asyncweb.servers.settings",
    "SocketOptions": "asyncweb.servers.options",
    "TestClient": "asyncweb.testing.client",
    "ThreadServer": "asyncweb.servers.threads",
    "Tls": "asyncweb.servers.tls",
    "load": "asyncweb.lab.measure",
    "observe": "asyncweb.attach.observe",
    "race": "asyncweb.lab.measure",
}

__all__ = list(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'asyncweb' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
