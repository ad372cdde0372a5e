"""The other side of an attachment: asks a process for its figures.

Rule: what comes back is taken for plain figures and nothing else; it is read to a bound, in time.
"""

from __future__ import annotations

import json
import socket
from typing import Any

from asyncweb.attach import place
from asyncweb.attach.attachment import HOST
from asyncweb.errors import ServerError
from asyncweb.metrics.histogram import Histogram
from asyncweb.servers.total import HISTOGRAMS

PATIENCE_S = 11.0  # a server with workers may wait so long for one of them
MOST_BYTES = 16 * 1024 * 1024


def ask(pid: int, patience_s: float = PATIENCE_S) -> dict[str, Any] | None:
    """What the server in process `pid` tells: its `counts()`, and `name`, `engine` and `url`.

    None when the process has no attachment of this user. Raises ServerError when it has one and
    cannot tell now, says nothing for `patience_s` seconds, or runs another release of asyncweb.
    """
    door = place.find(pid)
    if door is None:
        return None
    try:
        with socket.create_connection((HOST, door.port), patience_s) as client:
            client.sendall(f"{door.token}\n".encode())
            told = json.loads(_all(client, pid))
    except TimeoutError:
        raise ServerError(
            f"process {pid} does not answer: nothing within {patience_s:g} s; it hangs, or is "
            "stopped, or waits for a worker that is"
        ) from None
    except (OSError, ValueError):  # a file that was left behind, or a server that is ending
        return None
    if not isinstance(told, dict):
        return None
    if "error" in told:
        raise ServerError(f"process {pid}: {told['error']}")
    try:
        return _revived(told)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise ServerError(
            f"process {pid} tells its figures in a way unknown here: it runs another release of "
            "asyncweb; look at it with that one, or start it again with this one"
        ) from None


def _all(client: socket.socket, pid: int) -> bytes:
    pieces, size = [], 0
    while piece := client.recv(65536):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise ServerError(
                f"process {pid} tells more than {MOST_BYTES} bytes of figures, which nobody reads "
                "as often as a view does: it has too many routes, or too many workers with them"
            )
    return b"".join(pieces)


def _revived(told: dict[str, Any]) -> dict[str, Any]:
    """`told` as it was before it was JSON, which has no histograms, and no numbers as keys."""
    revived = dict(told)
    if "statuses" in told:
        revived["statuses"] = {int(status): count for status, count in told["statuses"].items()}
    if "each" in told:
        revived["each"] = {int(pid): _revived(counts) for pid, counts in told["each"].items()}
    if "routes" in told:
        durations = told["routes"].items()
        revived["routes"] = {route: Histogram.from_dict(data) for route, data in durations}
    for name in HISTOGRAMS:
        if name in told:
            revived[name] = Histogram.from_dict(told[name])
    return revived
