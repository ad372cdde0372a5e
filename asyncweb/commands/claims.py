"""The command that puts the article on trial."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asyncweb.claims_arguments import SOAK_S
from asyncweb.commands.outcome import INTERRUPTED, interrupt
from asyncweb.output import check_output, write_json, write_text

if TYPE_CHECKING:
    from asyncweb.lab.claims.claim import Claim
    from asyncweb.lab.claims.peers.peer import Peer
    from asyncweb.lab.claims.report import Report
    from asyncweb.lab.claims.trial import Trial

PLAIN_WIDTH = 160
NOT_HAD = 1


def claims(options: argparse.Namespace) -> int:
    """The article's claims, tested here; or what there is to test, built or listed."""
    from asyncweb.lab.claims.chosen import chosen_peers
    from asyncweb.lab.claims.report import asked_for
    from asyncweb.lab.claims.twelve import CLAIMS

    _check_soak(options)
    wanted, peers = asked_for(CLAIMS, options.claims), chosen_peers(options.only)
    signal.signal(signal.SIGTERM, interrupt)
    if options.list:
        return _list(peers, wanted)
    if options.build:
        return _build(peers)
    if options.html:
        check_output(options.html, "--html")
    return _measured(options, peers, wanted)


def _list(peers: Sequence[Peer], wanted: Sequence[Claim]) -> int:
    from asyncweb.lab.claims import table
    from asyncweb.lab.claims.chosen import as_they_are

    console = _console()
    console.print(table.systems_table(as_they_are(peers)))
    console.print()
    console.print(table.claims_list(wanted))
    return 0


def _build(peers: Sequence[Peer]) -> int:
    from asyncweb.lab.claims.peers.workshop import BuildFailed, built

    code = 0
    for peer in peers:
        told = peer.missing()
        try:
            told = told or f"{peer.version(built(peer, _say))}, ready"
        except BuildFailed as error:
            told = str(error)
        code = code if told.endswith(", ready") else NOT_HAD
        print(f"{peer.name}: {told}", flush=True)
    return code


def _measured(options: argparse.Namespace, peers: Sequence[Peer], wanted: Sequence[Claim]) -> int:
    from asyncweb.lab.claims.judge import judge
    from asyncweb.lab.claims.kept import Kept
    from asyncweb.lab.claims.protocol import full, quick
    from asyncweb.lab.claims.trial import Trial
    from asyncweb.lab.claims.under_way import UnderWay
    from asyncweb.lab.claims.watching import watching

    protocol = quick() if options.quick else full(options.soak or SOAK_S)
