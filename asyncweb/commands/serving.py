"""Commands about servers: one that serves, and looks at those that do."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from typing import TYPE_CHECKING

from asyncweb.commands.outcome import interrupt, screen_for
from asyncweb.errors import AppNotFound, AsyncwebError, ServerError
from asyncweb.flags import check_port, duration_s, serve_settings
from asyncweb.output import write_json

if TYPE_CHECKING:
    from asyncweb.servers.base import Server


def serve(options: argparse.Namespace) -> int:
    """Serves an app until Ctrl-C or SIGTERM, then drains."""
    from asyncweb.servers.garbage import starting

    with starting():
        server, workers = _server(options)
        from asyncweb.attach.foreground import serve_in_foreground
    signal.signal(signal.SIGTERM, interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        _start(server, workers, options.app)  # so that it is known what failed: the start
        serve_in_foreground(server, workers)
    return 0


def _start(server: Server, workers: int | None, app: str) -> None:
    """Starts it; what a startup hook raises becomes a ServerError, for it is told in one line."""
    from asyncweb.servers.arguments import check_workers
    from asyncweb.servers.observer import Failure

    check_workers(workers)
    try:
        server.start(workers=workers)
    except AsyncwebError:
        raise
    except (Exception, SystemExit) as error:
        why = " ".join(Failure.of("on_startup", error).error.split())
        raise ServerError(f"cannot start {app}: {why}; look at its startup hooks") from error


def _server(options: argparse.Namespace) -> tuple[Server, int | None]:
    """The server that is asked for, and of how many workers."""
    from asyncweb.guests.find import find_app
    from asyncweb.metrics.recorder import Recorder
    from asyncweb.servers.settings import Settings

    app = find_app(options.app)
    settings = Settings.read(options.config) if options.config else Settings()
    settings |= Settings.from_environment() | Settings.of(serve_settings(options), "arguments")
    check_port(options, settings.values.get("host", ""))
    return settings.server(app, observer=Recorder()), settings.workers


def routes(options: argparse.Namespace) -> int:
    """The routes of an app."""
    from rich.console import Console

    from asyncweb.app import App
    from asyncweb.dashboard.route_table import route_rows, route_table
    from asyncweb.guests.find import find_app

    app = find_app(options.app)
    if not isinstance(app, App):
        raise AppNotFound(f"{options.app} is no App of asyncweb; its routes are its framework's")
    if options.json != "-":
        Console().print(route_table(app))
    write_json(options.json, {"routes": route_rows(app)})
    return 0


def top(options: argparse.Namespace) -> int:
    """The live view of processes or URLs, until Ctrl-C or their end."""
    from asyncweb.dashboard.top import find_target, known, watch

    if not options.targets:
        raise ValueError(f"give a process id or a URL; {known()}")
    lasts_s = duration_s(options)
    targets = [find_target(where, options.insecure) for where in options.targets]
    for line in watch(targets, screen_for(options), lasts_s):
        print(line, file=sys.stderr)
    return 0
