"""What a load test shall do, checked before anything is started.

Rule: values only; a plan that makes no sense cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from asyncweb.errors import LoadError
from asyncweb.http.fields import Headers

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Plan:
    """A closed loop: each connection asks, waits for the whole answer, and asks again.

    The run ends after `duration_s` seconds, or, if that comes first, after `requests` requests.

    >>> plan = Plan("http://127.0.0.1:8000/users/1", connections=200, duration_s=5)
    >>> plan.host, plan.port, plan.request_bytes()
    ('127.0.0.1', 8000, b'GET /users/1 HTTP/1.1\\r\\nhost: 127.0.0.1:8000\\r\\n\\r\\n')
    """

    url: str
    connections: int = 50
    duration_s: float = 10.0
    requests: int | None = None
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    keep_alive: bool = True
    timeout_s: float = 10.0  # for a connection to be made, and for an answer to be whole

    def __post_init__(self) -> None:
        url = self._split()
        if url.scheme != "http" or not url.hostname:
            raise LoadError(f"{self.url!r} cannot be loaded: expected http://host:port/path")
        self._check_at_least("connections", self.connections, 1)
        if self.requests is not None:
            self._check_at_least("requests", self.requests, 1)
        for name in ("duration_s", "timeout_s"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise LoadError(f"{name}={value!r}: expected seconds above 0")
        if self.method not in METHODS:
            raise LoadError(f"method={self.method!r}: expected one of {', '.join(METHODS)}")
        self.request_bytes()

    @property
    def host(self) -> str:
        """The host to connect to."""
        return self._split().hostname or ""

    @property
    def port(self) -> int:
        """The port to connect to; 80 when the URL names none."""
        return self._split().port or 80

    def request_bytes(self) -> bytes:
        """The request, as each connection sends it. Raises LoadError for a header HTTP forbids."""
        url = self._split()
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        if not target.isascii() or any(character <= " " for character in target):
            raise LoadError(f"{target!r} must be percent-encoded, e.g. by urllib.parse.quote")
        try:
            headers = Headers({"host": url.netloc.rpartition("@")[2], **self.headers})
        except ValueError as error:
            raise LoadError(str(error)) from None
        if self.body or self.method in ("POST", "PUT", "PATCH"):
            headers["content-length"] = str(len(self.body))
        if not self.keep_alive:
            headers["connection"] = "close"
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.fields())
        return f"{self.method} {target} HTTP/1.1\r\n{fields}\r\n".encode("latin-1") + self.body

    def _split(self) -> SplitResult:
        try:
            url = urlsplit(self.url)
            _ = url.port
        except ValueError as error:
            raise LoadError(f"{self.url!r} is no URL: {error}") from None
        return url

    def _check_at_least(self, name: str, value: object, least: int) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise LoadError(f"{name}={value!r}: expected a whole number, {least} or more")
