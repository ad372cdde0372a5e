"""Idle connections are held open by another process, and their cost is a slope."""

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.errors import LessonError
from asyncweb.lab import footprint as footprint_module
from asyncweb.lab import idlers
from asyncweb.lab.footprint import Footprint, Footprints, footprint
from asyncweb.lab.idlers import Idlers, most_idle
from asyncweb.metrics.probes import ProcessUse
from tests.conftest import eventually
from tests.ecosystem.conftest import library


def greeting():
    app = App()
    app.get("/")(lambda ctx: "Hello")
    return app


def use(rss, uss=None):
    return ProcessUse(rss, uss, 1, None, 0.0, 10 * rss)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(footprint_module, "WARM_UP", 2)


def test_a_crowd_stays_until_it_is_let_go(serve):
    server = serve(greeting())
    with Idlers(server) as crowd:
        assert [crowd.resize(count) for count in (3, 5, 1, 4)] == [3, 5, 1, 4]
        eventually(lambda: server.stats()["connections"] == 4)


@pytest.mark.slow
def test_each_server_has_a_point_for_each_crowd_and_a_thread_for_each_client_only_there():
    app = greeting()
    servers = {"async": AsyncServer(app), "threads": ThreadServer(app)}
    told = []
    found = footprint(servers, connections=40, steps=2, tell=told.append)
    assert told[0] == "async: 20 of 40 connections"
    threads = {}
    for name, one in found.items():
        assert [count for count, _ in one.points] == [0, 20, 40]
        threads[name] = one.points[-1][1].threads - one.points[0][1].threads
    assert threads == {"async": 0, "threads": 40}
    assert found["threads"].per_connection("vms") > found["async"].per_connection("vms")
    assert not any(server.is_running for server in servers.values())


@pytest.mark.slow
def test_a_server_that_greets_nobody_is_told():
    with pytest.raises(LessonError, match="its app needs a '/'"):
        footprint({"async": AsyncServer(App())}, connections=4)


@pytest.mark.slow
def test_a_crowd_that_cannot_reach_its_server_is_told():
    server = AsyncServer(greeting()).start()
    with Idlers(server) as crowd:
        server.stop()
        with pytest.raises(LessonError, match="could not come"):
            crowd.resize(1)


@pytest.mark.parametrize("wrong", [{"connections": 3}, {"steps": 0}])
def test_a_footprint_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(LessonError, match="expected a server"):
        footprint({"async": AsyncServer(greeting())}, **wrong)
    with pytest.raises(LessonError, match="expected a server"):
        footprint({})


def test_who_may_open_few_files_holds_fewer_and_the_table_says_so(monkeypatch):
    monkeypatch.setattr(idlers, "most_open_files", lambda: 1_024)
    assert most_idle(10_000) == 924
    one = Footprint("async", ((0, use(10)), (924, use(934))), use(5), use(7), use(900))
    assert "10,000 were wanted: async held 924" in repr(Footprints((one,), wanted=10_000))


def test_where_uss_is_not_measured_its_slope_is_refused_and_its_place_left_open():
    one = Footprint("async", ((0, use(10)), (5, use(60))), use(5), use(7), use(50))
    with pytest.raises(LessonError, match="ask for rss"):
        one.per_connection("uss")
    with pytest.raises(LessonError, match="expected one of rss, uss, vms"):
        one.per_connection("ram")
    assert one.per_connection() == 10
    assert "each" in repr(Footprints((one,), wanted=5))


@pytest.mark.slow
def test_the_picture_says_in_words_what_it_shows():
    library("matplotlib")
    one = Footprint("async", ((0, use(0)), (10, use(20480))), use(0), use(0), use(0))
    assert Footprints((one,), 10).plot().says == (
        "async: 2.00 KiB resident and 20.0 KiB virtual for each of 10 connections"
    )
