"""Instruments for tests: what proves concurrency without looking at the clock on the wall.

    from asyncweb.instruments import LoopWatch, MemoryProbe, Rendezvous, explore

Rule: an instrument counts, compares or decides who runs; none judges by how long something took.
"""

from __future__ import annotations

from asyncweb.instruments.interleavings import explore, replay
from asyncweb.instruments.loop_watch import LoopWatch
from asyncweb.instruments.memory_probe import MemoryProbe
from asyncweb.instruments.rendezvous import Rendezvous
from asyncweb.instruments.scripted_client import ScriptedClient
from asyncweb.instruments.scripted_peer import ScriptedPeer
from asyncweb.instruments.virtual_loop import VirtualLoop, run_in_virtual_time

__all__ = [
    "LoopWatch",
    "MemoryProbe",
    "Rendezvous",
    "ScriptedClient",
    "ScriptedPeer",
    "VirtualLoop",
    "explore",
    "replay",
    "run_in_virtual_time",
]
