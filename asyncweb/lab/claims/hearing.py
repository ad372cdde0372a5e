"""The trial as a notebook holds it: one call that measures, and all that it has found.

Rule: a notebook waits for measurements, not for compilers: what is not built yet is not measured.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import psutil
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from asyncweb.errors import LessonError
from asyncweb.lab.claims import keeping, table
from asyncweb.lab.claims.chosen import NOT_BUILT, chosen_peers
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.inspection import Say, inspect, is_of
from asyncweb.lab.claims.judge import judge
from asyncweb.lab.claims.misleading import Doubt
from asyncweb.lab.claims.needs import needed
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import kept
from asyncweb.lab.claims.protocol import full as by_the_full_protocol
from asyncweb.lab.claims.protocol import quick
from asyncweb.lab.claims.report import SCHEMA, Report, asked_for
from asyncweb.lab.claims.trial import Trial
from asyncweb.lab.claims.twelve import CLAIMS
from asyncweb.lab.claims.under_way import UnderWay
from asyncweb.lab.claims.verdict import Verdict, Word
from asyncweb.lab.claims.watching import watching
from asyncweb.lab.shown import Shown
from asyncweb.metrics.probes import MachineTimes


class Heard(Shown):
    """What a trial has come to: `found["C6"]` is a verdict, `found.word("C6")` its word."""

    def __init__(self, report: Report):
        self.report = report

    @property
    def figures(self) -> Figures:
        """All that was measured."""
        return self.report.figures

    @property
    def costs(self) -> Costs:
        """What each system costs, with bands."""
        return Costs(self.report)

    @property
    def misleading(self) -> list[Doubt]:
        """What the run has to say against itself."""
        return self.report.misleading

    @property
    def left_behind(self) -> list[str]:
        """The programs that this Python has started and that still run."""
        return [child.name() for child in psutil.Process().children(recursive=True)]

    def word(self, claim: str) -> str:
        """How the claim with that id has ended: "holds here".

        One that was not asked for was not measured.
        """
        words = {known.id: verdict.word for known, verdict in self.report.verdicts}
        return str(words.get(claim, Word.UNMEASURED))

    def median(self, measure: str, system: str, name: str) -> float:
        """One number, the middle one of its rounds. Raises LessonError when there is none."""
        found = self.figures.median(measure, system, name)
        if found is None:
            why = self.figures.failure(measure, system) or "it was not measured"
            raise LessonError(f"there is no {name} of {system} in {measure}: {why}")
        return found

    def systems(self, measure: str) -> Iterator[str]:
        """Who was measured there."""
        yield from self.figures.systems(measure)

    def __getitem__(self, claim: str) -> Decided:
        for known, verdict in self.report.verdicts:
            if known.id == claim:
                return Decided(known, verdict)
        ids = ", ".join(known.id for known, _ in self.report.verdicts)
        raise LessonError(f"claim {claim!r} was not asked for; there are {ids}")

    def __rich__(self) -> RenderableType:
        return table.verdicts_table(self.report.verdicts)


class Decided(Shown):
    """A claim, and what became of it."""

    def __init__(self, claim: Claim, verdict: Verdict):
        self.claim, self.verdict = claim, verdict

    def __rich__(self) -> RenderableType:
        told = Table.grid(padding=(0, 2))
        claim, verdict = self.claim, self.verdict
        for head, text in (
            (claim.id, claim.said),
            ("tested", claim.tested),
            ("rule", claim.rule),
            (str(verdict.word), verdict.why),
            *verdict.figures,
            ("what would change it", claim.changes),
        ):
            told.add_row(Text(head, "bold"), Text(text))
        return Padding(told, (0, 0, 1, 0))


class Costs(Shown):
    """The table of costs."""

    def __init__(self, report: Report):
        self._report = report

    def __rich__(self) -> RenderableType:
        return table.costs_table(self._report)


def hear(*claims: str, only: Sequence[str] = (), full: bool = False) -> Heard:
    """The verdicts on `claims`, all twelve if none is named, measured here and now.

    `only` are words of the systems' names. The short protocol takes up to five minutes, the `full`
    one more than an hour. Shows itself live; Ctrl-C gives what was found until then. Raises
    ValueError for a claim or a system that is not known.
    """
    wanted, peers = asked_for(CLAIMS, claims), chosen_peers(only)
    measures = needed(wanted)
    protocol = by_the_full_protocol() if full else quick()
    trial = Trial(_ready(peers), protocol, None, keeping.rules(wanted), measures)
    unbuilt = [peer for peer in peers if peer not in trial.peers]
    for measure, peer in product(sorted(measures), unbuilt):
        if is_of(measure, peer):
            trial.figures.fail(measure, peer.name, NOT_BUILT)
    return Heard(held(trial, wanted, measures, lambda line: None))


def read(file: str | Path) -> Heard:
    """What `asyncweb claims --json` has written. Raises LessonError for another file."""
    try:
        told = json.loads(Path(file).read_text())
    except (OSError, ValueError) as error:
        raise LessonError(f"{file} cannot be read: {error}") from None
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise LessonError(f"{file} is no report: expected one of asyncweb claims --json FILE")
    figures = Figures.of(told["figures"])
    claims = asked_for(CLAIMS, [verdict["id"] for verdict in told["verdicts"]])
    known = ("schema", "systems", "figures", "verdicts", "misleading")
    return Heard(
        Report(
            kept={name: value for name, value in told.items() if name not in known},
            systems=told["systems"],
            figures=figures,
            verdicts=judge(figures, claims),
            stolen_share=told["stolen_share"],
            interrupted=told["interrupted"],
        )
    )


def held(trial: Trial, claims: Sequence[Claim], measures: Collection[str], say: Say) -> Report:
    """What `trial` has come to, at its end or when somebody has ended it; shows it live."""
    names = [peer.name for peer in trial.peers]
    seen = UnderWay(names, trial.figures, lambda figures: judge(figures, claims), measures)
    before, interrupted = MachineTimes.now(), False
    try:
        with watching(seen, Console(stderr=True)) as tell:
            trial.run(tell)
        inspect(trial.figures, trial.peers, measures, say)
    except KeyboardInterrupt:
        interrupted = True
    trial.record.add_times(before, MachineTimes.now())
    return replace(keeping.reported(trial, claims), interrupted=interrupted)


def _ready(peers: Sequence[Peer]) -> list[Peer]:
    """Those that need not be built first."""
    return [peer for peer in peers if peer.sources is None or kept(peer) is not None]
