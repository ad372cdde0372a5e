"""What other requests feel while some wait: the same questions, alone and beside those that wait.

Rule: those who ask ask at a fixed rate, so that nobody is asked less for being slow.
"""

from __future__ import annotations

from asyncweb.lab.claims.bench import Bench, NoFigure
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.material import HELLO, WAIT
from asyncweb.lab.claims.program import Program
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result

SPARE_S = 10.0  # that those who wait would go on for


def others(program: Program, bench: Bench) -> Figure:
    """p50 and p99 of a few connections that ask alone, and beside those that wait.

    Of a system with a handler that blocks, beside that one as well: there they must be held up.
    """
    setting = bench.protocol.others
    rate = constant(setting.rate_rps)
    plan = Plan(program.url(HELLO), setting.asking, setting.seconds, arrivals=rate)
    alone = bench.ask(program, plan)
    beside, waited = _beside(program, bench, plan, WAIT)
    told: Figure = {
        **_latency("alone", alone),
        **_latency("beside", beside),
        "waiting": setting.waiting,
        "errors": sum(sum(result.errors.values()) for result in (alone, beside, waited)),
    }
    if not program.blocks:
        return told
    held_up, _ = _beside(program, bench, plan, program.blocks)
    return {**told, **_latency("blocked", held_up)}


def _beside(program: Program, bench: Bench, plan: Plan, path: str) -> tuple[Result, Result]:
    """What those of `plan` feel, and those who ask for `path` meanwhile."""
    setting = bench.protocol.others
    waits = Plan(program.url(path), setting.waiting, setting.seconds + SPARE_S)
    with bench.waiting.meanwhile(waits) as waited:
        beside = bench.ask(program, plan)
    if not waited[0].requests:
        raise NoFigure(f"nobody who waited was answered; {waited[0].explain()}")
    return beside, waited[0]


def _latency(name: str, result: Result) -> dict[str, float]:
    if not result.requests:
        raise NoFigure(f"{name}: nothing was answered; {result.explain()}")
    return {
        f"{name}_p50_us": 1e6 * result.latency.percentile(0.5),
        f"{name}_p99_us": 1e6 * result.latency.percentile(0.99),
    }
