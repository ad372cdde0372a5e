"""Every defect, tried on every system: who does what is due, and who what.

Rule: what could not be tried is a row that says why, and no outcome; a system that a probe has
ended is started again for the next one.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.lab.claims.article.defect import Defect, Outcome, probe
from asyncweb.lab.claims.article.http_defects import CROWDED, FILES, HTTP_DEFECTS
from asyncweb.lab.claims.article.markup import table
from asyncweb.lab.claims.article.systems import SYSTEMS, WITHOUT_WEBSOCKET, Few
from asyncweb.lab.claims.article.websocket_defects import WEBSOCKET_DEFECTS
from asyncweb.lab.claims.launched import NotRunning, free_port
from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.workshop import BuildFailed, built
from asyncweb.lab.claims.program import Program
from asyncweb.lab.shown import Shown

if TYPE_CHECKING:
    from rich.console import RenderableType

DEFECTS = (*HTTP_DEFECTS, *WEBSOCKET_DEFECTS, CROWDED)

DOUBT = (
    "How this could mislead you: who wrote asyncweb chose the questions, and knew what it answers. "
    "A count of them says nothing of how often clients ask so."
)


@dataclass(frozen=True, repr=False)
class SideBySide(Shown):
    """Outcomes by system and defect; `untried` says of a system why it has none.

    >>> from asyncweb.lab.claims.article.http_defects import CROWDED
    >>> outcome = Outcome(False, "nothing, the server is gone")
    >>> SideBySide({"one": {CROWDED.name: outcome}}, {"two": "not installed"}).wrong("one")
    ['100 clients for 64 files']
    """

    outcomes: Mapping[str, Mapping[str, Outcome]]
    untried: Mapping[str, str]

    def wrong(self, system: str) -> list[str]:
        """The names of what that system does wrong, in the order they were tried."""
        return [name for name, outcome in self.outcomes[system].items() if not outcome.is_right]

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it: for each defect what is due, where that stands, and what came."""
        told = [
            {
                "name": defect.name, "source": defect.source, "due": defect.due,
                "matters": defect.matters,
                "outcomes": {
                    system: asdict(outcomes[defect.name])
                    for system, outcomes in self.outcomes.items()
                    if defect.name in outcomes
                },
            }
            for defect in DEFECTS
        ]  # fmt: skip
        return {"defects": told, "untried": dict(self.untried)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> SideBySide:
        """What `to_dict` gave."""
        outcomes: dict[str, dict[str, Outcome]] = {}
        for defect in kept["defects"]:
            for system, outcome in defect["outcomes"].items():
                outcomes.setdefault(system, {})[defect["name"]] = Outcome(**outcome)
        return cls(outcomes, dict(kept["untried"]))

    @property
    def html(self) -> str:
        """A piece of a page: the table, and below it how many each does right."""
        return table(self._rows(), self.outcomes, self._below())

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, str]:
        return {**super()._repr_mimebundle_(), "text/html": self.html}

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        drawn = Table(title="What a client sends, what is due, and what comes", show_lines=True)
        for head in ("sent", "due", *self.outcomes):
            drawn.add_column(head)
        for defect in self._rows():
            cells = [_cell(outcomes.get(defect.name)) for outcomes in self.outcomes.values()]
            drawn.add_row(Text(defect.name), Text(f"{defect.due}\n{defect.source}"), *cells)
        return Group(drawn, *map(Text, self._below()))

    def _rows(self) -> list[Defect]:
        """What somebody was asked."""
        asked = {name for outcomes in self.outcomes.values() for name in outcomes}
        return [defect for defect in DEFECTS if defect.name in asked]

    def _below(self) -> list[str]:
        told = [
            f"{system}: {len(outcomes) - len(self.wrong(system))} of {len(outcomes)} right"
            for system, outcomes in self.outcomes.items()
        ]
        untried = [f"{system}: not tried, {why}" for system, why in self.untried.items()]
        return [*told, *untried, DOUBT]


def _cell(outcome: Outcome | None) -> RenderableType:
    from rich.text import Text

    if outcome is None:
        return Text("not tried")
    mark, style = ("✓", "green") if outcome.is_right else ("✗", "red")
    return Text(f"{mark} {outcome.seen}", style=style)


def try_defects(
    systems: Sequence[Peer] = SYSTEMS,
    defects: Sequence[Defect] = DEFECTS,
    say: Callable[[str], object] = lambda line: None,
) -> SideBySide:
    """Tries each of `defects` on each of `systems`, in processes of their own: half a minute each.

    The first time hyperlane is built, for minutes; where it cannot be, `untried` says why. A system
    that has no WebSocket here is not asked about them.
    """
    outcomes: dict[str, dict[str, Outcome]] = {}
    untried: dict[str, str] = {}
    for peer in systems:
        if why := peer.missing():
            untried[peer.name] = why
            continue
        has_none = isinstance(peer, WITHOUT_WEBSOCKET)
        fitting = [one for one in defects if not (has_none and one in WEBSOCKET_DEFECTS)]
        try:
            place = built(peer, say)
            say(f"trying {len(fitting)} defects on {peer.name}")
            outcomes[peer.name] = _tried(peer, place, fitting)
        except (BuildFailed, NotRunning, OSError) as error:
            untried[peer.name] = str(error)
    return SideBySide(outcomes, untried)


def _tried(peer: Peer, place: Path | None, defects: Sequence[Defect]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    plain = [defect for defect in defects if not defect.crowd]
    crowded = [defect for defect in defects if defect.crowd and sys.platform != "win32"]
    while rest := plain[len(outcomes) :]:
        with running(peer, place) as program:
            outcomes |= _until_it_ends(program, rest)
    for defect in crowded:
        with running(Few(peer, FILES), place) as program:
            outcomes[defect.name] = probe(defect, program.seat.port)
    return outcomes


def _until_it_ends(program: Program, defects: Sequence[Defect]) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for defect in defects:
        outcomes[defect.name] = probe(defect, program.seat.port)
        if not program.alive:
            break
    return outcomes


@contextlib.contextmanager
def running(peer: Peer, place: Path | None) -> Iterator[Program]:
    """`peer` at work, as a Program, with a folder of its own; both are gone after the with."""
    with tempfile.TemporaryDirectory() as folder:
        seat = Seat(free_port(), Material.written(Path(folder)), Path(folder))
        with Program(peer, place, seat) as program:
            yield program
