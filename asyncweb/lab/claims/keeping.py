"""Where a run of the trial is kept, what is written there before it, and what it becomes after.

Rule: the protocol and the rules are in the file before the first figure is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.chosen import as_it_is
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.judge import judge
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.protocol import Protocol, quick
from asyncweb.lab.claims.record import now
from asyncweb.lab.claims.report import Report, described
from asyncweb.lab.claims.trial import NO_TIME, Trial
from asyncweb.loadtest.cache import cache_folder


def own_file(protocol: Protocol) -> Path:
    """Where a run is kept that nobody has named a file for; its folder is there."""
    folder = cache_folder() / "claims"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{protocol.name}-soak-{protocol.soak.seconds:g}s.json"


def keep(report: Report, file: Path) -> None:
    """Takes the place of the trial's own `file` at once: a run can still go on from it."""
    partial = file.with_name(file.name + ".partial")
    told = json.dumps(report.to_dict(), indent=1)
    partial.write_text(told + "\n", encoding="utf-8")
    partial.replace(file)


def is_whole(trial: Trial) -> bool:
    """Whether all was looked at for which there was a way; the time may have ended before."""
    return all(
        _is_whole(trial, measure, peer.name) for measure in trial.measures for peer in trial.peers
    )


def put_away(file: Path) -> Path:
    """Gives a finished run a name of its own, so that the next one begins anew."""
    ended = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    return file.rename(file.with_name(f"{file.stem}-{ended}{file.suffix}"))


def rules(claims: Iterable[Claim]) -> list[str]:
    """What is written down beside the protocol before the first look."""
    return [f"Written down on {now()}, before the first look.", *map(_rule, claims)]


def add_rules(trial: Trial, claims: Iterable[Claim]) -> None:
    """Writes down the rules of claims that a run which goes on was not asked for before."""
    announced = trial.record.announced
    missing = [line for line in map(_rule, claims) if line not in announced]
    if announced and missing:
        announced += [f"Added on {now()}, when the run went on.", *missing]


def reported(trial: Trial, claims: Sequence[Claim]) -> Report:
    """What `trial` has come to, whether it is at its end or not."""
    return Report(
        kept=trial.record.to_dict(),
        systems=[*_systems(trial)],
        figures=trial.figures,
        verdicts=judge(trial.figures, claims),
        stolen_share=trial.record.stolen_share,
    )


def _is_whole(trial: Trial, measure: str, system: str) -> bool:
    """Whether it has failed by itself, or has all rounds that were promised."""
    if why := trial.figures.failure(measure, system):
        return not why.startswith(NO_TIME.partition("{")[0])
    # A quick run promises its minutes, and further rounds only where these leave time for them.
    is_quick = trial.protocol.name == quick().name
    rounds = 1 if is_quick else trial.protocol.rounds_of(measure)
    return len(trial.figures.rounds(measure, system)) >= rounds


def _rule(claim: Claim) -> str:
    return f"{claim.id}: {claim.rule}"


def _systems(trial: Trial) -> Iterator[dict[str, Any]]:
    """Those that were asked for now, and those that the file has from before."""
    asked = {peer.name for peer in trial.peers}
    for name, peer in all_peers().items():
        version = trial.record.versions.get(name, "")
        if version:
            yield described(peer, version)
        elif name in asked:
            yield _unvisited(trial, peer)


def _unvisited(trial: Trial, peer: Peer) -> dict[str, Any]:
    """A system whose version the trial does not know."""
    if not trial.measures:  # it visits nobody, to count crates or to compile snippets
        return as_it_is(peer)
    # All that was asked of it has failed for what it could not be had for.
    reasons = (trial.figures.failure(measure, peer.name) for measure in trial.figures.failures)
    return described(peer, missing=next(filter(None, reasons), "it was not come to"))
