"""How a load stands, in a few lines: whose turn it is, how far it is, how its generator fares.

Rule: pure functions of a turn and a width. The generator suspects itself aloud, and what does not
count is never told without saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from rich.text import Text

from asyncweb.dashboard.box import one_line
from asyncweb.drawing import units
from asyncweb.loadtest.limits import CPU_BUSY, LAG_SHARE, LEAST_LAG_S, LEAST_SLIP_S, SLIP_SHARE
from asyncweb.loadtest.progress import Phase
from asyncweb.metrics.turn import Generator, Turn

BAR_WIDTH = 20
WARM, DONE, TO_COME = "▒", "█", "░"
NEAR_CEILING = 0.85  # of what the generator can do
WARM_STYLE, BAD_STYLE = "#808080", "not dim bold #d1495b"  # readable on white and on black


def load_lines(turn: Turn, width: int) -> list[Text]:
    """The lines of `turn`, none of them wider than `width`."""
    lines = [one_line(turns(turn), width, "")] if turns(turn) else []
    style = WARM_STYLE if turn.phase == Phase.WARM_UP else ""
    told = [Text(line, style=style) for line in packed([bar(turn), *phase(turn)], width)]
    own = suspicions(turn.generator)
    own_lines = [
        Text(line, style="dim") for line in packed(["generator", *(text for text, _ in own)], width)
    ]
    for line, (text, is_bad) in product(own_lines, own):
        if is_bad:
            line.highlight_words([text], BAD_STYLE)
    return lines + told + own_lines


def turns(turn: Turn) -> str:
    """Which round it is and who comes next; "" when there is but one turn.

    >>> turns(Turn("async", "measured", round=2, rounds=4, next_target="threads"))
    'round 2 of 4: load on async, then threads'
    """
    if turn.rounds == 1 and not turn.next_target:
        return ""
    after = f"then {turn.next_target}" if turn.next_target else "the last turn"
    if turn.next_target == turn.target:  # every other round is in reverse order
        after = "then once more"
    now = turn.phase if turn.has_ended else f"load on {turn.target}, {after}"
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
    if turn.has_ended:
        yield f"{turn.phase} after {max(turn.at_s - turn.warm_up_s, 0.0):.1f} s"
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


def suspicions(generator: Generator) -> list[tuple[str, bool]]:
    """What the generator says of itself, and whether that spoils the measurement.

    >>> suspicions(Generator(0.95, throughput_rps=14_000.0, ceiling_rps=41_000.0))[:2]
    [('95 % of a core, too busy', True), ('34 % of its ceiling of 41.0k/s', False)]
    """
    cpu = f"{units.percent(100 * generator.cpu_share)} of a core"
    told = [_said(cpu, generator.cpu_share > CPU_BUSY, "too busy")]
    if generator.ceiling_rps:
        share, most = generator.throughput_rps / generator.ceiling_rps, generator.ceiling_rps
        near = f"{units.percent(100 * share)} of its ceiling of {units.rate(most)}"
        told.append(_said(near, share > NEAR_CEILING, "too near"))
    else:
        told.append(("ceiling not measured (load --calibrate)", False))
    most_s = max(LAG_SHARE * generator.usual_s, LEAST_LAG_S)
    told.append(_said(f"lag {units.seconds(generator.lag_s)}", generator.lag_s > most_s))
    if generator.slip_s is not None:
        most_s = max(SLIP_SHARE * generator.usual_s, LEAST_SLIP_S)
        told.append(_said(f"slip {units.seconds(generator.slip_s)}", generator.slip_s > most_s))
    return told


def _said(text: str, is_bad: bool, fault: str = "too late") -> tuple[str, bool]:
    """Faults are said as well as coloured: not everybody sees red."""
    return (f"{text}, {fault}" if is_bad else text), is_bad


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
