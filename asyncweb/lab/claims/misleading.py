"""How a run of the trial could mislead whoever reads it, found in the run itself.

Rule: each doubt names the rows that it is about; one that this run gives no ground for is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asyncweb.lab.claims.costs import NOISE, digits
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.names import HELLO, WRK
from asyncweb.loadtest.noise import ENOUGH_ROUNDS

MOST_SWING = NOISE  # of the rounds of one figure
MOST_APART = 1.25  # of two generators
MOST_STOLEN = 0.02  # of the machine's time, by other machines on the same hardware
MOST_NAMED = 8
WATCHED = (
    "cpu_us", "cpu_share", "mean_us", "beside_p50_us", "first_answer_ms", "idle_uss_mb", "uss_mb",
    "bytes_per_connection",
)  # fmt: skip
LEANING = ("favour", "against it", "best at", "blocks", "counts", "sooner", "holds", "handicap")


@dataclass(frozen=True)
class Doubt:
    """One reason to believe less."""

    about: str
    says: str

    def __str__(self) -> str:
        return f"{self.about}: {self.says}"


def doubts(
    figures: Figures, systems: Sequence[Mapping[str, Any]], machine: Mapping[str, Any]
) -> list[Doubt]:
    """Every ground that a run gives for doubt, the gravest first.

    `systems` are those of the report; of each its name, settings and what is missing. Of `machine`
    `cores`, which says who ran where, `stolen_share`, and the moments when a run had `gone_on`,
    where they are known.
    """
    return [
        *_limited_by_generator(figures),
        *_with_errors(figures),
        *_wide(figures),
        *_few_rounds(figures),
        *_two_generators(figures),
        *_missing(figures, systems),
        *_on_this_machine(machine),
        *_leaning(systems),
        _by_interested(systems),
    ]


def _limited_by_generator(figures: Figures) -> Iterator[Doubt]:
    limited: dict[str, list[str]] = {}
    for measure, system in _places(figures):
        if any(look.get("client_limited") for look in figures.rounds(measure, system)):
            limited.setdefault(measure, []).append(system)
    if limited:
        told = [_of(figures, measure, systems) for measure, systems in limited.items()]
        yield Doubt(
            "the generator was the limit",
            f"{'; '.join(told)}. There the load could not ask for more, so latency and requests a "
            "second are those of the generator; the CPU per request is still the server's.",
        )


def _of(figures: Figures, measure: str, systems: Sequence[str]) -> str:
    """Whom a row of that measure is about: by name, unless it is about everybody."""
    is_all = len(systems) > 1 and len(systems) == len(list(figures.systems(measure)))
    return f"{measure} of {'all systems' if is_all else ', '.join(systems)}"


def _with_errors(figures: Figures) -> Iterator[Doubt]:
    rows = []
    for row, looks in _rows(figures):
        errors = sum(look.get("errors", 0.0) for look in looks)
        if errors:
            rows.append(f"{row} ({errors:,.0f})")
    if rows:
        yield Doubt(
            "answers were missing or wrong",
            f"{_named(rows)}. A server that refuses is quick: latency and CPU are of what it did "
            "answer.",
        )


def _wide(figures: Figures) -> Iterator[Doubt]:
    rows = []
    for measure, system in _places(figures):
        for name in WATCHED:
            band = figures.band(measure, system, name)
            if band and band.rounds > 1 and band.swing > MOST_SWING:
                rows.append(
                    (band.swing, f"{measure} of {system}, {name} ({digits(band.swing)} times)")
                )
    if rows:
        widest = [row for _, row in sorted(rows, key=lambda found: -found[0])]
        yield Doubt(
            "the rounds do not agree",
            f"the highest round is more than {MOST_SWING} times the lowest in {_named(widest)}. "
            "A difference smaller than that is noise.",
        )


def _few_rounds(figures: Figures) -> Iterator[Doubt]:
    rounds = [len(figures.rounds(HELLO[64], system)) for system in figures.systems(HELLO[64])]
    if rounds and min(rounds) < ENOUGH_ROUNDS:
        yield Doubt(
            "few rounds",
            f"some figures are of {min(rounds)} only, and a band of so few says little of what the "
            "next one will be.",
        )


def _two_generators(figures: Figures) -> Iterator[Doubt]:
    apart, compared = [], 0
    for system in figures.systems(WRK[64]):
        ours = figures.median(HELLO[64], system, "requests_per_s")
        theirs = figures.median(WRK[64], system, "requests_per_s")
        if ours and theirs:
            compared += 1
            ratio = theirs / ours
            if not 1 / MOST_APART <= ratio <= MOST_APART:
                apart.append(f"{system} ({digits(ratio)} times)")
    if apart:
        yield Doubt(
            "two generators disagree",
            f"wrk found other requests a second than our generator at {_named(apart)}. One of both "
            "measures itself there.",
        )
    elif not compared and figures.failures.get(WRK[64]):
        yield Doubt(
            "one generator",
            "wrk did not measure the same, so nobody has checked ours; install wrk for that.",
        )


def _missing(figures: Figures, systems: Sequence[Mapping[str, Any]]) -> Iterator[Doubt]:
    for system in systems:
        if system.get("missing"):
            yield Doubt(f"{system['name']} is missing", f"{system['missing']}.")
    gone = {system["name"] for system in systems if system.get("missing")}
    reasons: dict[str, dict[str, list[str]]] = {}
    for measure, failures in figures.failures.items():
        for name, why in failures.items():
            if name not in gone:
                why = why.partition("\n")[0]
                reasons.setdefault(why, {}).setdefault(name, []).append(measure)
    for why, failed in reasons.items():
        rows = [f"{', '.join(measures)} of {name}" for name, measures in failed.items()]
        yield Doubt("figures are missing", f"{_named(rows)}: {why}.")


def _on_this_machine(machine: Mapping[str, Any]) -> Iterator[Doubt]:
    cores, stolen, gone_on = map(machine.get, ("cores", "stolen_share", "gone_on"))
    if cores:
        yield Doubt(
            "cores are shared",
            f"{cores}. The system and whatever else ran used the same ones, and no server could "
            "show what more cores would give it.",
        )
    if stolen is not None and stolen > MOST_STOLEN:
        yield Doubt(
            "time was stolen",
            f"other machines on the same hardware took {100 * stolen:.0f} % of the time; what "
            "looks slow may have been waiting for them.",
        )
    if gone_on:
        yield Doubt(
            "not made in one go",
            f"it went on from what was there on {', '.join(gone_on)}; between two rounds the "
            "machine, and the code of what is measured, may have changed.",
        )
    yield Doubt(
        "the network is none",
        "everything went over the loopback: no distance, no loss, no TLS.",
    )


def _leaning(systems: Sequence[Mapping[str, Any]]) -> Iterator[Doubt]:
    leaning: dict[str, list[str]] = {}  # who has these settings
    for system in systems:
        clauses = str(system.get("settings", "")).split("; ")
        found = [clause for clause in clauses if any(word in clause for word in LEANING)]
        if found:
            leaning.setdefault("; ".join(found), []).append(str(system["name"]))
    for told, names in leaning.items():
        yield Doubt(f"the settings of {', '.join(names)}", f"{told}.")


def _by_interested(systems: Sequence[Mapping[str, Any]]) -> Doubt:
    ours = [str(system["name"]) for system in systems if system.get("is_ours")]
    return Doubt(
        "who has made it",
        "the protocol, the rules and the settings of all systems were chosen by the authors of "
        f"{' and '.join(ours) or 'asyncweb'}; whoever knows a better setting of another can change "
        "it and run this again.",
    )


def _places(figures: Figures) -> Iterator[tuple[str, str]]:
    for measure in figures.looks:
        for system in figures.systems(measure):
            yield measure, system


def _rows(figures: Figures) -> Iterator[tuple[str, Sequence[Mapping[str, float]]]]:
    for measure, system in _places(figures):
        yield f"{measure} of {system}", figures.rounds(measure, system)


def _named(rows: Sequence[str]) -> str:
    more = len(rows) - MOST_NAMED
    return ", ".join(rows[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
