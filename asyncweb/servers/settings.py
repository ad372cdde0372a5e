"""The settings of a server, from a file, from the environment, from a program.

Rule: what is not known is refused by its name, with the name that was probably meant; what is
known is checked here, so that a mistake is told with the place where it was written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any

from asyncweb.errors import SettingsError
from asyncweb.guests.guest import engine_for
from asyncweb.http.limits import Limits
from asyncweb.servers.options import SocketOptions
from asyncweb.servers.schema import Kind, Schema

if TYPE_CHECKING:
    from asyncweb.app import App
    from asyncweb.servers.base import Server
    from asyncweb.servers.tls import Tls

PREFIX = "ASYNCWEB_"
OTHERS = {"GRADING", "LOOP", "QUICK"}  # variables that are no settings of a server
OF_THREADS = ("max_threads", "queue")
_PRESETS: dict[str, Callable[..., Limits]] = {
    "standard": Limits,
    "strict": Limits.strict,
    "relaxed": Limits.relaxed,
}


def _limits() -> dict[str, Kind]:
    return {"preset": tuple(_PRESETS), **Schema.of(Limits)}


def _socket_options() -> dict[str, Kind]:
    return Schema.of(SocketOptions)


def _tls() -> dict[str, Kind]:
    from asyncweb.servers.tls import Tls  # loaded by those who encrypt

    return {"self_signed": "bool", **Schema.of(Tls)}


_SCHEMA = Schema(
    {
        "engine": ("async", "threads"),
        "workers": "int",
        "host": "str",
        "port": "int",
        "name": "str",
        "keep_alive": "bool",
        "access_log": "bool | str",
        "max_threads": "int",
        "queue": "int",
    },
    {"limits": _limits, "socket_options": _socket_options, "tls": _tls},
)


class Settings:
    """What is asked of a server, as far as it was written: `file | environment | arguments`.

    The names are those of the constructors: `port`, `limits.body_bytes`, `socket_options.ttl`,
    `tls.cert`; and `engine`, `workers`, `limits.preset` ("strict"), `tls.self_signed`. In a TOML
    or JSON file what stands before the dot is a table; as a variable, it is all one name:
    `ASYNCWEB_SOCKET_OPTIONS_TTL`.

    >>> settings = Settings.of({"port": 8000, "limits": {"preset": "strict"}}) | Settings.of(
    ...     {"port": 9000})
    >>> settings.values
    {'port': 9000, 'limits': {'preset': 'strict'}}
    >>> more = settings | Settings.from_environment({"ASYNCWEB_WORKERS": "2"})
    >>> from asyncweb import App
    >>> server = more.server(App())
    >>> server.given_port, server.limits.idle_s, more.workers
    (9000, 5.0, 2)
    """

    def __init__(self, values: Mapping[str, Any] | None = None):
        self.values: dict[str, Any] = dict(values or {})

    @classmethod
    def of(cls, mapping: Mapping[str, Any], where: str = "settings") -> Settings:
        """Those in `mapping`; None is not given. Raises SettingsError that names `where`."""
        return cls(_SCHEMA.checked(mapping, where))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Settings:
        """Those in a file, `.toml` or `.json`. Raises SettingsError that names it.

        >>> import tempfile
        >>> from pathlib import Path
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder, "server.toml")
        ...     _ = file.write_text("port = 8000\\n[limits]\\nidle_s = 60.0")
        ...     Settings.read(file)
        Settings({'port': 8000, 'limits': {'idle_s': 60.0}})
        """
        from asyncweb.servers.settings_file import read_file  # loaded by those who have one

        return cls.of(read_file(path), os.fspath(path))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Those in `ASYNCWEB_*` variables, by default the process's. Raises SettingsError."""
        environment = os.environ if environment is None else environment
        texts = {
            name.removeprefix(PREFIX): text
            for name, text in environment.items()
            if name.startswith(PREFIX) and text
        }
        known = {name: text for name, text in texts.items() if name not in OTHERS}
        return cls(_SCHEMA.from_texts(known, PREFIX))

    def __or__(self, other: Settings) -> Settings:
        """Both; where they differ, `other` wins, table by table and key by key."""
        merged = dict(self.values)
        for name, value in other.values.items():
            is_table = isinstance(value, dict)
            before = merged.get(name, {})
            if name == "tls":
                before = _compatible(before, value)
            merged[name] = {**before, **value} if is_table else value
        return Settings(merged)

    @property
    def workers(self) -> int | None:
        """What `start(workers=...)` is to be told."""
        return self.values.get("workers")

    def server(self, app: App | Callable[..., Any], **arguments: Any) -> Server:
        """A server for `app`, not started yet; `arguments` of its constructor win over these.

        Raises SettingsError, or what the constructor raises.
        """

        engine = self.values.get("engine") or engine_for(app)
        plain = {
            name: value
            for name, value in self.values.items()
            if name not in ("engine", "workers") and not isinstance(value, dict)
        }
        wrong = [name for name in OF_THREADS if name in plain and engine == "async"]
        if wrong:
            raise SettingsError(f"{wrong[0]} is for engine = 'threads'; the event loop has none")
        kind = _kind(engine)
        return kind(app, **{**plain, **self._groups(), **arguments})

    def _groups(self) -> dict[str, Any]:
        made = {"limits": _made_limits, "socket_options": _made_options, "tls": _made_tls}
        return {name: make(self.values[name]) for name, make in made.items() if name in self.values}

    def __repr__(self) -> str:
        shown = {name: value for name, value in self.values.items() if name != "tls"}
        tls = dict(self.values.get("tls", {}))
        if "password" in tls:
            tls["password"] = "..."
        return f"Settings({shown | ({'tls': tls} if tls else {})!r})"


def _compatible(tls: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """What of `tls` still holds: a certificate of one's own, or one that signs itself."""
    if later.get("self_signed"):
        return {}
    own = "cert" in later
    return {name: value for name, value in tls.items() if not (own and name == "self_signed")}


def _made_limits(values: Mapping[str, Any]) -> Limits:
    values = dict(values)
    return _PRESETS[values.pop("preset", "standard")](**values)


def _made_options(values: Mapping[str, Any]) -> SocketOptions:
    return SocketOptions(**values)


def _made_tls(values: Mapping[str, Any]) -> Tls | None:
    from asyncweb.servers.tls import Tls

    values = dict(values)
    is_self_signed = values.pop("self_signed", False)
    if is_self_signed and values:
        raise SettingsError("tls.self_signed makes its own certificate: give no cert and no key")
    if is_self_signed:
        return Tls.self_signed()
    if not values:
        return None
    missing = [name for name in ("cert", "key") if name not in values]
    if missing:
        raise SettingsError(f"tls.{missing[0]} is missing: TLS needs a certificate and its key")
    return Tls(**values)


def _kind(engine: str) -> type[Server]:
    if engine == "async":
        from asyncweb.servers.aio import AsyncServer

        return AsyncServer
    from asyncweb.servers.threads import ThreadServer

    return ThreadServer
