"""The access log: one line for each answer that was begun, for those who ask for it.

Rule: whoever answers only notes it. A thread of the log's own spells the notes and writes them a
moment later; when it cannot follow, the oldest are dropped, and their number is told.
What stands in a query string never reaches a log: secrets travel there.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from asyncweb.context import Context
from asyncweb.errors import ServerError
from asyncweb.http.messages import Response
from asyncweb.servers import registry

if TYPE_CHECKING:
    from asyncweb.servers.extras import LogTarget

WAITING = 20_000  # notes that are not written yet
SHOWN = 100  # lines that a notebook is shown
PAUSE_S = 0.1


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer, as a line of JSON has it. Of bytes that were no request, method and path are "-".

    A line has `broken` only when it is true: the client has left, or the stream has raised, before
    the whole answer was handed to the socket. Its `bytes` are then those that were on their way.
    """

    time: str  # "2026-11-24T16:31:55.123Z", when the answer was handed to the socket
    client: str | None  # "127.0.0.1:50000"; None on a Unix socket
    method: str
    path: str  # as it was sent, without the query
    status: int
    bytes: int  # of the body
    ms: float  # from the request's arrival to the answer
    engine: str
    broken: bool = False

    def __str__(self) -> str:
        size = f"{self.bytes:,} B broken off" if self.broken else f"{self.bytes:,} B"
        return (
            f"{self.time[11:19]} {self.client or 'unix'} {self.method} {self.path} "
            f"{self.status} {size} {self.ms:,.1f} ms {self.engine}"
        )

    def to_dict(self) -> dict[str, Any]:
        """What the line of JSON has."""
        line = asdict(self)
        if not self.broken:
            del line["broken"]
        return line


class AccessLog:
    """Takes notes from every thread; writes JSON lines, or colours where people watch."""

    def __init__(self, target: LogTarget, engine: str):
        self._engine = engine
        self._notes: deque[tuple[Any, ...]] = deque(maxlen=WAITING)
        self._numbers = itertools.count()  # a thread that takes one cannot be interrupted
        self._next = 0  # the number of the note to be written next
        self.shown: deque[Entry] = deque(maxlen=SHOWN)
        self._file, self._is_own = _open(target)
        self._print = _printer(self._file)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write, name="asyncweb-log", daemon=True)
        self._thread.start()

    def answered(
        self, ctx: Context, response: Response, seconds: float, broken: bool = False
    ) -> None:
        """Notes that `ctx` has got `response`, or, if it is `broken`, a part of it."""
        request, body = ctx.request, response.body
        if isinstance(body, bytes):
            size = 0 if request.method == "HEAD" else len(body)
        else:
            size = request.link.connection.streamed_bytes  # type: ignore[union-attr]
        where = (request.client, request.method, request.raw_path)
        self._note(*where, response.status, size, seconds, broken)

    def refused(self, address: tuple[str, int], response: Response) -> None:
        """Notes that the client at `address`, who has asked nothing, has got `response`."""
        client = address if address[0] else None
        self._note(client, "-", "-", response.status, len(response.body), 0.0, False)  # type: ignore[arg-type]

    def close(self) -> None:
        """Writes what was noted, and ends."""
        self._closing.set()
        self._thread.join()
        if self._is_own and self._file is not None:
            self._file.close()

    def _note(self, *what: Any) -> None:
        self._notes.append((next(self._numbers), time.time(), *what))

    # ------------------------------------------------------------------ in the thread

    def _write(self) -> None:
        while not self._closing.wait(PAUSE_S):
            self._write_notes()
        self._write_notes()

    def _write_notes(self) -> None:
        entries: list[Entry | str] = list(self._take_all())
        if entries and self._file is not None:
            with contextlib.suppress(OSError, ValueError):  # a full disk must not end the serving
                self._print(entries)

    def _take_all(self) -> Iterator[Entry | str]:
        for _ in range(len(self._notes)):
            number, *note = self._notes.popleft()
            if number > self._next:
                yield f"{number - self._next} answers were dropped: too many to write"
            self._next = number + 1
            entry = self._entry(*note)
            self.shown.append(entry)
            yield entry

    def _entry(self, at: float, client: Any, *what: Any) -> Entry:
        method, path, status, size, seconds, broken = what
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        return Entry(
            time=moment.replace("+00:00", "Z"),
            client=_spelled(client) if client else None,
            method=method,
            path=path,
            status=status,
            bytes=size,
            ms=round(seconds * 1000, 3),
            engine=self._engine,
            broken=broken,
        )


def _spelled(client: tuple[str, int]) -> str:
    host, port = client
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _open(target: LogTarget) -> tuple[TextIO | None, bool]:
    """The stream to write to, and whether it is ours to close."""
    if target is True:
        # In a notebook, what a thread prints lands in some other cell. The server shows it.
        return (None if registry.current_cell()[0] else sys.stderr), False
    if isinstance(target, bool) or hasattr(target, "write"):
        return target or None, False  # type: ignore[return-value]
    try:
        return open(target, "a", encoding="utf-8"), True
    except OSError as error:
        raise ServerError(f"cannot write the access log {target}: {error.strerror}") from None


def _printer(file: TextIO | None) -> Callable[[list[Entry | str]], None]:
    if file is None:
        return lambda entries: None
    if file.isatty():
        from rich.console import Console

        console = Console(file=file, highlight=False, soft_wrap=True)
        return lambda entries: console.print(*map(_coloured, entries), sep="\n")

    def write_lines(entries: list[Entry | str]) -> None:
        lines = [one.to_dict() if isinstance(one, Entry) else {"note": one} for one in entries]
        file.write("".join(json.dumps(line) + "\n" for line in lines))
        file.flush()

    return write_lines


def _coloured(entry: Entry | str) -> Any:
    from rich.text import Text

    if isinstance(entry, str):
        return Text(entry, "yellow")
    colour = {2: "green", 3: "cyan", 4: "yellow"}.get(entry.status // 100, "bold red")
    text = Text(str(entry))
    text.highlight_words([f" {entry.status} "], colour)
    return text
