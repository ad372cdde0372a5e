"""The lesson's app on several processes, ours and those of others."""

import json
import sys

import psutil
import pytest

from asyncweb import AsyncServer, ThreadServer
from asyncweb.errors import LessonError
from asyncweb.lab.cores import hosts
from asyncweb.lab.cores.app import app, primes
from asyncweb.lab.cores.hosts import HOSTS, Host, missing
from asyncweb.lab.cores.several import several
from asyncweb.lab.cores.shared_port import deal
from tests.conftest import eventually, is_free
from tests.ecosystem.conftest import library


def children():
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_primes_are_counted():
    assert [primes(below) for below in (0, 2, 3, 10, 1000)] == [0, 0, 1, 4, 168]


def test_the_app_answers_on_every_kind_of_server(serve, peer):
    client = peer(serve(app))
    assert client.get("/hello").text == "Hello"
    assert client.get("/primes/100").json() == {"primes": 25}
    assert client.get("/wait/1").text == "waited"
    first, second = (client.get("/hits").json()["hits"] for _ in range(2))
    assert second == first + 1


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_each_worker_counts_for_itself(make, peer):
    before = children()
    with several(make(app), 2) as server:
        seen = {}

        def ask():
            answer = peer(server).get("/hits").json()
            seen.setdefault(answer["process"], []).append(answer["hits"])
            return len(seen) == 2

        eventually(ask)
        assert all(hits == [*range(1, len(hits) + 1)] for hits in seen.values())
    assert not server.is_running
    assert children() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a shared port is dealt otherwise")
def test_the_kernel_deals_out_the_clients_of_a_shared_port():
    dealt = deal(100)
    assert sum(dealt) == 100
    assert min(dealt) > 0
    assert sum(deal(30, sockets=3)) == 30


def test_a_host_that_is_missing_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr(hosts.importlib.util, "find_spec", lambda name: None)
    assert missing("granian") == (
        'granian is not installed here; run: pip install "asyncweb[course]"'
    )
    with pytest.raises(LessonError, match="granian is not installed here"):
        Host("granian", workers=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTS)
def test_a_host_serves_from_several_processes_and_leaves_none(name):
    library(name)
    before = children()
    with Host(name, workers=2) as host:
        assert host.get("/primes/10") == '{"primes":4}'
        assert len(children() - before) >= 3  # the one we started, and its workers
        seen = set()
        eventually(lambda: len(seen.add(json.loads(host.get("/hits"))["process"]) or seen) == 2)
        port = int(host.url.rpartition(":")[2])
    assert children() == before
    assert is_free(port)


@pytest.mark.slow
def test_a_host_that_does_not_start_says_why_and_leaves_nothing(monkeypatch):
    library("uvicorn")
    monkeypatch.setattr(hosts, "APP", "no.such.module:app")
    before = children()
    with pytest.raises(LessonError, match=r"(?s)uvicorn did not start; it said: .*named 'no'"):
        Host("uvicorn", workers=1).__enter__()
    assert children() == before
