"""What is measured of one server, once; the rounds ask for it many times, in turns.

Rule: each measure gives plain numbers, their units in their names.
"""

from __future__ import annotations

import socket

from asyncweb.lab.claims.pinning import Cores
from asyncweb.metrics.probes import slope
from tests.benchmarks.running import Running
from tests.benchmarks.servers import SERVERS
from tests.benchmarks.shapes import HELLO, Shape
from tests.benchmarks.wrk import load

IDLE_COUNTS = (250, 500, 1000, 1500, 2000)  # the first connections warm the process up
WARM_S = 1
IDLE, START = "idle", "start"  # beside the names of the shapes


def cost(server: Running, shape: Shape, seconds: int, cores: Cores) -> dict[str, float]:
    """What answering `shape` costs: microseconds of CPU a request, requests a second, latency."""
    before = server.cpu_s()
    loaded = load(server.port, shape, seconds, cores.load)
    used_s = server.cpu_s() - before
    return {
        "cpu_us": 1e6 * used_s / loaded.requests,
        "requests_per_s": loaded.requests / loaded.seconds,
        "cpu_share": used_s / loaded.seconds,
        "p50_ms": 1e3 * loaded.p50_s,
        "p99_ms": 1e3 * loaded.p99_s,
    }


def idle(name: str, cores: Cores) -> dict[str, float]:
    """Bytes (USS) of each connection that has been answered once: a slope over several counts."""
    clients: list[socket.socket] = []
    points = []
    with Running(SERVERS[name], HELLO, cores.server) as server:
        try:
            for count in IDLE_COUNTS:
                while len(clients) < count:
                    clients.append(server.ask(HELLO))
                points.append((count, server.uss_bytes()))
        finally:
            for client in clients:
                client.close()
    return {"bytes_per_connection": slope(points)}


def start(name: str, cores: Cores) -> dict[str, float]:
    """From exec to the first answer, in milliseconds, and the memory (USS) then."""
    with Running(SERVERS[name], HELLO, cores.server) as server:
        return {
            "first_answer_ms": 1e3 * server.first_answer_s,
            "base_mb": server.uss_bytes() / 1e6,
        }
