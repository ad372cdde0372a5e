"""What the event-loop server costs, beside the physical limit, and the demo's own comparison.

    python tests/benchmarks/cost.py [--rounds N] [--json FILE]

Every ratio comes from interleaved rounds of one run; the band is what the limit server differs
from itself. CPU is the server process's own, as the system accounts it; the load comes from
another process. Takes about five minutes.
"""

import argparse
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import psutil

from asyncweb import AsyncServer
from asyncweb.lab.demo import Scenario, run_demo
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from asyncweb.metrics.probes import slope
from asyncweb.metrics.recorder import Recorder

HERE = Path(__file__).parent
CONNECTIONS = 64
ROUND_S = 2.0
IDLE_COUNTS = (0, 500, 1000, 1500, 2000)


class LimitServer:
    def __enter__(self):
        script = [sys.executable, str(HERE / "limit_server.py")]
        self.process = subprocess.Popen(script, stdout=subprocess.PIPE, text=True)
        self.port, self.pid = int(self.process.stdout.readline()), self.process.pid
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


def hello_server():
    sys.path.insert(0, str(HERE))
    from hello import app

    return AsyncServer(app, observer=Recorder()).start(process=True)


class Wrk:
    """The load of `wrk`, cheaper than any server; `script` varies what it asks."""

    def __init__(self, script=None):
        self.options = ["-s", str(HERE / script)] if script else []

    def answered(self, url):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_S:.0f}s", *self.options, url]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "errors" not in told and "Non-2xx" not in told, told
        return int(re.search(r"(\d+) requests in", told)[1])


class OwnLoad:
    """Our own generator."""

    def answered(self, url):
        with LoadProcess() as load:
            result = load.run(Plan(url, connections=CONNECTIONS, duration_s=ROUND_S))
        assert not result.errors, result.errors
        return result.requests + CONNECTIONS  # the first answer of each is not counted


def cpu_per_request(load, server):
    """Microseconds of the server's CPU for each answer, over one round."""
    process = psutil.Process(server.pid)
    before = sum(process.cpu_times()[:2])
    answered = load.answered(f"http://127.0.0.1:{server.port}/")
    return 1e6 * (sum(process.cpu_times()[:2]) - before) / answered


def measure_cpu(load, rounds):
    with LimitServer() as limit, LimitServer() as same, hello_server() as ours:
        servers = {"limit": limit, "limit again": same, "asyncweb": ours}
        figures = {name: [] for name in servers}
        for number in range(rounds):
            order = list(servers) if number % 2 else list(reversed(servers))
            for name in order:
                figures[name].append(cpu_per_request(load, servers[name]))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    return {
        "cpu_us_per_request": medians,
        "ratio_to_limit": medians["asyncweb"] / medians["limit"],
        "band": medians["limit again"] / medians["limit"],
    }


def idle_slope(server):
    """Bytes (USS) for each idle connection that has been answered once."""
    process = psutil.Process(server.pid)
    clients, points = [], []
    for count in IDLE_COUNTS:
        while len(clients) < count:
            client = socket.create_connection(("127.0.0.1", server.port))
            client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            clients.append(client)
        points.append((count, process.memory_full_info().uss))
    for client in clients:
        client.close()
    return slope(points[1:])  # the first connections warm the process up


def measure_idle(rounds):
    figures = {"limit": [], "asyncweb": []}
    for _ in range(rounds):
        with LimitServer() as limit:
            figures["limit"].append(idle_slope(limit))
        with hello_server() as ours:
            figures["asyncweb"].append(idle_slope(ours))
    medians = {name: statistics.median(values) for name, values in figures.items()}
    return {
        "bytes_per_idle_connection": medians,
        "ratio_to_limit": medians["asyncweb"] / medians["limit"],
    }


def measure_demo():
    found = {}
    for name, max_threads in (("a pool of 16", 16), ("a thread each", None)):
        scenario = Scenario(duration_s=20, connections=200, max_threads=max_threads)
        fast, slow = run_demo(scenario).last.servers
        found[name] = {
            "throughput_rps": {"async": fast.throughput_rps, "threads": slow.throughput_rps},
            "throughput_ratio": fast.throughput_rps / slow.throughput_rps,
            "bytes_per_connection": {
                "async": fast.bytes_per_connection,
                "threads": slow.bytes_per_connection,
            },
            "memory_ratio": fast.bytes_per_connection / slow.bytes_per_connection,
        }
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    began = time.monotonic()
    loads = {"our own load": OwnLoad()}
    if shutil.which("wrk"):
        loads["wrk, the same request again"] = Wrk()
        loads["wrk, each request another"] = Wrk("another.lua")
    found = {
        "hello": {name: measure_cpu(load, options.rounds) for name, load in loads.items()},
        "idle": measure_idle(max(options.rounds // 3, 1)),
        "demo at 200 connections, 10 ms": measure_demo(),
    }
    found["seconds"] = time.monotonic() - began
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
