"""The systems of the trial, one small folder each: real servers that answer the same questions.

Rule: a peer is asked for only through the list here, which names them all.
"""

from __future__ import annotations

from importlib import import_module

from asyncweb.lab.claims.peers.peer import Peer

# Each of these modules names its systems in PEERS.
FOLDERS = ("rust", "apache", "node", "spring", "python", "ours")


def all_peers() -> dict[str, Peer]:
    """Every system by its name, in the order of the report.

    >>> list(all_peers())[-2:]
    ['asyncweb async', 'asyncweb threads']
    """
    found: dict[str, Peer] = {}
    for folder in FOLDERS:
        module = import_module(f"asyncweb.lab.claims.peers.{folder}")
        found |= {peer.name: peer for peer in module.PEERS}
    return found
