"""Frames in which the view has to prove itself, and their pictures.

python -m tests.dashboard.scenes draws the pictures anew; look at what has changed, then commit.
"""

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.style import Style

from asyncweb.dashboard.view import render
from asyncweb.metrics.histogram import Histogram
from asyncweb.metrics.latencies import Latencies
from asyncweb.metrics.snapshot import Frame, Mark, Snapshot, Track, Watch

MIB = 1024 * 1024
PICTURES = Path(__file__).with_name("pictures")
WIDTHS = (60, 80, 120, 200)
BLOCK = "report held the loop for 300 ms: app.py, line 14: time.sleep(0.3)"
USUAL = (0.008, 0.010, 0.010, 0.011, 0.011, 0.012, 0.012, 0.013, 0.015, 0.020)


def moments(engine, until_s, slow_from=99.0, scale=1):
    """Four a second, of a server that is blocked now and then from a moment on."""
    latencies, so_far, told = Latencies(Histogram()), Histogram(), []
    for number in range(1, int(4 * until_s) + 1):
        at_s = number / 4
        is_slow = at_s >= slow_from
        late = [0.310, 0.240, 0.150] * is_slow
        so_far += Histogram([scale * seconds for seconds in (*USUAL, *late)])
        moment = Snapshot(
            at_s=at_s, requests=so_far.count, throughput_rps=scale * (800.0 + 10 * (number % 3)),
            errors={"5xx": 3 * scale, "timeout": scale}, connections=200 * scale,
            in_flight=180 * scale, rss_bytes=(40 + number % 2) * MIB * scale,
            uss_bytes=30 * MIB * scale, vms_bytes=(90 if engine == "async" else 1800) * MIB * scale,
            bytes_per_connection=2765.0 * scale, threads=3 if engine == "async" else 201 * scale,
            cpu_percent=60.0, queued=0, gc_pause_s=0.002,
            loop_lag_s=(0.3 if is_slow else 0.001) if engine == "async" else None,
            block=BLOCK if is_slow and number % 4 == 0 else "",
            routes={"/report": 0.3, "/users/{id:int}": 0.012},
            failures=("GET /boom: ZeroDivisionError: division by zero",),
        )  # fmt: skip
        told.append(replace(moment, **latencies.look(at_s, so_far)))
    return tuple(told)


def both(until_s, **more):
    tracks = [
        Track("async", "async", moments("async", until_s, **more)),
        Track("threads", "threads", moments("threads", until_s, scale=more.get("scale", 1))),
    ]
    return Frame("200 clients each", tuple(tracks), at_s=until_s, watch=Watch(80, 1, 3.2))


def blocked():
    return replace(both(20.0, slow_from=12.0), marks=(Mark(11.0, "here we ask for /report"),))


def dead():
    frame = both(20.0)
    alive, ended = frame.tracks
    return replace(frame, tracks=(alive, replace(ended, snapshots=ended.snapshots[:48])))


SCENES = {
    "empty": lambda: Frame("nothing yet", (Track("async", "async"), Track("threads", "threads"))),
    "first-second": lambda: both(1.0),
    "huge": lambda: both(20.0, scale=1_000_000),
    "dead": dead,
    "blocked": blocked,
}


def drawn(frame, width, height=None, screen=400):
    """The lines of a picture; on a wide `screen` whatever is too wide is seen."""
    console = Console(file=io.StringIO(), width=screen)
    console.print(render(frame, width, height))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def coloured(frame, width):
    """The lines of a picture with the codes of 24-bit colours."""
    Style.parse.cache_clear()  # rich keeps the codes in which a style was drawn first
    console = Console(
        file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor", _environ={}
    )
    console.print(render(frame, width))
    return console.file.getvalue().splitlines()


def main():
    PICTURES.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        for width in WIDTHS:
            lines = drawn(scene(), width)
            (PICTURES / f"{name}-{width}.txt").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
