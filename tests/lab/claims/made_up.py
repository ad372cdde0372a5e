"""Systems of no renown: small ones that behave, and that do not; and a trial that takes no time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims import names
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.workshop import BuildFailed
from asyncweb.lab.claims.protocol import Crowds, Loads, Many, Others, Protocol, Rounds, Soak

SERVER = Path(__file__).with_name("small_server.py")


class Small(Peer):
    """What all of them have in common."""

    language, model, licence, settings = "Python", "event loop", "MIT", "none"
    manner: ClassVar[str] = "right"

    def __init__(self, name: str = "small"):
        self.name = name  # type: ignore[misc]

    def version(self, built: Path | None) -> str:
        return "1"

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        return [sys.executable, str(SERVER), seat.host, str(seat.port), self.manner]


class Wrong(Small):
    """Answers, and not what it is asked."""

    manner = "wrong"


class Mortal(Small):
    """Dies in the middle of a run."""

    manner = "mortal"


class Unbuilt(Small):
    """Cannot be built."""

    sources = SERVER.parent

    def build(self, into: Path) -> None:
        raise BuildFailed("cc ended with 1: no such header")


class Missing(Small):
    """Needs what nobody has."""

    tools: ClassVar = {"no-such-program": "nobody can install it"}


class Tiny(Protocol):
    """Two visits, three measures."""

    def measures(self) -> tuple[tuple[str, ...], ...]:
        return ((names.START, names.HELLO[1]), (names.STEADY[100],))


def tiny(rounds: int = 2, kind: type[Protocol] = Tiny) -> Protocol:
    """A protocol that takes a second for each system and round."""
    return kind(
        "tiny", 5.0, Rounds(rounds, rounds),
        Loads(requests=20, warm_requests=5, warm_s=0.5, rate_rps=200, rate_s=0.2, wrk_s=1),
        Crowds(sizes=(100,), rate_rps=200, seconds=0.3, idle=(5, 10, 20)),
        Others(seconds=0.3, rate_rps=100),
        Many(connections=60, patience_s=5.0),
        Soak(seconds=3.6, rate_rps=100),
    )  # fmt: skip
