"""What a load finds: the answers by the generator, the cost by the system's account.

Rule: the CPU of a load is that of the very requests that it counts; connecting is no part of it
where the clock starts after it.
"""

from __future__ import annotations

from asyncweb.lab.claims.bench import Bench, NoFigure
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.material import HELLO, READ
from asyncweb.lab.claims.program import Program
from asyncweb.lab.claims.protocol import CONNECTIONS
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.progress import Phase, Progress
from asyncweb.loadtest.result import Result

# Words of Result.limited_by that are about the generator itself.
OWN_LIMITS = ("client CPU", "client lag", "client", "schedule slip", "ports", "files")
LAST_S = 0.5  # of a load: there its last looks are


def warm_up(program: Program, bench: Bench) -> None:
    """The load that nobody counts: who compiles what is used often shall have done so."""
    loads = bench.protocol.loads
    for path in (HELLO, READ):
        plan = Plan(program.url(path), CONNECTIONS, loads.warm_s, requests=loads.warm_requests)
        bench.ask(program, plan)


def counted(program: Program, bench: Bench, path: str, connections: int) -> Figure:
    """So many requests as the protocol says, one after the other on each connection."""
    loads = bench.protocol.loads
    plan = Plan(program.url(path), connections, loads.most_s, requests=loads.requests)
    before = program.cpu_s()
    result = bench.ask(program, plan)
    return told(result, program.cpu_s() - before)


def steady(program: Program, bench: Bench, connections: int) -> Figure:
    """The same requests a second, on however many connections."""
    crowds = bench.protocol.crowds
    return _at_rate(program, bench, connections, crowds.rate_rps, crowds.seconds)


def rate(program: Program, bench: Bench) -> Figure:
    """Requests at a fixed rate: what CPU they need."""
    loads = bench.protocol.loads
    return _at_rate(program, bench, CONNECTIONS, loads.rate_rps, loads.rate_s)


def full(program: Program, bench: Bench, connections: int) -> Figure:
    """As fast as it goes."""
    plan = Plan(program.url(HELLO), connections, bench.protocol.crowds.seconds)
    return _metered(program, bench, plan)


def told(result: Result, cpu_s: float, of_requests: int = 0, in_s: float = 0.0) -> Figure:
    """The numbers of LOAD. The CPU was that of so many requests in so many seconds, or of all.

    Raises NoFigure when nothing was answered.
    """
    if not result.requests:
        raise NoFigure(f"nothing was answered; {result.explain()}")
    latency = result.latency
    return {
        "requests": result.requests,
        "errors": sum(result.errors.values()),
        "mean_us": 1e6 * latency.mean,
        "p50_us": 1e6 * latency.percentile(0.5),
        "p99_us": 1e6 * latency.percentile(0.99),
        "max_us": 1e6 * latency.max,
        "requests_per_s": result.throughput_rps,
        "cpu_us": 1e6 * cpu_s / (of_requests or result.requests),
        "cpu_share": cpu_s / (in_s or result.duration_s),
        "client_cpu": result.client_cpu,
        "client_limited": int(result.limited_by in OWN_LIMITS),
    }


def _at_rate(
    program: Program, bench: Bench, connections: int, rate_rps: float, seconds: float
) -> Figure:
    plan = Plan(program.url(HELLO), connections, seconds, arrivals=constant(rate_rps))
    return {**_metered(program, bench, plan), "rate": rate_rps}


def _metered(program: Program, bench: Bench, plan: Plan) -> Figure:
    """`plan` gathers its connections first: the CPU is read between two looks after that.

    To read that of many processes takes the CPU that is measured: it is read at the first look, and
    at those of which one will have been the last.
    """
    looks: list[tuple[int, float, float]] = []  # requests, seconds, CPU

    def look(progress: Progress) -> None:
        is_first, may_be_last = not looks, progress.at_s > plan.lasts_s - LAST_S
        is_measured = progress.at_s > 0 and progress.phase is Phase.MEASURED
        if is_measured and (is_first or may_be_last):
            looks.append((progress.requests, progress.at_s, program.cpu_s()))

    before = program.cpu_s()
    result = bench.ask(program, plan, look)
    used_s = program.cpu_s() - before
    if len(looks) < 2 or looks[0][0] == looks[-1][0]:
        return told(result, used_s)
    (requests, at_s, cpu_s), last = looks[0], looks[-1]
    return told(result, last[2] - cpu_s, last[0] - requests, last[1] - at_s)
