"""The command that puts the article on trial.

Rule: standard output is for the result; the run is kept in a file, whatever becomes of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.claims_arguments import SOAK_S
from asyncweb.commands.modes import check_mode
from asyncweb.commands.outcome import INTERRUPTED, take_every_end_as_ctrl_c
from asyncweb.output import check_output, write_json, write_text

if TYPE_CHECKING:
    from asyncweb.lab.claims.claim import Claim
    from asyncweb.lab.claims.peers.peer import Peer
    from asyncweb.lab.claims.protocol import Protocol
    from asyncweb.lab.claims.report import Report

PLAIN_WIDTH = 160
NOT_HAD = 1


def claims(options: argparse.Namespace) -> int:
    """The article's claims, tested here; or what there is to test, built or listed."""
    from asyncweb.lab.claims.chosen import chosen_peers
    from asyncweb.lab.claims.report import asked_for
    from asyncweb.lab.claims.twelve import CLAIMS

    modes = ("merge", "list", "build")
    check_mode(options, next((mode for mode in modes if vars(options)[mode]), "measure"))
    if options.merge:
        return _merge(options)
    wanted, peers = asked_for(CLAIMS, options.claims), chosen_peers(options.only)
    take_every_end_as_ctrl_c()
    if options.list:
        return _list(peers, wanted)
    if options.build:
        return _build(peers)
    return _measure(options, peers, wanted)


def _list(peers: Sequence[Peer], wanted: Sequence[Claim]) -> int:
    from asyncweb.lab.claims import table
    from asyncweb.lab.claims.chosen import as_they_are

    console = _console()
    console.print(table.systems_list(as_they_are(peers)))
    console.print(table.claims_list(wanted))
    return 0


def _build(peers: Sequence[Peer]) -> int:
    from asyncweb.lab.claims.bench import FAULTS, reason
    from asyncweb.lab.claims.peers.workshop import built

    code = 0
    for peer in peers:
        why = peer.missing()
        try:
            told = why or f"{peer.version(built(peer, _say))}, ready"
        except FAULTS as error:
            told = why = reason(error)
        print(f"{peer.name}: {told}", flush=True)
        code = NOT_HAD if why else code
    return code


def _merge(options: argparse.Namespace) -> int:
    """C10, from reports of several operating systems."""
    from asyncweb.lab.claims import table
    from asyncweb.lab.claims.merge import merge
    from asyncweb.lab.claims.report import judged
    from asyncweb.lab.claims.twelve.c10 import AnySystem

    check_output(options.json)
    claim = AnySystem()
    verdict = claim.decide(merge([*map(Path, options.merge)], options.same_machine))
    console = _console(options.json == "-")
    console.print(table.verdicts_table([(claim, verdict)]))
    console.print(table.figures_list(verdict))
    write_json(options.json, judged(claim, verdict))
    return 0


def _measure(options: argparse.Namespace, peers: Sequence[Peer], wanted: Sequence[Claim]) -> int:
    from asyncweb.lab.claims import keeping
    from asyncweb.lab.claims.hearing import held
    from asyncweb.lab.claims.needs import needed
    from asyncweb.lab.claims.trial import Trial

    protocol = _protocol(options)
    if options.html:
        check_output(options.html, "--html")
    is_named = options.json not in (None, "-")
    file = Path(options.json) if is_named else keeping.own_file(protocol)
    measures = needed(wanted)
    trial = Trial(peers, protocol, file, keeping.rules(wanted), measures)
    keeping.add_rules(trial, wanted)
    trial.record.write(file)  # or raises now, and not after the first build
    report = held(trial, wanted, measures, _say)
    keeping.keep(report, file)
    goes_on = report.interrupted or not keeping.is_whole(trial)
    if not (is_named or goes_on):
        file = keeping.put_away(file)
    _conclude(options, report)
    more = "; the same command goes on from there" if goes_on else ""
    _say(f"kept in {file}{more}")
    return INTERRUPTED if report.interrupted else 0


def _protocol(options: argparse.Namespace) -> Protocol:
    from asyncweb.lab.claims.protocol import full, quick

    if options.soak is not None and not options.soak >= 1:
        raise ValueError(f"--soak {options.soak:g}: expected a second or more")
    if not options.quick:
        return full(options.soak or SOAK_S)
    if options.soak:
        raise ValueError("--soak is for the full run: --quick has a soak of its own")
    return quick()


def _conclude(options: argparse.Namespace, report: Report) -> None:
    """Shows the result, and writes it where it is wanted."""
    from asyncweb.lab.claims.page import page
    from asyncweb.lab.claims.table import results

    _console(options.json == "-").print(results(report))
    if options.html:
        write_text(options.html, page(report), "--html")
    if options.json == "-":
        write_json("-", report.to_dict())


def _console(stderr: bool = False) -> Any:
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:  # a file is as wide as it has to be
        console.width = max(console.width, PLAIN_WIDTH)
    return console


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
