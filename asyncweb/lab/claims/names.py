"""What the figures of a trial are filed under: its systems, and what is measured of them.

Rule: whoever measures, decides or shows takes the names from here.
"""

from __future__ import annotations

HYPERLANE, HYPERLANE_NOW = "hyperlane 5.40.1", "hyperlane today"
TOKIO, NODE = "Tokio (hyper)", "Node.js"
APACHE = ("Apache prefork", "Apache worker", "Apache event")
SPRING, SPRING_VIRTUAL = "Spring Boot", "Spring Boot, virtual threads"
WAITRESS, GUNICORN, UVICORN, GRANIAN = "waitress", "gunicorn gthread", "uvicorn", "granian"
OURS = OUR_LOOP, OUR_THREADS = "asyncweb async", "asyncweb threads"

ROUND = "round"  # in each look that a trial has made: of which of its rounds it is, from 0
# measure -> the numbers of one look. Those of LOAD are told of every load.
LOAD = (
    "requests", "errors", "mean_us", "p50_us", "p99_us", "max_us", "requests_per_s",
    "cpu_us",  # of the server's processes, for each request
    "cpu_share",  # of one core, while the load lasted
    "client_cpu",  # of one core, the generator's
    "client_limited",  # 1 when the generator, and not the server, was the limit; else 0
)  # fmt: skip
START = "start"  # first_answer_ms, idle_uss_mb, idle_rss_mb, threads
HELLO = {1: "hello_1", 8: "hello_8", 64: "hello_64"}  # LOAD: so many requests, so many connections
READ = {1: "read_1", 8: "read_8"}  # LOAD, of the file and the database
WAIT = "wait_64"  # LOAD, of what waits 10 ms
WRK = {1: "wrk_1", 64: "wrk_64"}  # mean_us, p50_us, p99_us, requests_per_s, client_cpu: as HELLO,
# ... by the second generator
STEADY = {100: "steady_100", 1000: "steady_1000", 2000: "steady_2000", 4000: "steady_4000"}
# ... LOAD, and rate: an open loop of the same requests a second on so many connections
FULL = {100: "full_100", 1000: "full_1000", 2000: "full_2000", 4000: "full_4000"}
# ... LOAD: a closed loop on so many connections, as fast as it goes
RATE = "rate"  # LOAD, and rate: CPU at a fixed rate on 64 connections
LOADED = "loaded"  # uss_mb, rss_mb after the loads; bytes_per_connection of idle ones (a slope)
OTHERS = "others"  # alone_p50_us, alone_p99_us, beside_p50_us, beside_p99_us, waiting, errors; and
# ... blocked_p50_us, blocked_p99_us: beside handlers that block, of a system that has one
MANY = "many"  # connections, answered: answered both times; errors: all others that were wanted;
# ... held: let in; machine_limited: 1 when the machine had no room for more; connected_s, uss_mb,
# ... bytes_per_connection, processes; programs: of these, started each at an address of its own
SOAK = "soak"  # seconds, requests, errors, bytes_per_request, band, grown_mb, is_leak, is_level
DEPENDENCIES = "dependencies"  # packages beyond the language's own library: direct, all; and
# ... beyond_runtime: those of all that the runtime of tasks (Tokio) is not, and does not bring;
# ... own: those of all that the framework's own authors have written, where cargo tells
CHECKS = "checks"  # by language; dangling, race, cycle, forgotten: the number of an Outcome
UNSAFE = "unsafe"  # how often the word stands in the own_crates of a framework's authors: own,
# ... and in the crates that it is built with: all
MERGED = "merged"  # of reports of several operating systems, by these: same_machine, 1 or 0
OPERATING_SYSTEMS = ("Linux", "macOS", "Windows")


def on(measure: str, operating_system: str) -> str:
    """That measure in one of several merged reports.

    >>> on(RATE, "macOS")
    'rate on macOS'
    """
    return f"{measure} on {operating_system}"
