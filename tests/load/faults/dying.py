"""Servers that end under load: a worker by force, a whole server by its own `stop`.

Rule: a kill loses what was in flight in that very worker, a stop nothing that had arrived.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from typing import Any

from tests.load.faults.scene import ask, crowd, holds_within, of_good, serving
from tests.load.questions import CLOSES

KILLS, KILL_EVERY_S = 5, 6.0
STOPS = 5
STOP_AFTER_S = 2.0


def killed_workers(engine: str) -> dict[str, Any]:
    """kill -9 for one of two workers, now and then."""
    stderr: list[str] = []
    killed: set[int] = set()
    with serving(engine, stderr, workers=2) as server, crowd(server, 2000, 500) as good:
        for _ in range(KILLS):
            time.sleep(KILL_EVERY_S)
            pid = int(ask(server.port, "/pid")[1])
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        is_whole = holds_within(lambda: server.stats()["workers"] == 2)
        good.tell("begin", "calm")
        time.sleep(2)
        tallies = good.tell("leave")
        ends = [failure.error for failure in server.errors]
    tally, calm = tallies["fault"], tallies["calm"]
    apart = [one for one in tally.lost if one.pid in killed]
    nameless = [one for one in tally.lost if one.pid == 0]
    others = [one for one in tally.lost if one.pid not in killed | {0}]
    complaints = of_good(tally, others) + of_good(calm, calm.lost) + stderr
    complaints += [] if is_whole else ["a worker was not replaced"]
    complaints += [error for error in ends if "exit code -9" not in error]
    return {
        "killed": len(killed),
        "answered": tally.answered + calm.answered,
        "lost with the killed": len(apart),
        "lost on a connection that had not answered yet": len(nameless),
        "lost elsewhere": len(others),
        "connections closed": tally.closed,
        "not let in": tally.unconnected,
        "max_ms": 1000 * tally.latency.max,
        "complaints": complaints,
    }


def stops(engine: str) -> dict[str, Any]:
    """`stop()` while handlers wait and requests arrive, some times."""
    seen: Counter[str] = Counter()
    complaints: list[str] = []
    longest_s = 0.0
    for _ in range(STOPS):
        with serving(engine, complaints) as server, crowd(server, 1000, 120, "waiting") as good:
            time.sleep(STOP_AFTER_S)
            began = time.monotonic()
            server.stop()
            longest_s = max(longest_s, time.monotonic() - began)
            tally = good.tell("leave")["fault"]
        sent = [one for one in tally.lost if one.kind != "unsent"]
        before = [one for one in sent if one.sent_at < began]
        for fault in [fault for fault in tally.faults if fault.endswith(CLOSES)]:
            seen["said to close"] += tally.faults.pop(fault)
        seen["answered"] += tally.answered
        seen["lost, sent before"] += len(before)
        seen["lost, sent after"] += len(sent) - len(before)
        complaints += of_good(tally, before)
    return {"stops": STOPS, **seen, "longest_stop_s": longest_s, "complaints": complaints}
