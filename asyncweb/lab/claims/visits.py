"""One visit: a system is started anew, asked for its answers, warmed up, and measured.

Rule: a look that fails has its reason; when the system is gone, so have all looks that were to
follow. What is looked at after all loads is a process that had all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeAlias

from asyncweb.lab.claims import names
from asyncweb.lab.claims.bench import FAULTS, Bench, reason
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.idle import loaded, start
from asyncweb.lab.claims.loads import counted, full, rate, steady, warm_up
from asyncweb.lab.claims.many import many
from asyncweb.lab.claims.material import BODIES, HELLO, READ, WAIT
from asyncweb.lab.claims.others import others
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.program import Program
from asyncweb.lab.claims.protocol import CONNECTIONS
from asyncweb.lab.claims.soaked import soaked
from asyncweb.lab.claims.wrk import second_generator

Look: TypeAlias = Callable[[Program, Bench], Figure]
Found: TypeAlias = Generator[tuple[str, Figure | str], None, None]

LOOKS: dict[str, Look] = {
    names.START: start,
    **{name: partial(counted, path=HELLO, connections=n) for n, name in names.HELLO.items()},
    **{name: partial(counted, path=READ, connections=n) for n, name in names.READ.items()},
    names.WAIT: partial(counted, path=WAIT, connections=CONNECTIONS),
    **{name: partial(second_generator, connections=n) for n, name in names.WRK.items()},
    names.RATE: rate,
    names.OTHERS: others,
    names.LOADED: loaded,
    **{name: partial(steady, connections=n) for n, name in names.STEADY.items()},
    **{name: partial(full, connections=n) for n, name in names.FULL.items()},
    names.SOAK: soaked,
}


def visit(
    peer: Peer, built: Path | None, bench: Bench, planned: Sequence[str], wanted: Sequence[str]
) -> Found:
    """The figure of each that is `wanted`, or why there is none, as soon as it is there.

    Where memory after all loads is wanted, all that are `planned` for this visit are looked at:
    they are its loads, whether their figures are wanted or not.
    """
    left = list(wanted)
    measures = planned if names.LOADED in wanted else wanted
    looks = _of_many if left == [names.MANY] else _of_one
    try:
        with closing(looks(peer, built, bench, measures)) as found:
            for measure, figure in (look for look in found if look[0] in wanted):
                left.remove(measure)
                yield measure, figure
    except FAULTS as error:
        for measure in left:
            yield measure, reason(error)


def _of_many(peer: Peer, built: Path | None, bench: Bench, measures: Sequence[str]) -> Found:
    """Of as many processes as it takes."""
    for measure in measures:
        yield measure, many(peer, built, bench)


def _of_one(peer: Peer, built: Path | None, bench: Bench, measures: Sequence[str]) -> Found:
    """Of one process; the start is looked at before anything else is asked of it."""
    is_ready = False
    with bench.started(peer, built) as program:
        for measure in measures:
            if measure != names.START and not is_ready:
                _make_ready(program, bench)
                is_ready = True
            yield measure, _looked(LOOKS[measure], program, bench)


def _make_ready(program: Program, bench: Bench) -> None:
    for path in BODIES:
        program.ask(path).close()
    warm_up(program, bench)


def _looked(look: Look, program: Program, bench: Bench) -> Figure | str:
    """What was found, or why nothing was. Raises NotRunning when the system has ended."""
    try:
        found: Figure | str = look(program, bench)
    except FAULTS as error:
        found = reason(error)
    program.check_alive()
    return found
