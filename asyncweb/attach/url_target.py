"""A URL as the live view looks at it: asked gently, and its process looked at if it is here.

Rule: what is shown is this probe's own experience, and it says so; a few requests a second cannot
tell how many others are served.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from string import punctuation
from typing import Any
from urllib.parse import quote, urlsplit

from asyncweb.attach.listening import listener_at
from asyncweb.attach.process_target import ProcessTarget
from asyncweb.errors import ServerError
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.probes import ProcessUse

EVERY_S = 0.25
TIMEOUT_S = 5.0
MOST_BYTES = 1024 * 1024  # of a body; a stream may have no end
FAILURES = (OSError, http.client.HTTPException)


class UrlTarget:
    """Asks `url` four times a second from `start` to `close`.

    Raises ValueError for what is no http URL, ServerError when nobody answers the first time.
    """

    in_own_process = False
    pid = 0
    is_alive = True  # it may come back; its errors are counted meanwhile

    def __init__(self, url: str, insecure: bool = False):
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url}: expected http://HOST[:PORT]/ or https://..., or a process id")
        self.url = url
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self._host = parts.hostname
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._path = quote(path, safe=punctuation)  # what is encoded already stays as it is
        where = parts.netloc.rpartition("@")[2]
        self.name = where if self._path == "/" else where + self._path
        self._tls = _context(insecure) if parts.scheme == "https" else None
        self._client: http.client.HTTPConnection | None = None
        self._latency = Histogram()
        self._statuses: Counter[int] = Counter()
        self._errors: Counter[str] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._probe, name="asyncweb-probe", daemon=True)
        self._ask_first()
        pid = listener_at(self._host, self.port)
        self.process = ProcessTarget(pid) if pid is not None else None
        self.engine = "process" if self.process else "url"

    def start(self) -> None:
        """Begins to ask."""
        self._thread.start()

    def close(self) -> None:
        """Asks no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._drop_client()

    def counts(self) -> dict[str, Any]:
        """The probe's latency and answers; the connections of the process, the probe's too."""
        return {
            "requests": None,  # how many others ask cannot be seen from here
            "statuses": dict(self._statuses),
            "errors": dict(self._errors),
            "connections": self.process.connections() if self.process else None,
            "in_flight": None,
            "routes": {self._path: self._latency} if self._latency.count else {},
        }

    def use(self) -> ProcessUse | None:
        """What the process that listens there uses, if it is here."""
        return self.process.use() if self.process else None

    def note(self) -> str:
        """What the latencies are, and what more could be seen."""
        probe = f"latency: of a probe from here, GET {self._path} {1 / EVERY_S:.0f} times a second"
        if self.process is None:
            return f"{probe}; its process cannot be seen from here"
        more = f"; its own figures: asyncweb top {self.process.pid}"
        return probe + (more if self.process.has_door else "")

    # ------------------------------------------------------------------ the probe

    def _ask_first(self) -> None:
        try:
            self._ask()
        except FAILURES as error:
            self._drop_client()
            raise ServerError(
                f"{self.url} does not answer: {_reason(error)}; start the server, or give the URL "
                "that it says" + _way_out(error)
            ) from None

    def _probe(self) -> None:
        due_s = time.monotonic()
        while not self._over.wait(max(due_s - time.monotonic(), 0.0)):
            due_s = max(due_s + EVERY_S, time.monotonic())  # what was missed is not made up for
            try:
                self._ask()
            except FAILURES as error:
                self._drop_client()
                self._errors[_reason(error)] += 1

    def _ask(self) -> None:
        is_kept = self._client is not None
        try:
            status, seconds = self._answer()
        except ConnectionError:
            self._drop_client()
            if not is_kept:
                raise
            status, seconds = self._answer()  # it was kept for too long, which is no failure
        self._statuses[status] += 1
        self._latency.record(seconds)

    def _answer(self) -> tuple[int, float]:
        """The status of an answer, and how long it took on a connection that is there."""
        client = self._client = self._client or self._new_client()
        if client.sock is None:
            client.connect()
        began = time.perf_counter()
        client.request("GET", self._path, headers={"user-agent": "asyncweb-top"})
        answer = client.getresponse()
        ends_by = began + TIMEOUT_S
        size = 0
        while size < MOST_BYTES and time.perf_counter() < ends_by and (piece := answer.read1()):
            size += len(piece)
        seconds = time.perf_counter() - began
        if not answer.isclosed():
            self._drop_client()
        return answer.status, seconds

    def _new_client(self) -> http.client.HTTPConnection:
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self.port, timeout=TIMEOUT_S)
        return http.client.HTTPSConnection(
            self._host, self.port, timeout=TIMEOUT_S, context=self._tls
        )

    def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _context(insecure: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing within {TIMEOUT_S:.0f} s"
    text = error.strerror if isinstance(error, OSError) else str(error)
    return (text or type(error).__name__).lower()


def _way_out(error: Exception) -> str:
    is_certificate = isinstance(error, ssl.SSLCertVerificationError)
    return "; --insecure trusts any certificate" if is_certificate else ""
