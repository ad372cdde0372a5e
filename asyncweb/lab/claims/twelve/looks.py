"""What was seen of a system, and whether it may decide anything.

Rule: a look with errors in it, or one that shows the generator's limit, decides nothing and says
so; what was not looked at has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asyncweb.drawing import units
from asyncweb.lab.claims.figures import Band, Figure, Figures
from asyncweb.lab.claims.twelve.finding import Finding
from asyncweb.lab.claims.twelve.reach import Reach, span, timed
from asyncweb.lab.claims.verdict import Word

AVERAGES = ("mean_us", "p50_us")
# What the rules say of it.
ERRORS = "Any error leaves it open."
DOUBTS = (
    "A round in which the generator was the limit is left out. Any error leaves it open, and so "
    "does a generator that was the limit in every round."
)


def weighed(
    figures: Figures, measure: str, system: str, name: str, weigh: Callable[[Band], Finding]
) -> Finding:
    """What `weigh` finds of that figure, if it is there and beyond doubt.

    >>> figures = Figures()
    >>> figures.fail("rate", "Node.js", "node is not installed")
    >>> weighed(figures, "rate", "Node.js", "cpu_share", lambda band: Finding(Word.HOLDS, ""))
    Finding(word=<Word.UNMEASURED: 'not measured'>, words='Node.js: node is not installed')
    """
    band = figures.band(measure, system, name)
    if band is None:
        return absent(figures, measure, system)
    why = doubt(figures, measure, system)
    return Finding(Word.OPEN, f"{system}: {why}") if why else weigh(band)


def absent(figures: Figures, measure: str, system: str) -> Finding:
    """That there is no figure, and why."""
    why = failed(figures, measure, system) or "has not been looked at"
    return Finding(Word.UNMEASURED, f"{system}: {why}")


def failed(figures: Figures, measure: str, system: str) -> str:
    """Why there is no figure, in one line; "" when there is one, or nobody has looked yet.

    >>> figures = Figures()
    >>> figures.fail("rate", "Node.js", "npm ended with 1:\\nnpm error code EACCES.")
    >>> failed(figures, "rate", "Node.js")
    'npm ended with 1'
    """
    first, _, _ = figures.failure(measure, system).partition("\n")
    return first.rstrip(".:")


def doubt(figures: Figures, measure: str, system: str) -> str:
    """Why a load on several connections decides nothing; "" when it does.

    >>> figures = Figures()
    >>> figures.add("rate", "Node.js", {"errors": 2, "client_limited": 0})
    >>> doubt(figures, "rate", "Node.js")
    '2 errors'
    """
    if errors := faulty(figures, measure, system):
        return errors
    looks = figures.rounds(measure, system)
    if any(look.get("client_limited") for look in looks):
        return "the load generator, and not the server, was the limit"
    return ""


def sound(figures: Figures) -> Figures:
    """Without the looks in which the generator was the limit, where a measure has others.

    >>> figures = Figures()
    >>> for limited in (0, 1, 0):
    ...     figures.add("rate", "Node.js", {"client_limited": limited, "mean_us": 90.0})
    >>> [look["client_limited"] for look in sound(figures).rounds("rate", "Node.js")]
    [0, 0]
    """
    kept = {
        measure: {
            system: [look for look in looks if not look.get("client_limited")] or looks
            for system, looks in of_systems.items()
        }
        for measure, of_systems in figures.looks.items()
    }
    return Figures(kept, figures.failures)


def faulty(figures: Figures, measure: str, system: str) -> str:
    """How many errors there were in all rounds; "" for none."""
    errors = sum(look.get("errors", 0) for look in figures.rounds(measure, system))
    return f"{units.count(int(errors))} error{'s' if errors > 1 else ''}" if errors else ""


def average(figures: Figures, measure: str, system: str) -> Reach | None:
    """From where to where an average in µs may lie that does not say which one it is.

    The mean and the median: where a machine stops for a moment now and then, these differ, and
    the mean is made of what the machine did.
    """
    bands = [figures.band(measure, system, name) for name in AVERAGES]
    return _span(bands)


def one_at_a_time(figures: Figures, measure: str, *systems: str) -> Reach | None:
    """The average of `systems[0]` in µs, or how many times that of `systems[1]` it is, each round.

    A connection that waits for its answer before it asks again queues nothing. But what the
    generator itself computes for each request is in what it sees: how much of it nobody can say,
    so all between none of it and all of it is left open.
    """
    rounds = figures.same_round(*((measure, system) for system in systems))

    def seen(name: str, less: Callable[[Figure], float]) -> Band | None:
        left = ([max(look[name] - less(look), 0.0) for look in looks] for looks in rounds)
        return Band.of([_ratio(*values) for values in left])

    return _span([seen(name, less) for name in AVERAGES for less in (_nothing, generator_us)])


def generator_us(look: Figure) -> float:
    """µs of CPU that the generator spent on each request.

    >>> generator_us({"client_cpu": 0.5, "requests_per_s": 10_000})
    50.0
    """
    return 1e6 * look["client_cpu"] / look["requests_per_s"]


def rise(figures: Figures, system: str, few: str, many: str, name: str) -> Band | None:
    """How one figure of `system` under `many` stands to that under `few`, each round by itself."""
    return figures.quotient(name, (many, system), (few, system))


def _span(bands: Sequence[Band | None]) -> Reach | None:
    reaches = [timed(band) for band in bands if band]
    return span(reaches) if reaches else None


def _nothing(look: Figure) -> float:
    return 0.0


def _ratio(one: float, other: float = 1.0) -> float:
    return one / other if other else float("inf")
