"""Before a load begins: whether one process can open so many connections."""

import pytest

from asyncweb import AsyncServer, load, race
from asyncweb.errors import LoadError
from asyncweb.lab.demo import Scenario, run_demo
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.size import SPARE_FILES, check_size
from asyncweb.servers import open_files
from asyncweb.servers.child import Child
from asyncweb.servers.open_files import allow_open_files, most_open_files

resource = pytest.importorskip("resource")  # Windows has no such limit
URL = "http://127.0.0.1:9/"


@pytest.fixture
def limits(monkeypatch):
    """The usual and the highest limit of this process, as far as anybody can see."""

    def pretend(usual, most, refuses_above=None):
        found = [(usual, most)]

        def set_limits(kind, wanted):
            if refuses_above is not None and wanted[0] > refuses_above:
                raise ValueError("current limit exceeds maximum limit")
            found[0] = wanted

        monkeypatch.setattr(open_files.resource, "getrlimit", lambda kind: found[0])
        monkeypatch.setattr(open_files.resource, "setrlimit", set_limits)
        return found

    return pretend


def test_as_many_connections_as_there_are_files_may_be_asked_for_and_not_one_more(limits):
    limits(256, 20_000)
    check_size(Plan(URL, connections=20_000 - SPARE_FILES))
    with pytest.raises(LoadError) as refusal:
        check_size(Plan(URL, connections=20_001 - SPARE_FILES))
    assert str(refusal.value) == (
        "connections=19901: a process here may open 20000 files, which is enough for 19900 "
        "connections; ask for fewer, or allow more first, e.g. `ulimit -n 20001`"
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda: load(URL, connections=901),
        lambda: race({"one": URL}, connections=901),
        lambda: run_demo(Scenario(connections=901)),
        lambda: run_demo(Scenario()),
    ],
    ids=["load", "race", "demo", "demo in steps"],
)
def test_a_load_that_is_too_large_is_refused_before_anything_starts(limits, ask, monkeypatch):
    monkeypatch.setattr(AsyncServer, "start", lambda *_, **__: pytest.fail("started"))
    limits(256, 1_000)
    with pytest.raises(LoadError, match="may open 1000 files"):
        ask()


def test_where_no_limit_is_known_nothing_is_refused(limits, monkeypatch):
    limits(256, resource.RLIM_INFINITY)
    check_size(Plan(URL, connections=10**6))
    monkeypatch.setattr(open_files, "resource", None)
    check_size(Plan(URL, connections=10**6))
    allow_open_files()


@pytest.mark.parametrize(
    ("usual", "most", "refuses_above", "then"),
    [
        (256, 20_000, None, 20_000),
        (20_000, 20_000, None, 20_000),
        (256, resource.RLIM_INFINITY, 10_240, 10_240),
        (256, resource.RLIM_INFINITY, 100, 256),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, resource.RLIM_INFINITY),
    ],
)
def test_a_process_takes_what_the_system_allows(limits, usual, most, refuses_above, then):
    found = limits(usual, most, refuses_above)
    allow_open_files()
    assert found == [(then, most)]


def say_limit(pipe):
    """What a child does: tells how many files it may open."""
    pipe.send(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def test_a_process_of_our_own_may_open_all_the_files_that_there_are():
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = most_open_files()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, usual[0]), usual[1]))
    try:
        child = Child("tests.loadtest.test_size:say_limit")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    assert child.receive(10) >= (most or 256)
    child.stop()
