"""The claims of the article, each in a file of its own.

Rule: none of these measures anything; the line that decides is a name at the top of its file.
"""

from __future__ import annotations

from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.twelve.c01 import ApacheLatency
from asyncweb.lab.claims.twelve.c02 import HyperlaneLatency
from asyncweb.lab.claims.twelve.c03 import ThreadPerRequest
from asyncweb.lab.claims.twelve.c04 import ManyConnections
from asyncweb.lab.claims.twelve.c05 import CpuUnderLoad
from asyncweb.lab.claims.twelve.c06 import StartTime
from asyncweb.lab.claims.twelve.c07 import Memory
from asyncweb.lab.claims.twelve.c08 import NoLeak
from asyncweb.lab.claims.twelve.c09 import WaitingRequest
from asyncweb.lab.claims.twelve.c10 import AnySystem
from asyncweb.lab.claims.twelve.c11 import NoDependency
from asyncweb.lab.claims.twelve.c12 import MemorySafety

CLAIMS: tuple[Claim, ...] = (
    ApacheLatency(),
    HyperlaneLatency(),
    ThreadPerRequest(),
    ManyConnections(),
    CpuUnderLoad(),
    StartTime(),
    Memory(),
    NoLeak(),
    WaitingRequest(),
    AnySystem(),
    NoDependency(),
    MemorySafety(),
)
