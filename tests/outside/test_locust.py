"""Many machines: workers of ours under a real Locust master, ours and anybody's."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.lab.machines import take_part
from asyncweb.loadtest import engine
from asyncweb.loadtest.locust import worker
from asyncweb.loadtest.locust.address import Address
from asyncweb.loadtest.locust.master import LocustMaster
from asyncweb.loadtest.locust.worker import LocustWorker
from asyncweb.loadtest.plan import Plan
from tests.conftest import PATIENCE_S, eventually
from tests.outside.programs import free_ports

pytestmark = pytest.mark.slow

PLAIN_MASTER = Path(__file__).with_name("locust_master.py")
LOAD = [sys.executable, "-m", "asyncweb", "load"]
LONG_S = 6 * PATIENCE_S
ENOUGH = 1000  # answers, for a load to be well under way


@pytest.fixture(autouse=True)
def locust(needs):
    needs("locust")


@pytest.fixture
def seen():
    return []


@pytest.fixture
def server(seen):
    app = App()

    @app.get("/")
    async def home(ctx):
        seen.append(1)
        await ctx.sleep(0.002)
        return "hello"

    with AsyncServer(app) as server:
        yield server


@pytest.fixture
def start():
    """Starts a program; it is gone after the test."""
    with contextlib.ExitStack() as running:

        def started(*command):
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            running.callback(process.communicate)
            running.callback(process.kill)
            return process

        yield started


@pytest.fixture
def plain_master(start, server):
    """A master of Locust that knows nothing of us, and its address."""

    def started(users=4, rate=100, enough=300):
        process = start(
            sys.executable, str(PLAIN_MASTER), server.url, str(users), str(rate), str(enough)
        )
        return process, Address("127.0.0.1", int(process.stdout.readline()))

    return started


def plan_for(host, users):
    return Plan(host, connections=users, duration_s=3600)


def done(process):
    """What a program said, and its exit code."""
    out, err = process.communicate(timeout=LONG_S)
    return process.returncode, out, err


class Workers:
    """Two workers in this process, for whoever listens."""

    def __init__(self):
        self._pool = ThreadPoolExecutor(2)

    def come(self, address):
        joining = [LocustWorker(address, plan_for) for _ in range(2)]
        self._found = [self._pool.submit(worker.work) for worker in joining]

    def found(self):
        return [found.result(PATIENCE_S) for found in self._found]


@pytest.fixture
def workers():
    return Workers()


def test_what_two_workers_found_is_merged_exactly_beside_locusts_table(server, seen, workers):
    with LocustMaster(Address("127.0.0.1", 0), 2, on_listening=workers.come) as master:
        told = []
        merged = engine.run(master, Plan(server.url, connections=4, duration_s=2.5), told.append)
    one, other = workers.found()
    assert (master.workers, master.lost, master.silent) == (2, set(), set())
    assert (one.connections, other.connections, merged.connections) == (2, 2, 4)
    assert merged == one + other or merged == other + one
    assert merged.latency == one.latency + other.latency
    assert master.locust.requests == merged.requests == merged.latency.count > 0
    assert master.locust.failures == 0 and f" {merged.requests} " in master.locust.table
    assert merged.latency.min < 0.005, "and not a whole number of milliseconds"
    assert len(seen) == merged.requests + 4, "with the first question of each connection"
    assert told and told[-1].requests <= merged.requests


def test_our_master_and_our_workers_from_the_command_line(server, start, tmp_path):
    (port,) = free_ports(1)
    files = [tmp_path / name for name in ("master", "one", "other")]
    engine = ("--engine", f"locust://127.0.0.1:{port}")
    leading = ("--connections", "4", "--duration", "3", "--workers", "2")
    said = start(*LOAD, server.url, *engine, "master", *leading, "--json", str(files[0]))
    asking = ("worker", "--think", "1ms")
    workers = [start(*LOAD, *engine, *asking, "--json", str(file)) for file in files[1:]]
    code, out, err = done(said)
    assert code == 0, err
    assert "waiting for 2 workers" in err and "Aggregated" in err and "req/s" in out
    merged = json.loads(files[0].read_text())
    assert merged["connections"] == 4 and merged["think_s"] == 0.001
    assert [done(worker)[0] for worker in workers] == [0, 0]
    assert merged["requests"] == sum(json.loads(file.read_text())["requests"] for file in files[1:])


def test_any_master_of_locust_counts_us_and_our_answers(plain_master, workers):
    process, address = plain_master()
    workers.come(address)
    code, out, err = done(process)
    assert code == 0, err
    counted = json.loads(out)
    one, other = workers.found()
    assert (counted["workers"], counted["users"]) == (2, 4)
    assert counted["requests"] == counted["times"] == one.requests + other.requests >= 300
    assert counted["failures"] == 0


def test_users_who_come_one_by_one_join_the_load_that_is_under_way(plain_master, workers):
    process, address = plain_master(users=6, rate=2, enough=3000)
    workers.come(address)
    code, out, err = done(process)
    assert code == 0, err
    one, other = workers.found()
    assert one.connections + other.connections == json.loads(out)["users"] == 6
    assert json.loads(out)["requests"] == one.requests + other.requests
    assert one.errors == other.errors == {}


def test_a_worker_that_is_killed_takes_nothing_with_it_that_it_has_told(server, start):
    processes = []

    def come(address):
        command = (*LOAD, "--engine", str(address), "worker")
        processes.extend(start(*command) for _ in range(2))

    def kill_one(progress):
        if processes[0].poll() is None and master.workers == 2:
            processes[0].kill()

    with LocustMaster(Address("127.0.0.1", 0), 2, on_listening=come) as master:
        result = engine.run(master, Plan(server.url, connections=4, duration_s=9), kill_one)
    assert len(master.lost) == 1 and master.workers == 2
    assert result.requests == result.latency.count == master.locust.requests


def test_a_worker_hears_that_its_master_is_gone(plain_master, seen):
    process, address = plain_master(enough=10**9)
    worker, other = LocustWorker(address, plan_for), LocustWorker(address, plan_for)
    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(one.work, silence_s=3) for one in (worker, other)]
        eventually(lambda: len(seen) > ENOUGH)
        process.kill()
        results = [one.result(LONG_S) for one in found]
    assert "has said nothing for 3 s" in worker.lost and other.lost
    assert all(result.requests for result in results)


def test_ctrl_c_ends_a_worker_with_what_it_has_found(plain_master, start, tmp_path, seen):
    process, address = plain_master(enough=10**9)
    command = (*LOAD, "--engine", str(address), "worker", "--json")
    files = tmp_path / "one", tmp_path / "other"
    one, _ = (start(*command, str(file)) for file in files)
    assert "looking for" in one.stderr.readline()
    assert "2 connections to http://" in one.stderr.readline()
    eventually(lambda: len(seen) > ENOUGH)
    os.kill(one.pid, signal.SIGINT)
    code, out, _ = done(one)
    assert code == 130 and "connections in" in out
    assert json.loads(files[0].read_text())["interrupted"] is True
    assert json.loads(files[0].read_text())["requests"] > 0
    assert process.poll() is None, "the master goes on with the others"


def test_ctrl_c_ends_a_master_and_its_workers_with_what_they_have_found(server, start, tmp_path):
    (port,) = free_ports(1)
    engine = ("--engine", f"locust://127.0.0.1:{port}")
    master = start(
        *LOAD, server.url, *engine, "master", "--connections", "2", "--duration", "60",
        "--json", str(tmp_path / "found"),
    )  # fmt: skip
    worker = start(*LOAD, *engine, "worker")
    while " req/s" not in (line := master.stderr.readline()) and "/s  p99" not in line:
        assert line, "it has ended"
    os.kill(master.pid, signal.SIGINT)
    assert done(master)[0] == 130
    assert json.loads((tmp_path / "found").read_text())["interrupted"] is True
    assert done(worker)[0] == 0


def test_a_worker_of_another_release_is_told_by_locust_and_counted_all_the_same(
    server, workers, monkeypatch, capfd
):
    monkeypatch.setattr(worker, "locust_version", lambda: "2.1.0")
    with LocustMaster(Address("127.0.0.1", 0), 2, on_listening=workers.come) as master:
        result = engine.run(master, Plan(server.url, connections=2, duration_s=1.5))
    assert "running a different version (2.1.0)" in capfd.readouterr().err
    assert result.requests == sum(found.requests for found in workers.found())


def test_who_waits_for_a_master_or_for_workers_that_never_come_does_not_wait_for_ever(server):
    (port,) = free_ports(1)
    with pytest.raises(LoadError, match=f"no Locust master answers at locust://127.0.0.1:{port}"):
        LocustWorker(Address("127.0.0.1", port), plan_for).work(ack_s=0.2)
    with (
        LocustMaster(Address("127.0.0.1", 0), 2) as master,
        pytest.raises(LoadError, match=r"0 of 2 workers came within 0\.5 s: start them with"),
    ):
        master.prepare(Plan(server.url), join_s=0.5)


def test_a_master_that_cannot_listen_says_so(server):
    with (
        LocustMaster(Address("127.0.0.1", server.port)) as master,
        pytest.raises(LoadError, match=r"no Locust master can listen at 127\.0\.0\.1:"),
    ):
        master.prepare(Plan(server.url))


def test_a_load_that_cannot_be_made_is_told_by_the_worker(plain_master):
    _, address = plain_master()

    def refuse(host, users):
        raise LoadError("no such load")

    worker = LocustWorker(address, refuse)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(LocustWorker(address, refuse).work)
        with pytest.raises(LoadError, match="no such load"):
            worker.work()
        with pytest.raises(LoadError, match="no such load"):
            other.result(PATIENCE_S)


PLAIN_WORKER = """
from locust import User, constant, events, task

class Asyncweb(User):
    wait_time = constant(0.1)

    @task
    def ask(self):
        events.request.fire(
            request_type="GET", name="/", response_time=1, response_length=1, exception=None
        )
"""


def test_a_worker_that_is_not_ours_is_counted_by_locust_and_told_of(server, start, needs, tmp_path):
    (tmp_path / "locustfile.py").write_text(PLAIN_WORKER)
    settings = {"connections": 2, "duration": 3.0, "rate": None}

    def come(text):
        said.append(text)
        if "waiting for" in text:
            host, _, port = text.rpartition("//")[2].partition(":")
            place = ("--master-host", host, "--master-port", port)
            start(needs("locust"), "-f", str(tmp_path / "locustfile.py"), "--worker", *place)
            start(*LOAD, "--engine", text.rpartition(" ")[2], "worker")

    said = []
    place = ("locust://127.0.0.1:0", "master")
    measured, troubles = take_part(place, server.url, settings, (2, None), come)
    assert measured.connections == 1 and measured.requests
    (trouble,) = troubles
    assert trouble.startswith("not of asyncweb: ") and "only Locust's table" in trouble
