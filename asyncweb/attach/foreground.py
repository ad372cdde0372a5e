"""A server in the foreground: what it says, and to whom, while it serves.

Rule: standard output has the address and nothing else; others of the same user may look meanwhile.
"""

from __future__ import annotations

import contextlib
import sys

from asyncweb.attach.attachment import attached
from asyncweb.servers.address import unix_path
from asyncweb.servers.base import Server
from asyncweb.servers.telling import Teller


def serve_in_foreground(server: Server, workers: int | None) -> None:
    """Serves until Ctrl-C, then drains. Raises what `server.start` raises."""
    teller = Teller(server, sys.stderr)
    with contextlib.suppress(KeyboardInterrupt), server.start(workers=workers), attached(server):
        path = unix_path(server.host)
        print(f"listening on {server.url}", flush=True)
        if path:
            print(f"try: curl --unix-socket {path} {server.scheme}://localhost/", flush=True)
        teller.tell_until_stopped()
    teller.tell()
