"""What the tests share: servers of every kind, and a client that says exactly what it is told.

`serve` gives a test one started server and runs the test again for each kind of server.
"""

from __future__ import annotations

import contextlib
import gc
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from asyncweb import App, AsyncServer, ThreadServer, events
from asyncweb.gateways import asgi_channel
from asyncweb.instruments import ScriptedClient
from asyncweb.servers import aio, registry, sweep, thread_door
from asyncweb.servers.base import Server
from asyncweb.servers.poller import SelectorPoller, new_poller
from asyncweb.testing.answer import Answer

collect_ignore = ["benchmarks", "hosts.py"]  # no tests in there, and imports of extras
PATIENCE_S = 10.0  # no test waits for so long, unless it is about to fail

KINDS = {
    "uvloop": (AsyncServer, {}),
    "asyncio": (AsyncServer, {}),
    "threads": (ThreadServer, {}),
    "pool": (ThreadServer, {"max_threads": 4}),
    "elsewhere": (ThreadServer, {"max_threads": 4}),  # where there is no epoll
}
THREADED = ("threads", "pool", "elsewhere")
HOSTS = ("asgi", "wsgi")  # servers of others, see tests/hosts.py
LONGER = ("asyncio", "pool", "elsewhere", *HOSTS)  # run by .ci/run only
WHERE = (  # a server may run; settings of `start`
    pytest.param({}, id="here"),
    pytest.param({"process": True}, id="own process"),
    pytest.param({"workers": 2}, id="workers", marks=pytest.mark.slow),
)
ONE_OF_EACH = {"async": AsyncServer, "threads": ThreadServer}


def eventually(condition: Callable[[], object], within_s: float = PATIENCE_S) -> None:
    """Returns when `condition()` holds; fails when it does not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "what should have happened has not"
        threading.Event().wait(0.001)


def nobody_can_end(kind: str) -> contextlib.AbstractContextManager[object]:
    """A stop with a handler at work, which is warned of where it is a thread that goes on."""
    if kind in THREADED:
        return pytest.warns(RuntimeWarning, match="has not ended: .*It is left behind")
    return contextlib.nullcontext()


def is_free(port: int) -> bool:
    """Whether nobody listens on `port`."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


class Peer(ScriptedClient):
    """A client that sends the bytes it is told to, and reads answers one by one."""

    def get(self, path: str = "/") -> Answer:
        return self.send(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode()).answer()

    says_no_more = ScriptedClient.half_close
    leave = ScriptedClient.close
    vanish = ScriptedClient.reset


@pytest.fixture
def peer() -> Iterator[Callable[[Server], Peer]]:
    """Connects to a server; every connection is closed after the test."""
    peers: list[Peer] = []

    def connect(server: Server) -> Peer:
        peers.append(Peer(server.port))
        return peers[-1]

    yield connect
    for one in peers:
        one.leave()


def pytest_configure() -> None:
    """Hears Ctrl-C, which a shell lets its background jobs ignore, and so all that they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """All tests are done by two processes at a time; a few that were named are sooner done by one.

    More would measure each other.
    """
    return 2 if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_sessionstart() -> None:
    """Lets nobody look for garbage among what is collected: it stays to the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Looks for garbage again, but not among ten thousand tests each time."""
    gc.freeze()
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs a test on each kind of server, and on hosts of others where its module says so.

    A module whose tests speak HTTP to an App has HOSTS_EXCUSED: what hosts need not pass, and why;
    and HOSTS, when not all of them can do what it is about.
    """
    given = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    is_own = hasattr(metafunc.module, "kind") or any("kind" in names for names in given)
    if "kind" in metafunc.fixturenames and not is_own:
        excused = hasattr(metafunc.module, "HOSTS_EXCUSED")
        hosts = getattr(metafunc.module, "HOSTS", HOSTS) if excused else ()
        kinds = [_marked(kind) for kind in (*KINDS, *hosts)]
        metafunc.parametrize("kind", kinds, indirect=True)


def _marked(kind: str) -> object:
    return pytest.param(kind, marks=pytest.mark.slow if kind in LONGER else ())


@pytest.fixture
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of server, the event loop of the standard library among them, and hosts."""
    if request.param in HOSTS:
        _excuse(request, request.param)
    choose(request.param, monkeypatch)
    return str(request.param)


def choose(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the servers that are started from now on of this kind."""
    monkeypatch.setenv("ASYNCWEB_LOOP", "asyncio" if kind == "asyncio" else "")
    poller = SelectorPoller if kind == "elsewhere" else new_poller
    monkeypatch.setattr(thread_door, "new_poller", poller)


def _excuse(request: pytest.FixtureRequest, host: str) -> None:
    """Skips what HOSTS_EXCUSED names: a test or a parameter of one, alone or as "host: name"."""
    names = [request.function.__name__]
    for value in request.node.callspec.params.values():
        names.append(getattr(value, "__name__", str(value)))
    excused = request.module.HOSTS_EXCUSED
    for name in names:
        for spelled in (name, f"{host}: {name}"):
            if spelled in excused:
                pytest.skip(excused[spelled])


@pytest.fixture
def serve(kind: str) -> Iterator[Callable[..., Server]]:
    """Starts a server of this kind for an app; it is stopped after the test."""
    servers: list[Server] = []

    def start(
        app: App, *, process: bool = False, workers: int | None = None, **settings: object
    ) -> Server:
        if kind in HOSTS:
            from tests.hosts import start_host

            servers.append(start_host(kind, app, **settings))
            return servers[-1]
        make, defaults = KINDS[kind]
        servers.append(make(app, **{**defaults, **settings}))
        servers[-1].start(process=process, workers=workers)
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def fast_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the servers look at their clients' patience all the time."""
    monkeypatch.setattr(sweep, "SWEEP_S", 0.005)
    monkeypatch.setattr(aio, "BEAT_S", 0.005)
    monkeypatch.setattr(sweep, "LOOK_S", 0.005)
    monkeypatch.setattr(asgi_channel, "LOOK_S", 0.005)
    monkeypatch.setattr(events, "LEAST_HEARTBEAT_S", 0.0)


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """After each test no server runs and none of its threads is left."""
    before = set(threading.enumerate())  # those of fixtures that serve a whole module
    yield
    left = registry.running()
    registry.stop_all()
    assert not left, f"still running: {left}"
    threads = [
        thread
        for thread in set(threading.enumerate()) - before
        if thread.name.startswith("asyncweb")
    ]
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not any(thread.is_alive() for thread in threads), f"still alive: {threads}"
