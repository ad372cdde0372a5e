"""The live view of what runs already, by its process or its URL.

Rule: it only looks. What ends meanwhile stays on the screen as it was last seen, and that it has
ended is said.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence

import psutil

from asyncweb.attach import place
from asyncweb.attach.asking import ask
from asyncweb.attach.process_target import ProcessTarget
from asyncweb.attach.url_target import UrlTarget
from asyncweb.dashboard.board import Dashboard
from asyncweb.dashboard.screen import Screen
from asyncweb.errors import ServerError

LOOK_S = 0.2


def find_target(where: str, insecure: bool = False) -> ProcessTarget | UrlTarget:
    """What `where`, a process id or a URL, means.

    Raises ValueError for what is neither, ServerError when there is nothing to look at.
    """
    if where.isdecimal():
        return ProcessTarget(int(where))
    if "://" not in where:
        raise ValueError(f"{where!r} is no process id and no URL, e.g. 4711 or http://HOST:PORT/")
    return UrlTarget(where, insecure)


def watch(
    targets: Sequence[ProcessTarget | UrlTarget], screen: Screen, duration_s: float | None = None
) -> list[str]:
    """Shows `targets` until Ctrl-C, the end of all of them, or `duration_s` seconds.

    Returns a line for each that has ended.
    """
    probes = [target for target in targets if isinstance(target, UrlTarget)]
    for probe in probes:
        probe.start()
    board = Dashboard(*targets, screen=screen)
    is_over = _deadline(duration_s)
    try:
        with board:
            while not is_over() and any(target.is_alive for target in targets):
                board.note = "; ".join(filter(None, (target.note() for target in targets)))
                time.sleep(LOOK_S)
    except KeyboardInterrupt:
        pass
    finally:
        for probe in probes:
            probe.close()
    return [f"process {target.pid} has ended" for target in targets if not target.is_alive]


def known() -> str:
    """In words, which servers of this user can be looked at; forgets those that were killed."""
    found = []
    for pid in place.pids():
        if not psutil.pid_exists(pid):
            place.forget(pid)
            continue
        with contextlib.suppress(ServerError):  # it is ending, or hangs
            if (told := ask(pid)) is not None:
                found.append(f"{pid} ({told.get('url') or told.get('name')})")
    return f"running here: {', '.join(found)}" if found else "none of ours runs here"


def _deadline(duration_s: float | None) -> Callable[[], bool]:
    end_s = None if duration_s is None else time.monotonic() + duration_s
    return lambda: end_s is not None and time.monotonic() >= end_s
