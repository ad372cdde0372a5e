"""Commands that measure servers under load, and show again what was measured."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from asyncweb.commands.modes import check_mode
from asyncweb.commands.outcome import answer_to, conclude, projected_for, screen_for
from asyncweb.flags import load_settings
from asyncweb.output import check_output, write_json

if TYPE_CHECKING:
    from asyncweb.lab.report import Measured


def demo(options: argparse.Namespace) -> int:
    """Both servers, one load, the live view, a verdict."""
    from asyncweb.lab.demo import Scenario, run_demo
    from asyncweb.loadtest.spoken import seconds

    check_output(options.json)
    scenario = Scenario(
        duration_s=seconds(options.duration),
        connections=options.connections,
        wait_ms=options.wait_ms,
        max_threads=options.max_threads,
    )
    with projected_for(options, screen_for(options)) as screen:
        outcome = run_demo(scenario, screen)
        return conclude(options, outcome, outcome.last.servers, outcome.to_dict())


def load(options: argparse.Namespace) -> int:
    """One load test on a URL, alone or as one of many machines."""
    from asyncweb.loadtest.ceiling import ceiling, used
    from asyncweb.loadtest.exports import writer_for
    from asyncweb.loadtest.threshold import Threshold

    check_mode(options, _role(options))
    check_output(options.json)
    if options.out:
        writer_for(options.out)
        check_output(options.out, "--out")
    thresholds = [Threshold.read(text) for text in options.fail_if]
    measured, troubles = _measured(options)
    result = measured.result
    if options.out:
        result.write(options.out)
    failed = [threshold.text for threshold in thresholds if threshold.has_failed(result)]
    entry = {
        **result.to_dict(),
        **measured.to_dict(),
        "limited_by": measured.limited_by,
        "ceiling_rps": ceiling(options.processes),
        "failed": failed,
    }
    code = conclude(options, measured, [measured], entry)
    told = used(result.throughput_rps, options.processes)
    if told and not options.engine:
        print(told, file=sys.stderr)
    for text in [*troubles, *(f"failed: {text}" for text in failed)]:
        print(f"asyncweb load: {text}", file=sys.stderr)
    return code or int(bool(failed or troubles))


def _role(options: argparse.Namespace) -> str:
    """Whether the load is made "alone", or which part it is of that of many machines."""
    _, role = options.engine or ("", "alone")
    if options.engine and role not in ("master", "worker"):
        raise ValueError(f"--engine WHERE {role}: expected master or worker")
    if options.url is None and role != "worker":
        raise ValueError("nothing to load: give a URL, e.g. http://127.0.0.1:8000/")
    return str(role)


def _measured(options: argparse.Namespace) -> tuple[Measured, list[str]]:
    """What the load found, and what went wrong with others who took part in it."""
    settings = load_settings(options, *filter(None, [options.url]))
    if options.engine:
        from asyncweb.lab.machines import take_part

        leading = options.workers, options.spawn_rate
        return take_part(options.engine, options.url, settings, leading)
    from asyncweb.lab.measure import load as measure
    from asyncweb.loadtest.ceiling import calibrate

    if options.calibrate:
        calibrate(options.processes)
    return measure(options.url, screen=screen_for(options, options.json == "-"), **settings), []


def race(options: argparse.Namespace) -> int:
    """The same load on several URLs, in turns."""
    from asyncweb.dashboard.names import numbered
    from asyncweb.lab.measure import race as measure
    from asyncweb.lab.prediction import ask

    if len(options.urls) < 2:
        raise ValueError("a race is between two URLs or more: give another, or say `asyncweb load`")
    check_output(options.json)
    targets = dict(zip(numbered(options.urls), options.urls, strict=True))
    settings = load_settings(options, *options.urls)
    prediction = ask(list(targets), answer_to) if options.predict else None
    with projected_for(options, screen_for(options, options.json == "-")) as screen:
        report = measure(targets, screen=screen, **settings)
        code = conclude(options, report, report.servers, report.to_dict())
    if prediction is not None:
        print(prediction.judged(report.servers), file=sys.stderr)
    return code


def replay(options: argparse.Namespace) -> int:
    """A recorded run, shown again without servers."""
    from asyncweb.dashboard.recording import Recording, shipped
    from asyncweb.dashboard.replay import replay as play

    check_mode(options, "list" if options.list else "play")
    if options.list:
        print(*shipped(), sep="\n")
        return 0
    check_output(options.json)
    is_silent = options.json == "-"
    recording = Recording(options.recording)
    play(recording, screen_for(options, is_silent), float("inf") if is_silent else options.speed)
    if recording.ending is None:
        print(f"asyncweb replay: {recording.cut}", file=sys.stderr)
    elif not is_silent:
        print(recording.ending.said, end="")
    write_json(options.json, recording.to_dict())
    return 0
