"""Figures that nobody has measured: all systems, all measures, plausible and always the same.

Rule: what these figures say is for tests of what is drawn and told from figures, and for no claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from asyncweb.lab.claims import names
from asyncweb.lab.claims.claim import Claim
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.report import Report
from asyncweb.lab.claims.verdict import Verdict, Word

# name -> CPU per request in µs, base memory in MB, bytes of a connection, start in ms
SYSTEMS: Mapping[str, tuple[float, float, float, float]] = {
    names.OUR_LOOP: (25.0, 18.0, 2_531, 180.0),
    names.OUR_THREADS: (80.0, 18.5, 19_194, 170.0),
    names.HYPERLANE: (14.0, 3.1, 5_000, 9.0),
    names.HYPERLANE_NOW: (12.0, 3.4, 4_000, 9.5),
    names.TOKIO: (9.0, 2.2, 3_000, 6.0),
    names.APACHE[0]: (60.0, 30.0, 900_000, 60.0),
    names.APACHE[1]: (45.0, 22.0, 60_000, 55.0),
    names.APACHE[2]: (40.0, 21.0, 9_000, 55.0),
    names.NODE: (83.0, 41.0, 10_700, 45.0),
    names.SPRING: (120.0, 190.0, 40_000, 4_200.0),
    names.SPRING_VIRTUAL: (110.0, 185.0, 30_000, 4_100.0),
    names.WAITRESS: (210.0, 20.0, 6_000, 210.0),
    names.GUNICORN: (230.0, 40.0, 5_500, 350.0),
    names.UVICORN: (55.0, 23.0, 7_800, 330.0),
    names.GRANIAN: (38.0, 26.0, 4_200, 240.0),
}
SWINGS = (1.0, 0.95, 1.06)  # of the rounds
LOADS = {
    **{name: count for count, name in names.HELLO.items()},
    **{name: count for count, name in names.READ.items()},
    names.WAIT: 64,
}
CROWDS = {
    **{name: count for count, name in names.STEADY.items()},
    **{name: count for count, name in names.FULL.items()},
}


def load(cpu_us: float, connections: int, wait_us: float = 0.0) -> dict[str, float]:
    """One look at a load on one core that is the limit."""
    mean_us = (cpu_us + 20.0) * connections + wait_us
    return {
        "requests": 10_000,
        "errors": 0,
        "mean_us": mean_us,
        "p50_us": 0.9 * mean_us,
        "p99_us": 2.5 * mean_us,
        "max_us": 9.0 * mean_us,
        "requests_per_s": 1e6 * connections / mean_us,
        "cpu_us": cpu_us,
        "cpu_share": 0.8,
        "client_cpu": 0.5,
        "client_limited": 0,
    }


def look(system: str, swing: float) -> dict[str, dict[str, float]]:
    """One round of everything on that system."""
    cpu_us, base_mb, connection, start_ms = SYSTEMS[system]
    cpu_us *= swing
    found = {
        measure: load(cpu_us, count, 10_000 if measure == names.WAIT else 0)
        for measure, count in {**LOADS, **CROWDS}.items()
    }
    found |= {name: {**load(cpu_us, 1), "rate": 2_000} for name in names.STEADY.values()}
    keys = ("mean_us", "p50_us", "p99_us", "requests_per_s", "client_cpu")
    for count, name in names.WRK.items():
        found[name] = {key: found[names.HELLO[count]][key] for key in keys}
    found[names.RATE] = {**load(1.3 * cpu_us, 1), "rate": 2_000}
    memory = {"idle_uss_mb": base_mb * swing, "idle_rss_mb": 1.3 * base_mb, "threads": 2}
    found[names.START] = {"first_answer_ms": start_ms * swing, **memory}
    loaded = {"uss_mb": 1.4 * base_mb * swing, "rss_mb": 1.7 * base_mb}
    found[names.LOADED] = {**loaded, "bytes_per_connection": connection * swing}
    alone = {"alone_p50_us": 400 * swing, "alone_p99_us": 900 * swing, "errors": 0}
    beside = {"beside_p50_us": 420 * swing, "beside_p99_us": 990 * swing, "waiting": 500}
    found[names.OTHERS] = {**alone, **beside}
    return found


def once(system: str) -> dict[str, dict[str, float]]:
    """What is looked at only once."""
    _, base_mb, connection, _ = SYSTEMS[system]
    many = {"connections": 50_000, "answered": 50_000, "errors": 0, "connected_s": 12.0}
    size = {"bytes_per_connection": connection, "processes": 3, "uss_mb": 3 * base_mb}
    soak = {"seconds": 600, "requests": 600_000, "errors": 0, "bytes_per_request": 0.01}
    trend = {"band": 0.05, "grown_mb": 0.1, "is_leak": 0, "is_level": 1}
    return {
        names.MANY: {**many, **size},
        names.SOAK: {**soak, **trend},
        names.DEPENDENCIES: {"direct": 4, "all": 40, "beyond_runtime": 30, "own": 20},
    }


def figures(systems: Iterable[str] = SYSTEMS, rounds: int = 3) -> Figures:
    """`rounds` of everything on each of `systems`."""
    found = Figures()
    for system in systems:
        for swing in (SWINGS * rounds)[:rounds]:
            for measure, numbers in look(system, swing).items():
                found.add(measure, system, numbers)
        for measure, numbers in once(system).items():
            found.add(measure, system, numbers)
    return found


class MadeUp(Claim):
    """A claim that is as it is told to be."""

    said = "the framework needs 100 µs, <three> times less than Apache"
    tested = "10,000 requests on each system, at 1, 8 and 64 connections"
    rule = "holds when the ratio is 3 or more in every round; fails when it is below in every round"
    changes = "a larger body, TLS, more cores"
    question = "Is it three times as fast?"

    def __init__(self, number: int, word: Word):
        self.id, self.word = f"C{number}", word

    def decide(self, figures: Figures) -> Verdict:
        shown = (("hyperlane 5.40.1", "34.0 µs (33.0 to 35.1)"), ("Apache event", "60.1 µs"))
        return Verdict(self.word, "hyperlane 34 µs, Apache 60 µs: 1.8 times, not 3", shown)


CLAIMS = [MadeUp(number, list(Word)[number % 4]) for number in range(1, 13)]
MACHINE = {
    "system": "Linux x86_64",
    "python": "3.11.9",
}
KEPT = {
    "machine": MACHINE,
    "cores": "server on core 0, load on core 1",
    "protocol": {"name": "quick", "rounds": 3},
    "announced": [
        "3 rounds, each in the other direction.",
        "Written on 2026-11-26 09:00 UTC, before the first look.",
        *(f"{claim.id}: {claim.rule}" for claim in CLAIMS),
    ],
    "seconds": 240.0,
}


def systems(missing: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a report says of each system; those of `missing` could not be had."""
    rust = (names.HYPERLANE, names.HYPERLANE_NOW, names.TOKIO)
    return [
        {
            "name": name,
            "language": "Rust" if name in rust else "another",
            "model": "event loop",
            "version": "1.2.3",
            "licence": "MIT",
            "settings": "one process, which is a handicap on many cores",
            "missing": missing.get(name, ""),
            "is_ours": name.startswith("asyncweb"),
        }
        for name in SYSTEMS
    ]


def report(found: Figures | None = None, missing: Mapping[str, str] | None = None) -> Report:
    """One of all that is made up here; what is missing has no figures."""
    missing = missing or {}
    found = found or figures(name for name in SYSTEMS if name not in missing)
    verdicts = [(claim, claim.decide(found)) for claim in CLAIMS]
    return Report(KEPT, systems(missing), found, verdicts, 0.004)
