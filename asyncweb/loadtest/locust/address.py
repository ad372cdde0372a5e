"""Where a Locust master is, as it is spelled: locust://HOST:PORT.

Rule: this module opens nothing.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from dataclasses import dataclass
from urllib.parse import urlsplit

from asyncweb.errors import LoadError

DEFAULT_PORT = 5557


@dataclass(frozen=True, slots=True)
class Address:
    """A master's host and port.

    >>> Address.read("locust://10.0.0.7:5557"), str(Address.read("locust://[::1]"))
    (Address(host='10.0.0.7', port=5557), 'locust://[::1]:5557')
    """

    host: str
    port: int = DEFAULT_PORT

    @classmethod
    def read(cls, text: str) -> Address:
        """The address that `text` spells. Raises LoadError."""
        try:
            url = urlsplit(text)
            host, port = url.hostname, DEFAULT_PORT if url.port is None else url.port
        except ValueError:
            host = None
        if host is None or url.scheme != "locust" or url.path.strip("/"):
            raise LoadError(
                f"{text!r} is no engine: expected locust://HOST:PORT, where the master is, "
                f"e.g. locust://127.0.0.1:{DEFAULT_PORT}"
            )
        return cls(host, port)

    @property
    def endpoint(self) -> str:
        """As ZeroMQ spells it."""
        return f"tcp://{self._host}:{self.port}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def __str__(self) -> str:
        return f"locust://{self._host}:{self.port}"


def locust_version() -> str:
    """The release of Locust that is installed here. Raises LoadError when none is.

    Both sides ask for it: the master of a worker compares releases, and warns of a difference.
    """
    if not importlib.util.find_spec("locust"):
        raise LoadError('Locust is not installed: pip install "asyncweb[locust]"')
    return importlib.metadata.version("locust")
