"""What the README shows of load generators: ours beside five others, point by point.

    python -m tests.benchmarks.published_loads FILE README.md

FILE is what `python -m tests.benchmarks.load_clients --json FILE` has kept. Rule: the figures come
from there and from nowhere else; the words were tried, or are those of the program's own manual.
What theirs does better is told as well as what ours does.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from tests.benchmarks.published import put

BEGIN, END = "<!-- loads: begin -->", "<!-- loads: end -->"
TOOLS = {  # what the columns are called, and whose turns they are
    "asyncweb": "asyncweb",
    "wrk": "wrk",
    "oha": "oha",
    "vegeta": "vegeta",
    "k6": "k6",
    "Locust": "locust, fast user",
}
NO = "no"
POINTS = {
    "closed loop": ("yes", "yes", "yes", "`-rate=0`", "yes", "yes"),
    "open loop": (
        "constant, stages, spike, sine, recorded; even or Poisson",
        NO,
        "constant, bursts",
        "constant; ramp and sine from Go",
        "constant, stages",
        "no: users at a pace",
    ),
    "latency since a request was due": (
        "always, and since its send",
        "guessed at the end ¹",
        "`--latency-correction`",
        "no ²",
        "no; the dropped are counted",
        NO,
    ),
    "percentiles told": (
        "p50 to p99.99, each with its band and the samples behind it",
        "p50 to p99; any from Lua",
        "p10 to p99.99",
        "p50 to p99; HDR plot",
        "p90, p95; any you name",
        "p50 to p99.99, whole ms, two digits",
    ),
    "says what limited the run": (
        "in plain words, itself first",
        NO,
        NO,
        NO,
        "when it lacks users",
        "when its CPU is busy",
    ),
    "requests by a program": (
        "Python; templates", "Lua", "random URLs, a list", "a list; Go", "JavaScript", "Python",
    ),
    "WebSocket": ("yes", NO, NO, NO, "yes", "Socket.IO"),
    "HTTP/2, HTTP/3": (NO, NO, "both ³", "HTTP/2", "HTTP/2", NO),
    "gRPC, browser": (NO, NO, NO, NO, "both", "by your own client"),
    "client certificate, proxy": ("certificate", NO, "both", "both", "both", "both"),
    "many cores": ("processes", "threads", "threads", "threads", "threads", "processes"),
    "many machines": (
        "led by Locust", NO, NO, "by hand; results merge", "an operator, a cloud",
        "master and workers",
    ),
    "seen while it runs": (
        "terminal, notebook", NO, "terminal", "through a pipe", "terminal, web page", "web page",
    ),
    "results": (
        "JSON, NDJSON, CSV, .hgrm; a notebook",
        "text; any from Lua",
        "text, JSON, CSV, SQLite",
        "text, JSON, CSV, HTML plot",
        "JSON, CSV, Prometheus, OpenTelemetry, ...",
        "CSV, JSON, HTML; web page",
    ),
    "exit code by a threshold": ("`--fail-if`", NO, NO, NO, "yes", "for any error"),
}  # fmt: skip
NOTES = (
    "¹ as if each connection had gone on asking at its mean pace. It comes close where all "
    "connections stall together.",
    "² it connects anew rather than let a request wait, so that little is left out, unless "
    "`-max-workers` forbids it.",
    "³ HTTP/3 where it was built with that.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="published_loads")
    parser.add_argument("figures", type=Path)
    parser.add_argument("readme", type=Path)
    options = parser.parse_args()
    put(options.readme, BEGIN, END, markdown(json.loads(options.figures.read_text())))


def markdown(kept: dict[str, Any]) -> str:
    """The table, what is to be said to it, and what it was measured on."""
    cpu_us = {
        name: statistics.median(turn["cpu_us"] for turn in turns)
        for name, turns in kept["turns"].items()
    }
    figures = [_figure(cpu_us.get(name)) for name in TOOLS.values()]
    rows = [
        ["", *TOOLS],
        ["---"] * (len(TOOLS) + 1),
        ["requests for a second of its CPU", *figures],
        *([point, *cells] for point, cells in POINTS.items()),
    ]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return f"\n{table}\n{' '.join(NOTES)}\n\n{measured_on(kept['about'], cpu_us)}\n\n"


def measured_on(about: dict[str, Any], cpu_us: dict[str, float]) -> str:
    """What stands behind the figures, and how the others in Python and a bare client do."""
    others = {name: cpu_us[name] for name in cpu_us if name not in TOOLS.values()}
    again = others.pop("asyncweb again", None)
    band = f" Ours a second time: {cpu_us['asyncweb'] / again:.2f} of itself." if again else ""
    beside = ", ".join(f"{name} {_figure(value)}" for name, value in others.items())
    versions = ", ".join(f"{name} {said}" for name, said in about["versions"].items() if said)
    return (
        f"The first line: one core, medians of one interleaved run on a shared machine, a constant "
        f"answer from uvloop; Python {about['python']}, {about['system']}.{band} "
        + (f"In the same run: {beside}. " if beside else "")
        + f"{versions}."
    )


def _figure(cpu_us: float | None) -> str:
    return "not measured" if cpu_us is None else f"{1e6 / cpu_us:,.0f}"


if __name__ == "__main__":
    main()
