"""What a trial is going to do, in sentences: the part of its report that is written first.

Rule: every number in it is the protocol's own, so that nothing else can be measured than was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asyncweb.lab.claims import names
from asyncweb.lab.claims.protocol import CONNECTIONS, Protocol
from asyncweb.lab.claims.record import Record


def announced(protocol: Protocol, record: Record) -> Iterator[str]:
    """Machine, systems, order and measures, a paragraph each."""
    yield f"Machine: {'; '.join(record.machine.values())}; {record.cores}."
    versions = (f"{name} ({version})" for name, version in record.versions.items())
    yield f"Systems, in the order of the first round: {', '.join(versions) or 'none'}."
    yield _order(protocol)
    yield _few(protocol)
    yield _crowds(protocol)
    yield _waiting_and_many(protocol)
    yield _accounts(protocol)


def _order(protocol: Protocol) -> str:
    rounds, loads = protocol.rounds, protocol.loads
    return (
        f"Protocol: {protocol.name}. Every system is visited in turns, in {rounds.basics} rounds "
        f"of what few connections ask, {rounds.crowds} of what crowds ask, {rounds.once} of "
        f"wrk with {CONNECTIONS} connections, of the soak and of very many connections; every "
        "second round goes the other way. Each visit is a new process of the system. It must first "
        "answer all three questions with the same bytes as all others, and then gets "
        f"{loads.warm_requests:,} requests for the constant answer, and as many for the file and "
        f"the database, that are not counted; or as many as it answers in {loads.warm_s:g} s each."
    )


def _few(protocol: Protocol) -> str:
    loads = protocol.loads
    return (
        f"Few connections: {loads.requests:,} requests each for the constant answer by "
        f"{_listed(names.HELLO)} connections, for the file and the database by "
        f"{_listed(names.READ)}, for the wait of 10 ms by {CONNECTIONS}; fewer where they take "
        f"more than {loads.most_s:g} s; to connect is a part of it. Then {loads.rate_rps:,g} "
        f"requests a second by {CONNECTIONS} connections for {loads.rate_s:g} s. wrk asks for the "
        f"constant answer for {loads.wrk_s} s with {_listed(loads.wrk_connections)} connections."
    )


def _crowds(protocol: Protocol) -> str:
    crowds = protocol.crowds
    return (
        f"Crowds of {_listed(crowds.sizes)} connections, all connected before the clock starts, "
        f"for {crowds.seconds:g} s each: first {crowds.rate_rps:,g} requests a second, then as "
        "many as can be answered. The memory of a connection is the slope of the USS over "
        f"{_listed(crowds.idle)} silent ones, each answered once."
    )


def _waiting_and_many(protocol: Protocol) -> str:
    others, many, soak = protocol.others, protocol.many, protocol.soak
    return (
        f"Others: {others.asking} connections ask {others.rate_rps:,g} times a second for "
        f"{others.seconds:g} s, alone, and again while {others.waiting} wait 10 ms at a time; of a "
        "system with a handler that blocks its event loop for 10 ms, once more beside as many of "
        "these, to see that the test would notice. "
        f"Many: {many.connections:,} connections at once on one core, all asked twice when they "
        "are there, by as many processes of a system as the limit of files asks for, on one port "
        "where it can share one, else each at a loopback address of its own; they have "
        f"{many.patience_s:g} s to come, and as long to be answered each time. "
        f"Soak: {soak.rate_rps:,g} requests a second by {soak.connections} connections for "
        f"{soak.seconds:g} s, with a look at the resident memory five times a second and a line "
        "through each half of them."
    )


def _accounts(protocol: Protocol) -> str:
    return (
        "Figures are medians over the rounds, with the least and the most beside them. CPU and "
        "memory are those of all processes of a system, as the operating system accounts them. "
        "Latency counts from when a request was due. Errors are counted; a system that gives no "
        "answers has a reason in place of a figure. A run ends after "
        f"{protocol.most_minutes:g} minutes: a further round that would end later is not begun."
    )


def _listed(numbers: Iterable[int]) -> str:
    *first, last = (f"{number:,}" for number in numbers)
    return f"{', '.join(first)} and {last}" if first else last
