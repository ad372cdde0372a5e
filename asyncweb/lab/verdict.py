"""The outcome of a race in plain words.

Rule: a difference is called one only when it is more than noise, see `loadtest.noise`. Answers
that are no success are told before any rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asyncweb.drawing import units
from asyncweb.lab.report import Measured
from asyncweb.loadtest import noise
from asyncweb.loadtest.limits import reasons
from asyncweb.loadtest.result import FAILED_ANSWERS


def verdict(servers: Sequence[Measured]) -> str:
    """Two to six sentences about `servers`, each with its figures."""
    answered = [server for server in servers if server.requests]
    if not answered:
        return "No server answered a request, so there is nothing to compare."
    tellers = (failures, _throughput, _latency, _threads, _memory, _limits)
    return " ".join(sentence for tell in tellers if (sentence := tell(answered)))


def failures(servers: Sequence[Measured]) -> str:
    """How many answers of each server were a success; "" when all of them were."""
    return " ".join(
        f"{_successes(server)} of {units.count(server.requests)} answers of {server.name} "
        f"{'was' if server.successes < 2 else 'were'} a success "
        f"({units.errors(_failed(server))})."
        for server in servers
        if _failed(server)
    )


def _successes(server: Measured) -> str:
    return units.count(server.successes) if server.successes else "None"


def _failed(server: Measured) -> dict[str, int]:
    """The answers that are errors, by kind."""
    return {kind: number for kind, number in server.errors.items() if kind in FAILED_ANSWERS}


def silence(server: Measured) -> str:
    """That `server` answers nothing, or no more, why, and what to do, in one line; else ""."""
    last = server.rounds.results[-1]
    why = reasons(server.errors, last.unanswered) or "no request failed either"
    since_s = last.silent_from_s
    if server.requests and since_s is None:
        return ""
    when = f" from {since_s} s on" if server.requests else ""
    return (
        f"{server.name} answered nothing{when} ({why}); look there, or try: curl -v {server.target}"
    )


def _throughput(servers: Sequence[Measured]) -> str:
    ordered = _ordered(servers, lambda server: server.throughput_rps)
    best, last = ordered[-1], ordered[0]
    clients = f"With {units.count(best.connections)} connections"
    rates = f"{units.rate(best.throughput_rps)}"
    if best is last:
        return f"{clients} {best.name} answered {rates}."
    figure = noise.throughput(best.rounds, last.rounds)
    if not figure.is_plain:
        return (
            f"{clients} no server was clearly faster: {best.name} answered {rates}, "
            f"{last.name} {units.rate(last.throughput_rps)}, and {figure.doubt}."
        )
    return (
        f"{clients} {best.name} answered {rates}, {last.name} {units.rate(last.throughput_rps)}: "
        f"{figure.factor:.1f} times as many."
    )


def _latency(servers: Sequence[Measured]) -> str:
    half = _each(servers, lambda server: units.seconds(server.latency_s["p50"]))
    most = _each(servers, lambda server: units.seconds(server.latency_s["p99"]))
    return f"Half of the requests were answered within {half}; 99 % within {most}."


def _threads(servers: Sequence[Measured]) -> str:
    known = [server for server in servers if server.threads_peak is not None]
    if not known:
        return ""
    return f"Threads: {_each(known, lambda server: units.count(server.threads_peak))}."


def _memory(servers: Sequence[Measured]) -> str:
    known = [server for server in servers if server.bytes_per_connection is not None]
    if not known:
        return ""
    told = _each(known, lambda server: units.memory(server.bytes_per_connection))
    return f"Each connection took {told} of memory."


def _limits(servers: Sequence[Measured]) -> str:
    spoiled = [server for server in servers if server.limited_by != "server"]
    return " ".join(server.explain() for server in spoiled)


def _each(servers: Sequence[Measured], tell: Callable[[Measured], str]) -> str:
    """ "39.2 ms (async) and 35.2 ms (threads)"."""
    return " and ".join(f"{tell(server)} ({server.name})" for server in servers)


def _ordered(servers: Sequence[Measured], key: Callable[[Measured], float]) -> list[Measured]:
    return sorted(servers, key=key)
