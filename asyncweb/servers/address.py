"""Where a server is found: a host and a port, or the file of a Unix socket.

Rule: one text says which. `unix:/run/app.sock` can stand wherever a host can: in the constructor,
on the command line, in a file of settings.
"""

from __future__ import annotations

import os
from typing import Any

UNIX = "unix:"
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # where we reach it ourselves


def checked_host(host: Any) -> str:
    """`host` as it is kept: a Unix socket's file with its whole path, IPv6 without brackets.

    Raises TypeError or ValueError for what is no host.

    >>> checked_host("[::1]"), checked_host("unix:/run/app.sock")
    ('::1', 'unix:/run/app.sock')
    """
    if not isinstance(host, str):
        raise TypeError(
            f"host={host!r}: expected text, such as '127.0.0.1' or 'unix:/run/app.sock'"
        )
    if host.startswith(UNIX):
        path = host.removeprefix(UNIX)
        if not path or "\0" in path:
            raise ValueError(f"host={host!r}: expected a file, as in 'unix:/run/app.sock'")
        return UNIX + os.path.abspath(path)  # also when the program changes its folder
    if "/" in host:
        raise ValueError(
            f"host={host!r}: expected a host without http:// or a path; "
            "a Unix socket is spelled 'unix:/run/app.sock'"
        )
    return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def unix_path(host: str) -> str | None:
    """The file of the Unix socket that `host` names; None when it names none."""
    return host.removeprefix(UNIX) if host.startswith(UNIX) else None


def url_of(scheme: str, host: str, port: int) -> str:
    """Where to reach it from this machine.

    >>> url_of("http", "::", 8000), url_of("https", "unix:/run/app.sock", 0)
    ('http://[::1]:8000', 'https+unix://%2Frun%2Fapp.sock')
    """
    path = unix_path(host)
    if path is not None:
        from urllib.parse import quote  # loaded by those who have such a socket

        return f"{scheme}+unix://{quote(path, safe='')}"
    host = _EVERYWHERE.get(host, host)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def same_place(host: str, other: str) -> bool:
    """Whether two servers on one port, or without any, would be in each other's way.

    >>> same_place("127.0.0.1", "0.0.0.0"), same_place("127.0.0.1", "::1")
    (True, False)
    """
    if host.startswith(UNIX) or other.startswith(UNIX):
        return host == other
    return "::" in (host, other) or (":" in host) == (":" in other)


def client_address(peer: Any) -> tuple[str, int]:
    """The client's (host, port), of what the socket says; ("", 0) of one that has none.

    Such is a Unix socket's client, and one that has gone already.
    """
    if isinstance(peer, tuple) and len(peer) >= 2:
        return peer[0], peer[1]
    return "", 0
