"""What a load test shall do, checked before anything is started.

Rule: values only; a plan that makes no sense cannot be made, and none claims to ask for what comes
after its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urlsplit

from asyncweb.errors import LoadError
from asyncweb.loadtest.arrivals import Arrivals, Share, shape_s
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.function import Asking
from asyncweb.loadtest.websocket import check_message, handshake
from asyncweb.servers.tls import Tls

DEFAULT_S = 10.0
MOST_PIPELINED = 1000
MOST_WAITING = 10_000
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
ALONE = (0, 1)  # the part of the only process


@dataclass(frozen=True, slots=True)
class Plan:
    """A load, and when it ends: after `duration_s` seconds, or sooner after `requests` requests.
    Where no seconds are said it takes ten, or as long as its schedule.

    Without `arrivals` it is a closed loop: each connection asks, waits for the whole answer, thinks
    for `think_s` seconds, and asks again. With `arrivals` it is an open loop: requests are sent
    when they are due, whatever has been answered; one that is due while no connection is free
    waits for one, and when `max_waiting` of them wait, it is dropped and counted.

    The path of the URL may have the blanks of an Ask, which are filled in for each request.
    `mix` takes the place of `method`, `headers` and `body` where several kinds of request are
    asked; so does `ask`, a function that is called with the number of each request, from 0, and a
    random.Random, and gives an Ask or a path. It runs in the load's process, on its time. The first
    `warm_up_s` seconds are not counted.

    At a ws:// URL each connection becomes a WebSocket, sends `message` ("hello", if nothing is
    said), and takes the next message that comes as the answer; or, where the server also speaks
    unasked, the next that begins as `answer` says. `message` may have the blanks of an Ask;
    `headers` are those of the handshake.

    Over TLS the server's certificate is checked: by the PEM file `ca`, or by those this machine
    trusts, or not at all when the load is `insecure`. To a server that wants to know who asks,
    `identity` is shown.

    >>> plan = Plan("http://127.0.0.1:8000/users/1", connections=200, duration_s=5)
    >>> plan.host, plan.port, plan.authority, plan.target, [ask.method for ask in plan.asks]
    ('127.0.0.1', 8000, '127.0.0.1:8000', '/users/1', ['GET'])
    >>> plan.scheme, plan.is_secure, plan.is_websocket, plan.gathers
    ('http', False, False, True)
    >>> from asyncweb.loadtest.arrivals import stages
    >>> plan.lasts_s, Plan(plan.url).lasts_s, Plan(plan.url, arrivals=stages([(9, 30)])).lasts_s
    (5, 10.0, 30.0)
    >>> plan.schedule, Plan(plan.url, duration_s=2, arrivals=stages([(9, 30)])).schedule
    ('', 'the first 2 s of 9 requests/s for 30 s')
    """

    url: str
    connections: int = 50
    duration_s: float | None = None
    requests: int | None = None
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    keep_alive: bool = True
    timeout_s: float = 10.0  # for a connection to be made, and for an answer to be whole
    arrivals: Arrivals | None = None
    max_waiting: int = MOST_WAITING
    think_s: float = 0.0
    warm_up_s: float = 0.0
    pipelined: int = 1  # requests that a connection sends before it is answered
    mix: tuple[Ask, ...] = ()
    ask: Asking | None = None
    message: str | bytes = ""
    answer: str | bytes = ""
    seed: int = 0
    ca: str = ""
    insecure: bool = False
    identity: Tls | None = None
    part: tuple[int, int] = ALONE  # which of how many processes does it, see `shared`

    def __post_init__(self) -> None:
        url = self._split()
        if "://" not in self.url:
            raise LoadError(f"{self.url!r} has no scheme: expected http://{self.url.lstrip('/')}")
        if url.scheme not in DEFAULT_PORTS or not url.hostname:
            raise LoadError(
                f"{self.url!r} cannot be loaded: expected http://host:port/path, "
                "or https, ws or wss"
            )
        self._check_whole("connections", 1)
        self._check_whole("max_waiting", 0)
        self._check_whole("pipelined", 1)
        self._check_whole("seed", 0)
        if self.requests is not None:
            self._check_whole("requests", 1)
        if self.duration_s is not None:
            self._check_seconds("duration_s", above_0=True)
        self._check_seconds("timeout_s", above_0=True)
        for name in ("think_s", "warm_up_s"):
            self._check_seconds(name, above_0=False)
        self._check_sense()
        self._check_trust()
        self._check_websocket()
        for ask in self.asks:
            ask.speller(self.authority, self.target, self.keep_alive)

    @property
    def host(self) -> str:
        """The host to connect to."""
        return self._split().hostname or ""

    @property
    def port(self) -> int:
        """The port to connect to; 80 when the URL names none, or 443 over TLS."""
        url = self._split()
        return url.port or DEFAULT_PORTS[url.scheme]

    @property
    def scheme(self) -> str:
        """As in the URL."""
        return self._split().scheme

    @property
    def is_secure(self) -> bool:
        """Whether it goes over TLS."""
        return self.scheme in ("https", "wss")

    @property
    def is_websocket(self) -> bool:
        """Whether messages are sent on a WebSocket."""
        return self.scheme in ("ws", "wss")

    @property
    def authority(self) -> str:
        """The host and port as the URL names them, for the Host field."""
        return self._split().netloc.rpartition("@")[2]

    @property
    def target(self) -> str:
        """The path and query of the URL."""
        url = self._split()
        return (url.path or "/") + (f"?{url.query}" if url.query else "")

    @property
    def lasts_s(self) -> float:
        """Its seconds, when nothing ends it sooner."""
        if self.duration_s is not None:
            return self.duration_s
        return shape_s(self.arrivals) or DEFAULT_S

    @property
    def schedule(self) -> str:
        """Its arrivals in words, as far as it comes with them; "" of a closed loop."""
        if self.arrivals is None:
            return ""
        is_cut = shape_s(self.arrivals) > self.lasts_s
        return f"the first {self.lasts_s:g} s of {self.arrivals}" if is_cut else str(self.arrivals)

    @property
    def gathers(self) -> bool:
        """Whether each connection is answered once before the clock starts."""
        return self.requests is None or self.arrivals is not None or self.part != ALONE

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The kinds of request asked, each with its target; none of a WebSocket or a function."""
        if self.ask is not None or self.is_websocket:
            return ()
        kinds = self.mix or (Ask("", self.method, self.headers, self.body),)
        return tuple(replace(kind, target=kind.target or self.target) for kind in kinds)

    def shared(self, processes: int) -> list[Plan]:
        """The plans of several processes that together do this one. Raises LoadError.

        >>> plans = Plan("http://127.0.0.1:8000/", connections=5, requests=9).shared(2)
        >>> [(plan.connections, plan.requests, plan.part) for plan in plans]
        [(3, 5, (0, 2)), (2, 4, (1, 2))]
        """
        if processes == 1:
            return [self]
        for name in ("connections", "requests"):
            value = getattr(self, name)
            if value is not None and value < processes:
                raise LoadError(f"{name}={value} cannot be shared by {processes} processes")
        return [self._share(number, processes) for number in range(processes)]

    def _share(self, number: int, of: int) -> Plan:
        requests, arrivals = self.requests, self.arrivals
        return replace(
            self,
            connections=part_of(self.connections, number, of),
            requests=None if requests is None else part_of(requests, number, of),
            arrivals=None if arrivals is None else Share(arrivals, number, of),
            max_waiting=part_of(self.max_waiting, number, of),
            part=(number, of),
        )

    def _split(self) -> SplitResult:
        try:
            url = urlsplit(self.url)
            _ = url.port
        except ValueError as error:
            raise LoadError(f"{self.url!r} is no URL: {error}") from None
        return url

    def _check_whole(self, name: str, least: int) -> None:
        value = getattr(self, name)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise LoadError(f"{name}={value!r}: expected a whole number, {least} or more")

    def _check_seconds(self, name: str, above_0: bool) -> None:
        value = getattr(self, name)
        is_time = isinstance(value, int | float) and 0 <= value < float("inf")
        if not is_time or (above_0 and value == 0):
            wanted = "seconds above 0" if above_0 else "seconds, 0 or more"
            raise LoadError(f"{name}={value!r}: expected {wanted}")

    def _check_sense(self) -> None:
        """Raises LoadError for settings that contradict each other."""
        is_said = self.method != "GET" or self.headers or self.body
        if self.mix and is_said:
            raise LoadError("mix says what is asked: leave method, headers and body to its parts")
        if self.ask is not None and (self.mix or is_said):
            raise LoadError("ask says what is asked: leave mix, method, headers and body to it")
        if self.ask is not None and not callable(self.ask):
            raise LoadError(f"ask={self.ask!r}: expected a function of the number and the dice")
        if self.arrivals is not None and self.think_s:
            raise LoadError("think_s belongs to a closed loop: with arrivals, they say when to ask")
        if self.pipelined > MOST_PIPELINED:
            raise LoadError(f"pipelined={self.pipelined}: expected at most {MOST_PIPELINED}")
        if self.pipelined > 1 and not self.keep_alive:
            raise LoadError(f"pipelined={self.pipelined} needs connections that are kept alive")
        if self.pipelined > 1 and (self.arrivals is not None or self.think_s):
            raise LoadError("pipelined asks at once: it goes with neither arrivals nor think_s")
        if self.warm_up_s >= self.lasts_s:
            raise LoadError(
                f"warm_up_s={self.warm_up_s!r}: expected less than the duration, {self.lasts_s}"
            )

    def _check_trust(self) -> None:
        if not isinstance(self.ca, str):
            raise LoadError(f"ca={self.ca!r}: expected the path of a PEM file")
        if self.ca and self.insecure:
            raise LoadError("ca names whom to trust, insecure trusts everybody: give one of them")
        if not isinstance(self.identity, Tls | None):
            raise LoadError(f"identity={self.identity!r}: expected a Tls(cert, key)")
        if self.identity is not None and self.identity.ca is not None:
            raise LoadError("identity says who asks: name whom to trust with ca=, beside it")

    def _check_websocket(self) -> None:
        check_message("message", self.message)
        check_message("answer", self.answer)
        if not self.is_websocket:
            if self.message or self.answer:
                raise LoadError(
                    f"message and answer are for ws:// and wss://: send a body to {self.url}"
                )
            return
        if self.method != "GET" or self.body or self.mix or self.ask is not None:
            raise LoadError("a WebSocket sends message: leave method, body, mix and ask out")
        if not self.keep_alive:
            raise LoadError("keep_alive=False: a WebSocket is kept, or it is none")
        handshake(self)


def part_of(whole: int, number: int, of: int) -> int:
    """The share of one of several, which differ by one at most."""
    return whole // of + (number < whole % of)
