"""How a load stands, in a few lines: whose turn it is, how far it is, how its generator fares.

Rule: pure functions of a turn and a width. The generator suspects itself aloud, and what does not
count is never told without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from asyncweb.drawing import units
from asyncweb.loadtest.limits import CPU_BUSY, LEAST_LAG_S, LEAST_SLIP_S
from asyncweb.loadtest.progress import Phase
from asyncweb.metrics.turn import Generator, Turn

BAR_WIDTH = 20
WARM, DONE, TO_COME = "▒", "█", "░"
NEAR_CEILING = 0.85  # of what the generator can do
WARM_STYLE, BUSY_STYLE = "#b8860b", "bold #d1495b"


def load_lines(turn: Turn, width: int) -> list[Text]:
    """The lines of `turn`, none of them wider than `width`."""
    lines = [Text(turns(turn), no_wrap=True, overflow="ellipsis")] if turns(turn) else []
    style = WARM_STYLE if turn.phase == Phase.WARM_UP else ""
    told = [Text(line, style=style) for line in packed([bar(turn), *phase(turn)], width)]
    own = list(suspicions(turn.generator))
    words = ["generator", *(text for text, _ in own)]
    style = BUSY_STYLE if any(is_bad for _, is_bad in own) else "dim"
    return lines + told + [Text(line, style=style) for line in packed(words, width)]


def turns(turn: Turn) -> str:
    """Which round it is and who comes next; "" when there is but one turn.

    >>> turns(Turn("async", "measured", round=2, rounds=4, next_target="threads"))
    'round 2 of 4: load on async, then threads'
    """
    if turn.rounds == 1 and not turn.next_target:
        return ""
    after = f", then {turn.next_target}" if turn.next_target else ", the last turn"
    now = "over" if turn.phase == Phase.OVER else f"load on {turn.target}{after}"
    return f"round {turn.round} of {turn.rounds}: {now}"


def bar(turn: Turn) -> str:
    """How much of `turn` is done; its warm-up is drawn lighter.

    >>> bar(Turn("x", "measured", at_s=6.0, lasts_s=10.0, warm_up_s=2.0))
    '▒▒▒▒████████░░░░░░░░'
    >>> bar(Turn("x", "measured", at_s=1.0, lasts_s=10.0, requests=50, most_requests=100))
    '██████████░░░░░░░░░░'
    """
    lasts_s = turn.lasts_s or 1.0
    done = 1.0 if turn.phase == Phase.OVER else turn.at_s / lasts_s
    if turn.most_requests and turn.phase == Phase.MEASURED:
        done = max(done, turn.requests / turn.most_requests)
    filled = round(BAR_WIDTH * min(done, 1.0))
    warm = min(round(BAR_WIDTH * turn.warm_up_s / lasts_s), filled)
    return WARM * warm + DONE * (filled - warm) + TO_COME * (BAR_WIDTH - filled)


def phase(turn: Turn) -> Iterator[str]:
    """What `turn` is at, and what is left of it.

    >>> list(phase(Turn("x", "warm-up", at_s=0.5, lasts_s=10.0, warm_up_s=2.0, requests=1204)))
    ['warm-up 0.5 of 2.0 s', '1,204 answers, none of them counts']
    >>> list(phase(Turn("x", "connecting", connected=12, connections=50)))
    ['connecting, 12 of 50']
    """
    if turn.phase == Phase.GATHERING:
        yield f"connecting, {units.count(turn.connected)} of {units.count(turn.connections)}"
        return
    if turn.phase == Phase.WARM_UP:
        yield f"warm-up {turn.at_s:.1f} of {turn.warm_up_s:.1f} s"
        yield f"{units.count(turn.requests)} answers, none of them counts"
        return
    if turn.phase == Phase.OVER:
        yield f"over after {max(turn.at_s - turn.warm_up_s, 0.0):.1f} s"
    else:
        yield from _left(turn)
    if turn.warm_up_s:
        yield f"{units.count(turn.warm_up_requests)} answers of the warm-up cut off"


def _left(turn: Turn) -> Iterator[str]:
    left_s = max(turn.lasts_s - turn.at_s, 0.0)
    counted_s = turn.lasts_s - turn.warm_up_s
    if turn.most_requests is None:
        yield f"measured {turn.at_s - turn.warm_up_s:.1f} of {counted_s:.1f} s"
        yield f"{left_s:.1f} s left"
        return
    left = max(turn.most_requests - turn.requests, 0)
    yield f"measured {units.count(turn.requests)} of {units.count(turn.most_requests)} requests"
    yield f"{units.count(left)} left, for {left_s:.1f} s at most"


def suspicions(generator: Generator) -> Iterator[tuple[str, bool]]:
    """What the generator says of itself, and whether that spoils the measurement.

    >>> list(suspicions(Generator(0.43, 0.0002, 0.0001, 14_000.0, 41_000.0)))[:2]
    [('43 % of a core', False), ('34 % of its ceiling of 41.0k/s', False)]
    """
    busy = generator.cpu_share > CPU_BUSY
    yield f"{units.percent(100 * generator.cpu_share)} of a core", busy
    if generator.ceiling_rps:
        share = generator.throughput_rps / generator.ceiling_rps
        ceiling = units.rate(generator.ceiling_rps)
        yield f"{units.percent(100 * share)} of its ceiling of {ceiling}", share > NEAR_CEILING
    else:
        yield "ceiling not measured (load --calibrate)", False
    yield f"lag {units.seconds(generator.lag_s)}", generator.lag_s > LEAST_LAG_S
    if generator.slip_s is not None:
        yield f"slip {units.seconds(generator.slip_s)}", generator.slip_s > LEAST_SLIP_S


def packed(parts: Sequence[str], width: int) -> list[str]:
    """`parts`, joined by two spaces, on as many lines as that takes.

    >>> packed(["one", "two", "three"], width=10)
    ['one  two', 'three']
    """
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= width:
            lines[-1] += f"  {part}"
        else:
            lines.append(part[:width])
    return lines
