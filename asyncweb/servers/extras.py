"""What a server can be given beside its app, its address and its limits.

Rule: each is off, or as the system has it, until somebody asks for it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias, TypedDict

from asyncweb.errors import ServerError
from asyncweb.servers.nearest import nearest
from asyncweb.servers.options import SocketOptions

if TYPE_CHECKING:
    from asyncweb.servers.tls import Tls

# True: standard error; a path: a file, which is appended to; or an open text stream.
LogTarget: TypeAlias = bool | str | PathLike[str] | TextIO


class Extras(TypedDict, total=False):
    """The further arguments of AsyncServer and ThreadServer."""

    socket_options: SocketOptions
    tls: Tls | ssl.SSLContext | tuple[str, str] | None  # a tuple: (certificate, key), two files
    access_log: LogTarget


def checked_extras(given: Mapping[str, Any], engine: str) -> dict[str, Any]:
    """All of them, those that were not given among them, for a server of that `engine`.

    Raises TypeError for what is none of them, ValueError for what that engine cannot do.

    >>> checked_extras({"tsl": None}, "async")
    Traceback (most recent call last):
    TypeError: a server takes no argument 'tsl'; did you mean 'tls'?
    """
    for name in given:
        if name not in Extras.__annotations__:
            near = nearest(name, [*Extras.__annotations__, *_PLAIN])
            hint = f"; did you mean {near!r}?" if near else ""
            hint = ": write Settings.read(...).server(app)" if name == "settings" else hint
            raise TypeError(f"a server takes no argument {name!r}{hint}")
    options = given.get("socket_options") or SocketOptions()
    if not isinstance(options, SocketOptions):
        raise TypeError(f"socket_options={options!r}: expected SocketOptions(...)")
    if engine == "async" and options.linger_s:
        raise ValueError(
            f"linger_s={options.linger_s}: to wait for one client at its close would hold up all "
            "others on an event loop; use ThreadServer, or linger_s=0"
        )
    return {
        "socket_options": options,
        "tls": _checked_tls(given.get("tls")),
        "access_log": _checked_log(given.get("access_log", False)),
    }


def check_can_travel(tls: object, log: object) -> None:
    """Raises ServerError for what was made here and cannot be sent to a process."""
    if isinstance(tls, ssl.SSLContext):
        raise ServerError(
            "an ssl.SSLContext cannot be sent to another process; give the files instead: "
            "tls=Tls('cert.pem', 'key.pem')"
        )
    if hasattr(log, "write"):
        raise ServerError(
            "an open file cannot be sent to another process; give its path instead: "
            "access_log='access.jsonl'"
        )


_PLAIN = ("host", "port", "name", "limits", "keep_alive", "observer", "max_threads", "queue")


def server_context(tls: Tls | ssl.SSLContext | None) -> ssl.SSLContext | None:
    """The context to serve with; None for a server that does not encrypt."""
    return tls if tls is None or isinstance(tls, ssl.SSLContext) else tls.context()


def _checked_tls(tls: Any) -> Tls | ssl.SSLContext | None:
    if tls is None:
        return None
    from asyncweb.servers.tls import Tls  # loaded by those who encrypt

    if isinstance(tls, tuple) and len(tls) == 2:
        return Tls(*tls)
    if isinstance(tls, Tls | ssl.SSLContext):
        return tls
    raise TypeError(
        f"tls={tls!r}: expected ('cert.pem', 'key.pem'), a Tls or an ssl.SSLContext; "
        "for a try at home: Tls.self_signed()"
    )


def _checked_log(log: Any) -> LogTarget:
    if log is None:
        return False
    if isinstance(log, bool | str | PathLike) or hasattr(log, "write"):
        return log  # type: ignore[no-any-return]
    raise TypeError(f"access_log={log!r}: expected True, a path or an open text file")
