"""Pictures of queues: the knee, a queue over time, and a crowd that grows.

Rule: measured values are points, computed ones are lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from asyncweb.drawing import units
from asyncweb.lab.climb import Climb
from asyncweb.lab.simulation.record import Record
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, finished, new_figure

SIZE_INCHES = (9, 3.8)


def plot_knee(measured: Climb, simulated: Sequence[Record], capacity_rps: float) -> Plot:
    """Mean and p99 over the rate: `measured` as points, `simulated` open loops as lines.

    A dashed line stands at the capacity. Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("The knee", SIZE_INCHES)
    axes = figure.subplots()
    drawn = sorted(simulated, key=lambda record: record.throughput_rps)
    for name, colour in (("mean", COLOURS[0]), ("p99", COLOURS[1])):
        points = [(step.rate_rps, 1e3 * getattr(step, f"{name}_s")) for step in measured]
        line = [(record.throughput_rps, 1e3 * getattr(record, f"{name}_s")) for record in drawn]
        axes.plot(*zip(*line, strict=True), color=colour, label=f"{name}, simulated")
        axes.plot(*zip(*points, strict=True), "o", color=colour, label=f"{name}, measured")
    axes.axvline(capacity_rps, color=GREY, linestyle="--", label="capacity")
    axes.set(yscale="log", xlabel="requests asked for, per second", ylabel="latency in ms")
    told = "; ".join(
        f"at {units.rate(step.rate_rps)} mean {units.seconds(step.mean_s)}, "
        f"p99 {units.seconds(step.p99_s)}"
        for step in measured
    )
    return finished(figure, f"Latency by rate, capacity {units.rate(capacity_rps)}: {told}")


def plot_inside(records: Mapping[str, Record]) -> Plot:
    """How many requests were inside, over the simulated time; a line for each of `records`.

    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("The queue over time", SIZE_INCHES)
    axes = figure.subplots()
    for (name, record), colour in zip(records.items(), COLOURS, strict=False):
        times = [at_s - record.begin_s for at_s, _ in record.inside]
        counts = [count for _, count in record.inside]
        axes.plot(times, counts, color=colour, linewidth=1, label=name)
    axes.set(xlabel="simulated time in s", ylabel="requests inside", ylim=(0, None))
    told = "; ".join(
        f"{name}: up to {max(count for _, count in record.inside):,}"
        for name, record in records.items()
    )
    return finished(figure, f"How many requests were inside, over the time. {told}")


def plot_crowds(records: Sequence[Record], memory_bytes: float) -> Plot:
    """Latency and memory over the users who are let in, a line for each server in `records`.

    The records are those of closed loops. A dashed line is the memory that the machine has.
    Raises LoadError when matplotlib is not installed.
    """
    figure = new_figure("A growing crowd, simulated", SIZE_INCHES)
    latency, memory = figure.subplots(1, 2)
    for name, colour in zip(dict.fromkeys(r.model.name for r in records), COLOURS, strict=False):
        own = [record for record in records if record.model.name == name]
        users = [record.connections for record in own]
        p99s_s = [record.p99_s for record in own]
        latency.plot(users, p99s_s, "o-", markersize=3, color=colour, label=name)
        resident = [record.resident_bytes / 2**30 for record in own]
        memory.plot(users, resident, "o-", markersize=3, color=colour, label=name)
    memory.axhline(memory_bytes / 2**30, color=GREY, linestyle="--", label="what there is")
    latency.set(xscale="log", yscale="log", xlabel="users let in", ylabel="p99 in s")
    memory.set(xscale="log", yscale="log", xlabel="users let in", ylabel="resident memory in GiB")
    told = "; ".join(
        f"{record.model.name}, {record.connections:,} users: p99 {units.seconds(record.p99_s)}, "
        f"{units.memory(record.resident_bytes)}"
        for record in records
    )
    return finished(figure, f"Latency and memory over the users who are let in. {told}")
