"""What limited a load test, and how far its figures can be trusted.

Rule: the load generator suspects itself first. What it could have spoiled is looked at before a
word is said about the server.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from asyncweb.drawing import units
from asyncweb.loadtest import noise
from asyncweb.metrics.histogram import Histogram

if TYPE_CHECKING:
    from asyncweb.loadtest.result import Result
    from asyncweb.loadtest.rounds import Rounds

CPU_BUSY = 0.85  # of a core; above it the generator measures itself
LAG_SHARE = 0.25  # of the median latency; a loop later than this has spoiled it
LEAST_LAG_S = 0.005  # less is the grain of timers, and no sign of anything
SLIP_SHARE = 0.25  # likewise, of how late requests were sent
LEAST_SLIP_S = 0.002
IDLE_SHARE = 0.1  # of the time; connections idle longer between two requests: the client is late
STOLEN_SHARE = 0.05  # of the processors' time; more of it taken by other machines spoils figures
LOST_SHARE = 0.1  # of the requests; with more of them lost it is the errors that limit
WAIT_SHARE = 0.25  # of the mean service; who waits longer for a free connection lacks connections
LEAST_WAIT_S = 0.001
DROPPED_SHARE = 0.01  # of what was due
PLAIN = 1.25  # two latencies further apart than this are told apart
STALL = 5  # times p99; an answer that took longer is no part of the usual spread
LEAST_STALL_S = 0.1  # a shorter one nobody notices
TOLD_APART = (0.99, 0.9, 0.5)  # the percentiles at which the two latencies may differ
OWN_FAULTS = {"own ports": "ports", "own files": "files"}


def limited_by(result: Result) -> str:
    """What kept the throughput of `result` from being higher: see `Result.limited_by`."""
    for kind, word in OWN_FAULTS.items():
        if result.errors.get(kind):
            return word
    if not result.requests:
        return "errors" if result.errors else "nothing was answered"
    are_many = result.lost > LOST_SHARE * (result.requests + result.lost)
    if are_many or result.silent_from_s is not None:
        return "errors"
    if result.client_cpu > CPU_BUSY:
        return "client CPU"
    if result.stolen_share > STOLEN_SHARE:
        return "noise"
    usual_s = result.latency.percentile(0.5)
    if _slip_s(result) > max(SLIP_SHARE * usual_s, LEAST_SLIP_S):
        return "schedule slip"
    if result.client_lag_s > max(LAG_SHARE * usual_s, LEAST_LAG_S):
        return "client lag"
    return _limit_of_open(result) if result.is_open else _limit_of_closed(result)


def _limit_of_open(result: Result) -> str:
    """An open loop is idle for as long as nothing is due, so idleness is no sign of anything."""
    waits = wait_s(result) > max(WAIT_SHARE * _service(result).mean, LEAST_WAIT_S)
    return "connections" if waits or result.dropped > DROPPED_SHARE * result.due else "schedule"


def _limit_of_closed(result: Result) -> str:
    """Little: connections = rate x (latency + think time), or else they were idle by our fault."""
    think_share = result.throughput_rps * result.think_s / result.connections
    if not result.errors and result.busy_share + think_share < 1 - IDLE_SHARE:
        return "client"
    if think_share > result.busy_share:
        return "think time"
    return "noise" if _is_unsteady(result) else "server"


def _is_unsteady(result: Result) -> bool:
    """Whether its seconds differ by more than identical servers do, and no stall is the reason."""
    has_stalled = _has_stalled(result) or result.unanswered > 0
    if len(result.seconds) < noise.FEWEST or has_stalled:
        return False
    return noise.within(result) > noise.PAIR["throughput"]


def limited_rounds(rounds: Rounds) -> str:
    """What limited most of `rounds`; noise, when they differ by more than identical servers do."""
    usual = Counter(result.limited_by for result in rounds.results).most_common(1)[0][0]
    is_unsteady = noise.swing(rounds.rates_rps) > noise.PAIR["throughput"]
    return "noise" if usual == "server" and is_unsteady else usual


def explained_rounds(rounds: Rounds) -> str:
    """What limited `rounds`, in one sentence without a full stop; of a single one, all there is."""
    if len(rounds.results) == 1:
        return rounds.results[0].explain()
    word = rounds.limited_by
    told = (limit(result) for result in rounds.results if result.limited_by == word)
    return next(told, "") or _swinging("rounds", rounds.rates_rps)


def wait_s(result: Result) -> float:
    """The mean time in seconds that a request was due while no connection was free for it."""
    slip_s = result.slips.mean if result.slips.count else 0.0
    return max(result.latency.mean - _service(result).mean - slip_s, 0.0)


def _slip_s(result: Result) -> float:
    return result.slips.percentile(0.99) if result.slips.count else 0.0


def _service(result: Result) -> Histogram:
    return result.service if result.service.count else result.latency


def sentences(result: Result) -> Iterator[str]:
    """What there is to say about `result`, the limit first; without the full stops."""
    yield limit(result)
    if result.dropped:
        yield (
            f"{units.count(result.dropped)} requests were due and never sent; no latency tells "
            "of them"
        )
    if result.unanswered:
        yield (
            f"{units.count(result.unanswered)} requests were still waited for when the load was "
            "over; no latency tells of them"
        )
    if result.unasked:
        yield (
            f"{units.count(result.unasked)} messages came while none was waited for: the server "
            "speaks unasked, so others of these may have been taken for answers, and their latency "
            "is none; say how an answer begins (answer=, --answer)"
        )
    if result.requests:
        yield _open_latencies(result) if result.is_open else _closed_latency(result)
        yield _trust(result)


def limit(result: Result) -> str:
    """What limited the run, in one sentence without a full stop."""
    return WORDS[result.limited_by](result)


def _connections(result: Result) -> str:
    return (
        f"the connections: all {units.count(result.connections)} were busy while more requests "
        f"were due, which waited {units.seconds(wait_s(result))} for one on average. With more of "
        "them either the throughput grows, or the latency from the send does: then it is the server"
    )


def _errors(result: Result) -> str:
    if not result.requests:
        return "errors: no request was answered"
    if result.silent_from_s is not None:
        return (
            f"errors: from {result.silent_from_s} s on no request was answered "
            f"({reasons(result.errors, result.unanswered)})"
        )
    return (
        f"errors: {units.count(result.lost)} of {units.count(result.requests + result.lost)} "
        f"requests got no whole answer ({units.errors(result.errors)})"
    )


def reasons(errors: Mapping[str, int], unanswered: int) -> str:
    """Why requests have no answer, in a few words; "" when nothing tells.

    >>> reasons({"reset": 7}, unanswered=2), reasons({}, unanswered=0)
    ('reset 7, still waited for 2', '')
    """
    told = {**errors, "still waited for": unanswered} if unanswered else errors
    return units.errors(told) if told else ""


def _open_latencies(result: Result) -> str:
    pairs = [
        (fraction, result.latency.percentile(fraction), _service(result).percentile(fraction))
        for fraction in TOLD_APART
    ]
    # Where they are furthest apart: at p99 both may show the full length of one and the same stall.
    fraction, due_s, sent_s = max(pairs, key=lambda pair: pair[1] - pair[2])
    told = (
        f"p{100 * fraction:g} is {units.seconds(due_s)} from when a request was due and "
        f"{units.seconds(sent_s)} from its send"
    )
    late = f"the load generator itself was {units.seconds(_slip_s(result))} late with one in 100"
    if due_s <= PLAIN * sent_s or due_s - sent_s < LEAST_WAIT_S:
        return f"Both latencies are close: {told}; {late}"
    return (
        f"The two latencies differ: {told}. Requests were held up before they were sent; who "
        f"counts from the send alone omits that (coordinated omission), a user does not; {late}"
    )


def _has_stalled(result: Result) -> bool:
    return result.latency.max > max(STALL * result.latency.percentile(0.99), LEAST_STALL_S)


def _noise(result: Result) -> str:
    if result.stolen_share > STOLEN_SHARE:
        return (
            f"noise: other machines on the same processors took {result.stolen_share:.0%} of their "
            "time, so these figures are not those of the server; measure again, or elsewhere"
        )
    return _swinging("seconds", [second.requests for second in result.seconds])


def _swinging(parts: str, rates: Sequence[float]) -> str:
    return (
        f"noise: its {parts} answered {units.rate(min(rates))} to {units.rate(max(rates))}, and "
        "identical servers differ less; something else was busy here or there: measure longer, on "
        "a machine that does nothing else"
    )


def _closed_latency(result: Result) -> str:
    if _has_stalled(result):
        return (
            f"One answer took {units.seconds(result.latency.max)}. What would have been asked "
            "meanwhile was not, so no percentile shows how many such a stall would have hit "
            "(coordinated omission): an open loop does"
        )
    return (
        "In a closed loop a slow server is asked less often: only an open loop shows what users "
        "would have waited"
    )


def _trust(result: Result) -> str:
    p99 = next(percentile for percentile in result.percentiles if percentile.fraction == 0.99)
    answers = units.count(result.requests)
    beyond = "1 lies" if p99.beyond == 1 else f"{units.count(p99.beyond)} lie"
    if not p99.is_firm:
        return f"Of {answers} answers only {beyond} beyond p99: that is an anecdote, measure longer"
    low = units.seconds(p99.low_s)
    return (
        f"Of {answers} answers {beyond} beyond p99; its 95 % band is {low} to "
        f"{units.seconds(p99.high_s)}"
    )


WORDS: dict[str, Callable[[Result], str]] = {
    "server": lambda result: (
        f"the server: all {units.count(result.connections)} connections were waiting for it"
    ),
    "connections": _connections,
    "schedule": lambda result: (
        f"the schedule: no more than {result.schedule} was asked for, and it was sent in time"
    ),
    "think time": lambda result: (
        f"the think time of {units.seconds(result.think_s)}: no more was asked for"
    ),
    "client CPU": lambda result: f"the load generator: it used {result.client_cpu:.0%} of a core",
    "client lag": lambda result: (
        f"the load generator: its loop was {result.client_lag_s:.3f} s late"
    ),
    "schedule slip": lambda result: (
        f"the load generator: one request in 100 was sent {units.seconds(_slip_s(result))} late, "
        "or later"
    ),
    "client": lambda result: "the load generator: its connections idled between two requests",
    "ports": lambda result: (
        "the load generator's machine: it ran out of ports; keep connections alive, or make fewer"
    ),
    "files": lambda result: (
        "the load generator's machine: it ran out of files; raise the limit (ulimit -n), or make "
        "fewer connections"
    ),
    "noise": _noise,
    "errors": _errors,
    "nothing was answered": lambda result: "the time: it ended before the first answer came",
}
