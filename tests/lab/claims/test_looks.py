"""Each measure of a trial: the numbers it gives, and what becomes of one that cannot be had."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace

import pytest

from asyncweb.lab.claims import guests, many, names, wrk
from asyncweb.lab.claims.bench import NoFigure
from asyncweb.lab.claims.guests import Arrived, GuestCrowd
from asyncweb.lab.claims.launched import free_port
from asyncweb.lab.claims.loads import full, told
from asyncweb.lab.claims.material import WAIT_MS
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.protocol import Many, Protocol
from asyncweb.lab.claims.trial import Trial
from asyncweb.loadtest.progress import Progress
from asyncweb.loadtest.result import Result
from asyncweb.metrics.histogram import Histogram
from tests.lab.claims.made_up import Small, tiny
from tests.outside.programs import unavailable

LOAD = set(names.LOAD)
BY_WRK = {"mean_us", "p50_us", "p99_us", "requests_per_s", "client_cpu"}
LATENCIES = {f"{who}_{part}_us" for who in ("alone", "beside") for part in ("p50", "p99")}
NUMBERS = {
    names.START: {"first_answer_ms", "idle_uss_mb", "idle_rss_mb", "threads"},
    **dict.fromkeys([*names.HELLO.values(), *names.READ.values(), names.WAIT], LOAD),
    **dict.fromkeys(names.WRK.values(), BY_WRK),
    names.RATE: {*LOAD, "rate"},
    names.OTHERS: {*LATENCIES, "waiting", "errors"},
    names.LOADED: {"uss_mb", "rss_mb", "bytes_per_connection"},
    names.STEADY[100]: {*LOAD, "rate"},
    names.FULL[100]: LOAD,
    names.SOAK: {
        "seconds", "requests", "errors", "bytes_per_request", "band", "grown_mb", "is_leak",
        "is_level",
    },
    names.MANY: {
        "connections", "answered", "errors", "connected_s", "bytes_per_connection", "processes",
        "programs", "uss_mb", "held", "machine_limited",
    },
}  # fmt: skip


def figures(*peers, protocol):
    """What a run has found."""
    return Trial(peers, protocol).run()


def only(*measures, **changes):
    """A protocol of no other measures."""

    class Only(Protocol):
        def measures(self):
            return (measures,)

    return replace(tiny(1, Only), **changes)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [names.OUR_LOOP, names.OUR_THREADS, names.UVICORN, names.APACHE[1]]
)
def test_every_measure_gives_the_numbers_it_is_known_by(name):
    peer = all_peers()[name]
    if why := peer.missing():
        unavailable(f"{name}: {why}")
    found = figures(peer, protocol=tiny(1, Protocol))
    for measure, numbers in NUMBERS.items():
        if measure in names.WRK.values() and not wrk.is_here():
            assert found.failure(measure, name) == wrk.WAY_OUT
            continue
        assert not found.failure(measure, name), measure
        (look,) = found.rounds(measure, name)
        if measure == names.OTHERS and peer.blocks:
            assert look["blocked_p50_us"] > 1_000 * WAIT_MS > look["beside_p50_us"]
            numbers = {*numbers, "blocked_p50_us", "blocked_p99_us"}
        assert set(look) == {*numbers, names.ROUND}, measure
        assert not look.get("errors"), measure
    assert set(found.looks) | set(found.failures) == set(NUMBERS)


def test_a_load_asks_as_often_as_the_protocol_says():
    look = figures(Small(), protocol=only(names.HELLO[8])).rounds(names.HELLO[8], "small")[0]
    assert look["requests"] == 20 and not look["errors"]
    assert 0 < look["p50_us"] <= look["p99_us"] <= 1.01 * look["max_us"]
    assert look["cpu_us"] > 0 and 0 < look["cpu_share"] < 2
    assert look["client_limited"] in (0, 1)


def test_many_are_held_at_as_many_programs_as_the_files_ask_for(monkeypatch):
    monkeypatch.setattr(many, "most_open_files", lambda: many.SPARE_FILES + 40)
    monkeypatch.setattr(many, "PER_CLIENT", 35)
    look = figures(Small(), protocol=only(names.MANY)).rounds(names.MANY, "small")[0]
    assert look["connections"] == look["answered"] == 60 and not look["errors"]
    assert look["programs"] == look["processes"] == 2


def test_many_are_held_at_one_port_that_processes_share(monkeypatch):
    monkeypatch.setattr(many, "most_open_files", lambda: many.SPARE_FILES + 40)
    ours = all_peers()["asyncweb async"]
    look = figures(ours, protocol=only(names.MANY)).rounds(names.MANY, ours.name)[0]
    assert look["answered"] == 60 and look["programs"] == 1 and look["processes"] >= 2


def test_where_there_is_one_address_very_many_are_a_row_with_the_reason(monkeypatch):
    monkeypatch.setattr(many.sys, "platform", "darwin")
    monkeypatch.setattr(many, "ALONE", 10)
    found = figures(Small(), protocol=only(names.MANY))
    assert "measure on Linux, or ask for fewer" in found.failure(names.MANY, "small")


def test_without_wrk_its_row_says_how_it_is_installed(monkeypatch):
    monkeypatch.setattr(wrk, "is_here", lambda: False)
    found = figures(Small(), protocol=only(names.WRK[1]))
    assert "apt install wrk" in found.failure(names.WRK[1], "small")


def test_who_lets_nobody_in_has_no_figure():
    with pytest.raises(NoFigure, match="nothing was answered"):
        told(Result("/", 1, 1.0, 0, 0, Histogram(), {"connect": 3}), cpu_s=0.0)


def test_a_generator_that_was_busy_itself_is_told_of():
    result = Result("/", 1, 1.0, 1, 0, Histogram([0.1]))
    assert told(result, 0.1)["client_limited"] == 0
    assert told(replace(result, client_cpu=0.95), 0.1)["client_limited"] == 1


def test_the_cpu_of_a_crowd_is_read_at_its_first_look_and_near_its_end_and_nowhere_else():
    class Asked:
        """Its processes use half of a core; to connect took 7 s of CPU."""

        now_s, reads = 0.0, []

        def url(self, path):
            return f"http://127.0.0.1:8000{path}"

        def cpu_s(self):
            self.reads.append(self.now_s)
            return 7.0 * (self.now_s > 0) + 0.5 * self.now_s

    class Asking:
        protocol = replace(tiny(), crowds=replace(tiny().crowds, seconds=3.0))

        def ask(self, program, plan, look):
            for fifth in range(15):
                program.now_s = fifth / 5
                look(Progress(program.now_s, 20 * fifth, 100.0, Histogram(), {}, 100, 0))
            return Result("/", 100, 3.0, 300, 0, Histogram([0.1] * 300))

    look = full(program := Asked(), Asking(), 100)
    assert program.reads == [0.0, 0.2, 2.6, 2.8, 2.8]  # the last when all is over
    assert look["cpu_share"] == pytest.approx(0.5) and look["cpu_us"] == pytest.approx(5_000)


def test_the_cost_of_a_request_is_that_of_those_whose_cost_was_seen():
    result = Result("/", 1, 2.0, 100, 0, Histogram([0.1] * 100))
    assert told(result, 0.5)["cpu_us"] == 5_000 and told(result, 0.5)["cpu_share"] == 0.25
    part = told(result, 0.5, of_requests=50, in_s=1.0)
    assert part["cpu_us"] == 10_000 and part["cpu_share"] == 0.5


def test_many_that_are_not_answered_are_errors_and_no_connections():
    class Deaf(Small):
        manner = "deaf"

    found = figures(Deaf("deaf"), protocol=only(names.MANY, many=Many(60, patience_s=0.3)))
    (look,) = found.rounds(names.MANY, "deaf")
    assert look["held"] == 60 and look["errors"] == 60
    assert look["connections"] == look["answered"] == 0


def test_a_machine_without_room_ends_the_coming_and_is_named(monkeypatch):
    async def come():
        crowd = GuestCrowd()
        return await crowd.come("", [("127.0.0.1", free_port())], 10, patience_s=5.0)

    monkeypatch.setattr(guests, "is_short", lambda: True)
    assert asyncio.run(come()) == Arrived(0, is_short=True)
    monkeypatch.setattr(guests, "is_short", lambda: False)
    assert asyncio.run(come()) == Arrived(0)


def test_who_has_no_file_left_was_not_refused_by_the_system(monkeypatch):
    async def connected(source, address):
        raise OSError(errno.EMFILE, "Too many open files")

    async def come():
        return await GuestCrowd().come("", [("127.0.0.1", 1)], 10, patience_s=5.0)

    monkeypatch.setattr(guests, "connected", connected)
    assert asyncio.run(come()) == Arrived(0, is_short=True)


def test_who_still_waits_for_one_answer_does_not_take_it_for_the_next():
    class Wire(asyncio.Transport):
        closed = False

        def is_closing(self):
            return self.closed

        def write(self, data):
            asked.append(data)

        def abort(self):
            self.closed = True

    asked, heard = [], []
    crowd = GuestCrowd()
    crowd.answered = heard.append
    guest = guests.Guest(crowd)
    guest.connection_made(Wire())
    for _ in range(3):
        guest.ask()
    assert len(asked) == 1 and heard == [False, False]
