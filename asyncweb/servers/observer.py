"""What a server tells about itself while it works.

Rule: the engines call these methods and know nothing of what listens; each costs well under a
microsecond, because it runs once per request. One server has one observer.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from asyncweb.connection import Connection
from asyncweb.http.messages import Request
from asyncweb.loopless import is_own

if TYPE_CHECKING:
    from asyncweb.servers.blocking import Block

ERRORS_KEPT = 50
BLOCKS_KEPT = 10
NOTED = 200  # of one kind, before they are counted
Kind: TypeAlias = tuple[str, int]  # of answers: their route and status


class Failure(NamedTuple):
    """A handler that raised: what was asked, the error in one line, its traceback, and when.

    The moment tells two apart that are alike in all else.

    >>> failure = Failure.of(Request("GET", "/tea"), KeyError("tea"))
    >>> failure.request, failure.error
    ('GET /tea', "KeyError: 'tea'")
    """

    request: str  # "GET /users/1"
    error: str  # "ZeroDivisionError: division by zero"
    traceback: str
    raised_at: float  # in seconds since the epoch

    @classmethod
    def of(cls, request: Request | str, error: BaseException) -> Failure:
        """The failure of `request` with `error`; the traceback begins in the handler."""
        summary = "".join(traceback.format_exception_only(error)).strip()
        trace = error.__traceback__
        while trace is not None and is_own(trace.tb_frame):
            trace = trace.tb_next
        if isinstance(request, Request):
            request = f"{request.method} {request.raw_path}"
        lines = traceback.format_exception(type(error), error, trace or error.__traceback__)
        return cls(request, summary, "".join(lines), time.time())


class Observer:
    """Counts answers; keeps the last failures.

    An answer is noted first, and counted with others of its kind: noting is one append, which
    no thread can interrupt.

    >>> from asyncweb.servers.blocking import Block
    >>> class Loud(Observer):
    ...     def failed(self, failure):
    ...         print("failed:", failure.error)
    >>> observer = Loud()
    >>> observer.ended("/users/{id:int}", 200, seconds=0.002)
    >>> observer.failed(Failure.of("on_connect", KeyError("tea")))
    failed: KeyError: 'tea'
    >>> observer.lagged(0.001)  # this one does not mind
    >>> observer.collected(0.002)
    >>> observer.blocked(Block("tea", "app.py", 7, "sleep(1)", began=0.0, seconds=0.2))
    >>> observer.keep([])
    >>> stats = observer.stats()
    >>> stats["requests"], stats["statuses"], stats["blocks"][0]["function"]
    (1, {200: 1}, 'tea')
    >>> observer.tell(observer.counts()) == stats
    True
    """

    def __init__(self) -> None:
        self.requests = 0
        self.statuses: Counter[int] = Counter()
        self.errors: deque[Failure] = deque(maxlen=ERRORS_KEPT)
        self._blocks: deque[Block] = deque(maxlen=BLOCKS_KEPT)
        self._notes: dict[Kind, list[float]] = {}  # seconds
        self._counting = threading.Lock()  # `+=` of two threads may lose one

    def ended(self, route: str, status: int, seconds: float) -> None:
        """A request's answer was handed to the socket, `seconds` after it began.

        `route` is the pattern that matched ("/users/{id:int}"), empty when none did.
        """
        kind = route, status
        notes = self._notes.get(kind)
        if notes is None:
            notes = self._notes.setdefault(kind, [])
        notes.append(seconds)
        if len(notes) >= NOTED:
            self._count(kind, notes)

    def failed(self, failure: Failure) -> None:
        """A handler raised something no error handler took."""
        self.errors.append(failure)

    def keep(self, failures: Sequence[Failure]) -> None:
        """Takes the last of `failures` for its own: those of processes that have ended."""
        self.errors = deque(failures, maxlen=ERRORS_KEPT)

    def lagged(self, seconds: float) -> None:
        """The event loop came to its heartbeat `seconds` late. Never called by a thread server."""

    def collected(self, seconds: float) -> None:
        """Python's garbage collector has held up every thread for so long."""

    def blocked(self, block: Block) -> None:
        """Something holds up the event loop; told again, with more seconds, while it does."""
        if self._blocks and self._blocks[-1].began == block.began:
            self._blocks.pop()
        self._blocks.append(block)

    def stats(self) -> dict[str, Any]:
        """The counts now, in plain values: whoever counts more overrides `counts` and `tell`.

        `blocks` are the last ones of the event loop, the oldest first; see `Block`.
        """
        return self.tell(self.counts())

    def counts(self) -> dict[str, Any]:
        """The counts now, as they travel between processes and are added up: see `tell`.

        The server holds still for this, so nothing is computed that whoever asks can compute.
        """
        for kind, notes in self._notes.copy().items():
            self._count(kind, notes)
        return {
            "requests": self.requests,
            "statuses": dict(self.statuses),
            "blocks": [block._asdict() for block in tuple(self._blocks)],
        }

    def tell(self, counts: dict[str, Any]) -> dict[str, Any]:
        """What `counts` say in plain values, those of this server or of several of its kind."""
        return counts

    def _count(self, kind: Kind, notes: list[float]) -> None:
        route, status = kind
        with self._counting:
            durations = notes[:]
            del notes[: len(durations)]  # others may have been added meanwhile
            if durations:
                self.requests += len(durations)
                self.statuses[status] += len(durations)
                self._keep(route, durations)

    def _keep(self, route: str, durations: Sequence[float]) -> None:
        """Remembers how long answers took, in seconds. This observer does not."""

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_counting"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _counting=threading.Lock())


class Client(Protocol):
    """One client, whoever serves it."""

    connection: Connection


def presence(clients: Sequence[Client], queued: int = 0) -> dict[str, int]:
    """How many clients there are, of how many a request is being answered, and how many wait."""
    answering = sum(client.connection.answering for client in clients)
    return {"connections": len(clients), "in_flight": answering, "queued": queued}
