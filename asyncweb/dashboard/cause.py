"""Which server is slower now, since when, and what in it is the cause: the answer, in words.

Rule: only what is plain is said, and a cause is named only where it was seen in that very server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asyncweb.drawing import units
from asyncweb.loadtest.noise import PAIR
from asyncweb.metrics.recent import RECENT_S
from asyncweb.metrics.snapshot import Frame, Snapshot, Track

SILENT_S = 2.0  # without an answer to a look; a blocked server answers late, a dead one never
LATE_S = 0.05  # a pause of the loop or of Python that a person notices
BUSY_PERCENT = 90.0  # of one core
LEAST_S = 0.005  # below it nobody is slow, however much faster another one is
FIGURES = ("p99", "p50")  # the tail first: it shows sooner


def silent_s(frame: Frame, track: Track) -> float:
    """For how many seconds `track` has not answered; 0 where that is no wonder.

    Where the load is ours, servers take turns, and its errors tell of a dead one.
    """
    quiet_s = frame.now_s - track.now.at_s
    return quiet_s if frame.turn is None and quiet_s > SILENT_S else 0.0


def causes(frame: Frame) -> list[tuple[str, str]]:
    """(the name of a server, what is wrong with it), of each one that is in trouble now."""
    told = []
    speaking = []
    for track in frame.tracks:
        if quiet_s := silent_s(frame, track):
            told.append((track.name, f"does not answer, since {quiet_s:.0f} s ago"))
        else:
            speaking.append(track)
    late = _latest(_under_one_load(frame, speaking))
    if late is not None:
        told.append(_slower(frame, *late))
    named = {name for name, _ in told}
    for track in speaking:
        if track.name not in named and (block := _block(frame, track)):
            told.append((track.name, block))
    return told


def _under_one_load(frame: Frame, tracks: Sequence[Track]) -> list[Track]:
    """Those of `tracks` that may be compared: in a race, after the same step for each."""
    if frame.turn is None or len({track.now.connections for track in tracks}) == 1:
        return list(tracks)
    return []


def _latest(tracks: Sequence[Track]) -> tuple[Track, Track, str] | None:
    """The slowest of two or more, the fastest, and the figure that tells them apart."""
    for name in FIGURES:
        known = [(late, track) for track in tracks if (late := _value(track.now, name))]
        if len(known) < 2:
            continue
        slow, fast = max(known, key=_first)[1], min(known, key=_first)[1]
        if _is_plain(slow.now, fast.now, name):
            return slow, fast, name
    return None


def _first(pair: tuple[float, Track]) -> float:
    return pair[0]


def _value(moment: Snapshot, name: str) -> float | None:
    return moment.recent_s.get(name)


def _is_plain(slow: Snapshot, fast: Snapshot, name: str) -> bool:
    late_s, early_s = _value(slow, name), _value(fast, name)
    if not late_s or not early_s:
        return False
    return late_s > LEAST_S and late_s / early_s > PAIR[name]


def _slower(frame: Frame, slow: Track, fast: Track, name: str) -> tuple[str, str]:
    late_s, early_s = _value(slow.now, name) or 0.0, _value(fast.now, name) or 1.0
    since_s = _since_s(frame, slow, fast, name)
    told = (
        f"is slower: {name} {units.seconds(late_s)}, {late_s / early_s:,.1f} times that of "
        f"{fast.name}, since {frame.now_s - since_s:.0f} s ago"
    )
    seen = next(_seen(frame, slow), "nothing that is measured here explains it")
    return slow.name, f"{told}. Cause: {seen}"


def _since_s(frame: Frame, slow: Track, fast: Track, name: str) -> float:
    """The moment from which on `slow` was slower all the time."""
    others = list(fast.snapshots)
    since_s = slow.now.at_s
    for moment in reversed(slow.snapshots):
        while len(others) > 1 and others[-1].at_s > moment.at_s:
            others.pop()
        if moment.connections != slow.now.connections and frame.turn is not None:
            break
        if not _is_plain(moment, others[-1], name):
            break
        since_s = moment.at_s
    return since_s


def _lately(track: Track) -> list[Snapshot]:
    since_s = track.now.at_s - RECENT_S
    return [moment for moment in track.snapshots if moment.at_s > since_s]


def _seen(frame: Frame, track: Track) -> Iterator[str]:
    """What was seen in a server lately that makes it slow, the surest first."""
    lately = _lately(track)
    if block := _block(frame, track):
        yield block
    lag_s = max((moment.loop_lag_s or 0.0 for moment in lately), default=0.0)
    if lag_s > LATE_S:
        yield f"its event loop comes {units.seconds(lag_s)} late, with more to do than it can"
    queued = max((moment.queued or 0 for moment in lately), default=0)
    if queued:
        yield f"{units.count(queued)} clients wait for one of its threads"
    pause_s = max((moment.gc_pause_s or 0.0 for moment in lately), default=0.0)
    if pause_s > LATE_S:
        yield f"Python's garbage collector stopped it for {units.seconds(pause_s)}"
    if (track.now.cpu_percent or 0.0) > BUSY_PERCENT:
        threads = units.count(track.now.threads)
        who = "its one loop" if track.engine == "async" else f"its {threads} threads"
        yield f"a whole core is taken by {who}"


def _block(frame: Frame, track: Track) -> str:
    """The last thing that held up the loop, how often lately, and when; "" if nothing has."""
    held = [moment for moment in _lately(track) if moment.block]
    if not held:
        return ""
    ago_s = frame.now_s - held[-1].at_s
    when = "now" if ago_s < 1 else f"{ago_s:.0f} s ago"
    return f"{held[-1].block} ({when})"
