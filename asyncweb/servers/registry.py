"""Which servers run in this process, and which of them a new one replaces.

Rule: a cell that is run again leaves one server where one was, at the address it had; a server
that nobody stopped is stopped at exit.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from asyncweb.servers.address import same_place, unix_path

if TYPE_CHECKING:
    from asyncweb.servers.base import Server

REPLACED_DRAIN_S = 1.0


class _Cell:
    """The servers one notebook cell started in its latest execution, and what the last one left."""

    def __init__(self, execution: int, vacant: Iterable[Server] = ()):
        self.execution = execution
        self.servers: list[Server] = []
        # A port that was given by number is left to who gives it again, and would stop another.
        self.vacant = [old for old in vacant if not old.given_port]

    def take_in(self, server: Server, port: int) -> int:
        """Counts `server` among its own; gives the port it should take, 0 for any.

        It is `port`, if there is one, or that which a server of the same name has left, or else
        one of the same kind.
        """
        self.servers.append(server)
        namesakes = [old for old in self.vacant if old.name == server.name]
        kin = [old for old in self.vacant if old.engine == server.engine]
        place = _first([port, *(old.last_port for old in [*namesakes, *kin])])
        self.vacant = [old for old in self.vacant if old.last_port != place]
        return place


# Looked up first, so that importlib.reload keeps what runs.
_running: list[Server] = globals().get("_running", [])
_cells: dict[str, _Cell] = globals().get("_cells", {})


def running() -> tuple[Server, ...]:
    """The servers that run now, the oldest first."""
    return tuple(_running)


def replace(server: Server) -> int:
    """Stops the servers that `server` replaces; gives the port it should take.

    These are: the one of the same given name, the one of ours in the same given place, and those
    that the same notebook cell started when it was run before.
    """
    replaced = [
        other for other in running() if _is_namesake(other, server) or _is_in_the_way(other, server)
    ]
    for other in replaced:
        other.stop(REPLACED_DRAIN_S)
    port = _first([server.given_port, *(other.last_port for other in replaced)])
    return _cell_that_runs().take_in(server, port)


def keep(server: Server) -> None:
    """Lets the cell that started `server`, and asks for it again while it runs, not replace it."""
    name, _ = current_cell()
    if name in _cells and server in _cells[name].servers:
        cell = _cell_that_runs(but=server)
        if server not in cell.servers:
            cell.servers.append(server)


def _first(ports: Iterable[int]) -> int:
    """The first that is one; 0 if none is."""
    return next(filter(None, ports), 0)


def _is_namesake(other: Server, server: Server) -> bool:
    """Whether `other` was given the name that `server` was given."""
    return server.given_name is not None and other.given_name == server.given_name


def _is_in_the_way(other: Server, server: Server) -> bool:
    """Whether `other` listens where `server` is told to."""
    if not same_place(other.host, server.host):
        return False
    if unix_path(server.host) is not None:
        return True
    shares = other.socket_options.reuse_port and server.socket_options.reuse_port
    return server.given_port != 0 and other.port == server.given_port and not shares


def add(server: Server) -> None:
    """Counts `server` among the running ones."""
    _running.append(server)


def remove(server: Server) -> None:
    """Forgets `server`; it has stopped."""
    if server in _running:
        _running.remove(server)


def stop_all() -> None:
    """Stops every server at once; run at exit."""
    for server in running():
        server.stop(drain_s=0)


def _cell_that_runs(but: Server | None = None) -> _Cell:
    """The notebook cell, rid of all other servers of its execution before; a new one elsewhere."""
    name, execution = current_cell()
    if name is None:
        return _Cell(execution)
    cell = _cells.setdefault(name, _Cell(execution))
    if cell.execution != execution:
        before = [other for other in cell.servers if other is not but]
        for other in before:
            other.stop(REPLACED_DRAIN_S)
        cell = _cells[name] = _Cell(execution, vacant=before)
    return cell


def current_cell() -> tuple[str | None, int]:
    """The notebook cell that runs now and the count of its execution; (None, 0) elsewhere."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    if shell is None:
        return None, 0
    parent: dict[str, Any] = shell.get_parent() if hasattr(shell, "get_parent") else {}
    metadata = parent.get("metadata", {})
    # Front ends name the cell. Where they do not, its code does: ipykernel makes a file name of it.
    name = metadata.get("cellId") or _outermost_file(sys._getframe())
    return name, shell.execution_count


def _outermost_file(frame: FrameType | None) -> str | None:
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__":
            return frame.f_code.co_filename
        frame = frame.f_back
    return None


atexit.register(stop_all)
