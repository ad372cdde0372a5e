"""The run: every system is visited in turns, round after round, and every figure is kept at once.

Rule: whatever disturbs the machine disturbs all systems alike, and what one of them does costs no
figure but its own.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from asyncweb.lab.claims.announced import announced
from asyncweb.lab.claims.bench import FAULTS, Bench, NoFigure, reason
from asyncweb.lab.claims.figures import Figure, Figures
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.names import ROUND
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import built
from asyncweb.lab.claims.pinning import this_machine
from asyncweb.lab.claims.protocol import Protocol
from asyncweb.lab.claims.record import Record, now
from asyncweb.lab.claims.visits import visit

BUILD = "build"  # told of beside the measures
NO_TIME = "there was no time for it in {:g} minutes; start the same trial again, and it goes on"
clock = time.monotonic


@dataclass(frozen=True)
class Event:
    """One step of a trial: it begins, and then it has a figure, or has failed.

    >>> Event("Node.js", "hello_1", 0, done=3, total=80).is_over
    False
    >>> Event("Node.js", "hello_1", 0, done=4, total=80, figure={"mean_us": 90.0}).is_over
    True
    """

    system: str
    measure: str  # of names.py, or BUILD
    round: int  # from 0
    done: int  # looks that are there or have failed, of `total`
    total: int
    figure: Figure | None = None
    failure: str = ""  # why there is no figure, and the way out
    said: str = ""  # how a build goes

    @property
    def is_over(self) -> bool:
        """Whether this is its end."""
        return self.figure is not None or bool(self.failure)


Tell = Callable[[Event], object]


class Trial:
    """`Trial(peers, protocol, file).run(tell)`: all figures, of which `file` has each at once.

    `rules` are sentences that are written down with the protocol, before the first look. With
    `measures`, only these are looked at. A file of the same trial is gone on from; what failed is
    tried again. Raises OtherRecord for any other.
    """

    def __init__(
        self,
        peers: Sequence[Peer],
        protocol: Protocol,
        file: Path | None = None,
        rules: Sequence[str] = (),
        measures: Collection[str] = (),
    ):
        self.peers, self.protocol, self._file = tuple(peers), protocol, file
        self._rules = rules
        self._visits = [
            tuple(one for one in visit if not measures or one in measures)
            for visit in protocol.measures()
        ]
        self.measures = [one for visit in self._visits for one in visit]  # that need a visit
        self._cores = this_machine()
        self.record = Record.begun(file, protocol, str(self._cores))
        self._places: dict[str, Path | None] = {}  # what could be had, and where it was built
        self._took: dict[tuple[str, ...], float] = {}  # seconds, of a round of these measures

    @property
    def figures(self) -> Figures:
        """Those there are until now."""
        return self.record.figures

    def run(self, tell: Tell = lambda event: None) -> Figures:
        """Builds what is not built, then measures what is not measured.

        Hours may pass; `tell` hears of each step, in this thread. Ctrl-C is raised when all that
        was started has been stopped; what was measured until then is in `figures`, and in the file.
        """
        for peer in self.peers if self.measures else ():
            self._prepare(peer, tell)
        self._end = clock() + 60 * self.protocol.most_minutes
        if not self.record.announced:
            self.record.announced = [*announced(self.protocol, self.record), *self._rules]
        elif self._is_lacking():
            self.record.gone_on.append(now())
        self._keep()
        with tempfile.TemporaryDirectory(prefix="asyncweb-claims-") as folder:
            material = Material.written(Path(folder))
            with Bench(self.protocol, material, self._cores) as bench:
                for number, measures in self._rounds():
                    began = clock()
                    self._round(bench, number, measures, tell)
                    self._took[measures] = clock() - began
        return self.figures

    def _prepare(self, peer: Peer, tell: Tell) -> None:
        """Builds it, or says in each of its rows why it cannot be had."""
        try:
            if why := peer.missing():
                raise NoFigure(why)
            place = built(peer, lambda line: tell(self._event(peer, BUILD, 0, said=line)))
            version = peer.version(place)
        except FAULTS as error:
            for measure in self.measures:
                self.figures.fail(measure, peer.name, reason(error))
            tell(self._event(peer, BUILD, 0, failure=reason(error)))
        else:
            self.record.add_system(peer.name, version, peer.settings)
            self._places[peer.name] = place

    def _rounds(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """All that is planned, the first round of everything first, while there is time."""
        most = max(map(self.protocol.rounds_of, self.measures), default=0)
        for number in range(most):
            for measures in self._visits:
                if number == 0 or clock() + self._took.get(measures, 0.0) < self._end:
                    yield number, measures

    def _is_lacking(self) -> bool:
        """Whether this run has anything to look at."""
        return any(
            self._lacks(measure, peer, number)
            for number, measures in self._rounds()
            for peer in self._present()
            for measure in self._planned(measures, peer, number)
        )

    def _present(self) -> list[Peer]:
        """Those that could be had."""
        return [peer for peer in self.peers if peer.name in self._places]

    def _round(self, bench: Bench, number: int, measures: tuple[str, ...], tell: Tell) -> None:
        present = self._present()
        for peer in reversed(present) if number % 2 else present:
            planned = self._planned(measures, peer, number)
            wanted = [measure for measure in planned if self._lacks(measure, peer, number)]
            if not wanted:
                continue
            if clock() >= self._end:
                self._give_up(peer, wanted, number, tell)
                continue
            tell(self._event(peer, wanted[0], number))
            began = clock()
            # Closed at once when `tell` raises: a system runs in there.
            with closing(visit(peer, self._places[peer.name], bench, planned, wanted)) as looks:
                for measure, found in looks:
                    self.record.seconds += clock() - began
                    began = clock()
                    tell(self._found(peer, measure, number, found))

    def _give_up(self, peer: Peer, measures: list[str], number: int, tell: Tell) -> None:
        """There is no time left. What has a round already goes without the others."""
        for measure in measures:
            if not self.figures.rounds(measure, peer.name):
                why = NO_TIME.format(self.protocol.most_minutes)
                tell(self._found(peer, measure, number, why))

    def _found(self, peer: Peer, measure: str, number: int, found: Figure | str) -> Event:
        """Keeps what a look has found."""
        told: dict[str, Figure | str] = {"failure": found}
        if isinstance(found, str):
            self.figures.fail(measure, peer.name, found)
        else:
            numbered = {**found, ROUND: number}
            self.figures.add(measure, peer.name, numbered)
            told = {"figure": numbered}
        self._keep()
        return self._event(peer, measure, number, **told)

    def _planned(self, measures: tuple[str, ...], peer: Peer, number: int) -> list[str]:
        """Those that have that round. What has failed and was never there is given up."""
        figures, rounds_of = self.figures, self.protocol.rounds_of
        return [
            measure
            for measure in measures
            if number < rounds_of(measure)
            and (figures.rounds(measure, peer.name) or not figures.failure(measure, peer.name))
        ]

    def _lacks(self, measure: str, peer: Peer, number: int) -> bool:
        return number not in self.figures.by_round(measure, peer.name)

    def _event(self, peer: Peer, measure: str, number: int, **told: Figure | str) -> Event:
        done = total = 0
        for name in self.measures:
            rounds = self.protocol.rounds_of(name)
            total += rounds * len(self.peers)
            for one in self.peers:
                is_over = bool(self.figures.failure(name, one.name))
                done += rounds if is_over else len(self.figures.rounds(name, one.name))
        return Event(peer.name, measure, number, done, total, **told)  # type: ignore[arg-type]

    def _keep(self) -> None:
        if self._file is not None:
            self.record.write(self._file)
