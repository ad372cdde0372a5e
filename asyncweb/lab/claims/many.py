"""Very many connections at one core: each is answered, waits with all others, and again answered.

Rule: a process may open only so many files and an address has only so many ports, so there are
several of each; how many of which is a part of the figure. A connection counts when it was answered
both times, and all others that were wanted are errors.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import add
from pathlib import Path

from asyncweb.lab.claims.bench import Bench, NoFigure
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.guests import PART, Answered, Arrived
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.pinning import Cores
from asyncweb.lab.claims.program import Program
from asyncweb.lab.player import Player
from asyncweb.loadtest.plan import part_of
from asyncweb.servers.open_files import most_open_files

PER_CLIENT = 12_500  # connections of one process that asks
SPARE_FILES = 500
UNEVEN = 1.2  # the system spreads connections over the processes of a port; some get more
WARM = 50  # connections that come and leave before, for each process
ALONE = 10_000  # connections that one address has ports for, on every system


def many(peer: Peer, built: Path | None, bench: Bench) -> Figure:
    """How many connections were held, and what each of them costs. Raises NoFigure."""
    wanted, patience_s = bench.protocol.many.connections, bench.protocol.many.patience_s
    with ExitStack() as leaving:
        programs = leaving.enter_context(_serving(peer, built, bench, wanted))
        with crowd(wanted, bench.cores) as clients:
            _warm(programs)
            before = _uss(programs)
            began = time.perf_counter()
            addresses = [(program.seat.host, program.seat.port) for program in programs]
            arrived = clients.come(addresses, patience_s)
            connected_s = time.perf_counter() - began
            if not arrived.held:
                why = "this machine is short of memory or threads" * arrived.is_short
                raise NoFigure(f"none of {wanted:,} connections was let in {why}".strip())
            first = clients.ask(patience_s)
            grown = _uss(programs) - before
            second = clients.ask(patience_s)
            answered = min(first.right, second.right)
            return {
                "connections": answered,
                "held": arrived.held,
                "machine_limited": int(arrived.is_short),
                "answered": answered,
                "errors": wanted - answered,
                "connected_s": connected_s,
                "bytes_per_connection": grown / arrived.held,
                "processes": sum(program.processes() for program in programs),
                "programs": len(programs),
                "uss_mb": _uss(programs) / 1e6,
            }


class Crowd:
    """All processes that connect and ask."""

    def __init__(self, players: Sequence[Player], wanted: int):
        self._players, self._wanted = players, wanted

    def come(self, addresses: Sequence[tuple[str, int]], patience_s: float) -> Arrived:
        """How many were let in, of all that were wanted, in so many seconds."""
        for number, player in enumerate(self._players):
            count = part_of(self._wanted, number, len(self._players))
            player.order("come", _source(number), addresses, count, patience_s)
        found: list[Arrived] = [player.answer() for player in self._players]
        return reduce(add, found)

    def ask(self, patience_s: float) -> Answered:
        """Each connection asks once, at the same time as all others."""
        for player in self._players:
            player.order("ask", patience_s)
        found: list[Answered] = [player.answer() for player in self._players]
        return reduce(add, found)


@contextmanager
def crowd(wanted: int, cores: Cores) -> Iterator[Crowd]:
    """So many clients in as many processes as they need, all on the core of those who ask.

    Raises NoFigure where this system has not the addresses for so many.
    """
    if sys.platform != "linux" and wanted > ALONE:
        raise NoFigure(
            f"{wanted:,} connections need several loopback addresses, which only Linux has "
            "unasked; measure on Linux, or ask for fewer"
        )
    with ExitStack() as leaving:
        files = most_open_files()
        each = PER_CLIENT if files is None else min(PER_CLIENT, files - SPARE_FILES)
        count = math.ceil(wanted / each)
        players = [leaving.enter_context(Player(PART)) for _ in range(count)]
        for player in players:
            cores.give_load(player.pid)
        yield Crowd(players, wanted)


@contextmanager
def _serving(peer: Peer, built: Path | None, bench: Bench, wanted: int) -> Iterator[list[Program]]:
    """One program of so many processes, or so many programs: what the limit of files asks for."""
    files = most_open_files()
    each = wanted if files is None else files - SPARE_FILES
    with ExitStack() as leaving:
        if peer.shares_port:
            workers = math.ceil(UNEVEN * wanted / each) if wanted > each else 1
            seats = [("127.0.0.1", {"connections": wanted, "workers": workers})]
        else:
            programs = math.ceil(wanted / each)
            most = {"connections": math.ceil(wanted / programs)}
            seats = [(f"127.0.0.{number + 1}", most) for number in range(programs)]
        yield [
            leaving.enter_context(bench.started(peer, built, host, **most)) for host, most in seats
        ]


def _source(number: int) -> str:
    """An address that nobody listens at; "" where there are no others."""
    return f"127.1.0.{number + 1}" if sys.platform == "linux" else ""


def _warm(programs: Sequence[Program]) -> None:
    """The system spreads connections by their ports: so many reach every process."""
    for program in programs:
        for _ in range(WARM * program.seat.workers):
            program.ask().close()


def _uss(programs: Sequence[Program]) -> int:
    return sum(program.uss_bytes() for program in programs)
