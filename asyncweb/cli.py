"""The command line: one thin command each.

Rule: a mistake is answered with one line that says what to do and exit code 2, never with a
traceback; what was measured before Ctrl-C is told, with exit code 130. A server that was measured
and answered nothing makes it 1.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from asyncweb.arguments import check_role, parser
from asyncweb.errors import AppNotFound, AsyncwebError
from asyncweb.flags import load_settings, serve_settings
from asyncweb.output import check_output, write_json

if TYPE_CHECKING:
    from asyncweb.lab.report import Measured
    from asyncweb.servers.base import Server

SILENCE = 1
MISTAKE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command that `arguments` (by default those of the process) name, and exits."""
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(*words[:1]).parse_args(words)
    try:
        raise SystemExit(COMMANDS[options.command](options))
    except (AsyncwebError, OSError, TypeError, ValueError) as error:
        print(f"asyncweb {options.command}: {error}", file=sys.stderr)
        raise SystemExit(MISTAKE) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def demo(options: argparse.Namespace) -> int:
    """Both servers, one load, the live view, a verdict."""
    from asyncweb.lab.demo import Scenario, run_demo

    check_output(options.json)
    scenario = Scenario(
        duration_s=options.duration,
        connections=options.connections,
        wait_ms=options.wait_ms,
        max_threads=options.max_threads,
    )
    with _projected(options, _screen(options)) as screen:
        outcome = run_demo(scenario, screen)
        return _conclude(options, outcome, outcome.last.servers, outcome.to_dict())


def serve(options: argparse.Namespace) -> int:
    """Serves an app until Ctrl-C or SIGTERM, then drains."""
    from asyncweb.servers.garbage import starting

    with starting():
        server, workers = _server(options)
        from asyncweb.attach.foreground import serve_in_foreground
    signal.signal(signal.SIGTERM, _interrupt)
    serve_in_foreground(server, workers)
    return 0


def _server(options: argparse.Namespace) -> tuple[Server, int | None]:
    """The server that is asked for, and of how many workers."""
    from asyncweb.guests.find import find_app
    from asyncweb.metrics.recorder import Recorder
    from asyncweb.servers.settings import Settings

    app = find_app(options.app)
    settings = Settings.read(options.config) if options.config else Settings()
    settings |= Settings.from_environment() | Settings.of(serve_settings(options), "arguments")
    return settings.server(app, observer=Recorder()), settings.workers


def routes(options: argparse.Namespace) -> int:
    """The routes of an app."""
    from rich.console import Console

    from asyncweb.app import App
    from asyncweb.dashboard.route_table import route_rows, route_table
    from asyncweb.guests.find import find_app

    app = find_app(options.app)
    if not isinstance(app, App):
        raise AppNotFound(f"{options.app} is no App of asyncweb; its routes are its framework's")
    if options.json != "-":
        Console().print(route_table(app))
    write_json(options.json, {"routes": route_rows(app)})
    return 0


def top(options: argparse.Namespace) -> int:
    """The live view of processes or URLs, until Ctrl-C or their end."""
    from asyncweb.dashboard.top import find_target, known, watch

    if not options.targets:
        raise ValueError(f"give a process id or a URL; {known()}")
    targets = [find_target(where, options.insecure) for where in options.targets]
    for line in watch(targets, _screen(options), options.duration):
        print(line, file=sys.stderr)
    return 0


def load(options: argparse.Namespace) -> int:
    """One load test on a URL, alone or as one of many machines."""
    from asyncweb.loadtest.ceiling import ceiling, used
    from asyncweb.loadtest.exports import writer_for
    from asyncweb.loadtest.threshold import Threshold

    check_role(options)
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
    code = _conclude(options, measured, [measured], entry)
    told = used(result.throughput_rps, options.processes)
    if told and not options.engine:
        print(told, file=sys.stderr)
    for text in [*troubles, *(f"failed: {text}" for text in failed)]:
        print(f"asyncweb load: {text}", file=sys.stderr)
    return code or int(bool(failed or troubles))


def _measured(options: argparse.Namespace) -> tuple[Measured, list[str]]:
    """What the load found, and what went wrong with others who took part in it."""
    settings = load_settings(options)
    if options.engine:
        if options.record:
            raise ValueError("--record writes what is shown here, and many machines show nothing")
        from asyncweb.lab.machines import take_part

        leading = options.workers, options.spawn_rate
        return take_part(options.engine, options.url, settings, leading)
    from asyncweb.lab.measure import load as measure
    from asyncweb.loadtest.ceiling import calibrate

    if options.calibrate:
        calibrate(options.processes)
    return measure(options.url, screen=_screen(options, options.json == "-"), **settings), []


def race(options: argparse.Namespace) -> int:
    """The same load on several URLs, in turns."""
    from asyncweb.lab.measure import race as measure
    from asyncweb.lab.prediction import ask

    check_output(options.json)
    targets = dict(zip(options.urls, options.urls, strict=True))
    settings = load_settings(options)
    prediction = ask(options.urls, _answer_to) if options.predict else None
    with _projected(options, _screen(options, options.json == "-")) as screen:
        report = measure(targets, screen=screen, **settings)
        code = _conclude(options, report, report.servers, report.to_dict())
    if prediction is not None:
        print(prediction.judged(report.servers), file=sys.stderr)
    return code


def replay(options: argparse.Namespace) -> int:
    """A recorded run, shown again without servers."""
    from asyncweb.dashboard.recording import Recording, shipped
    from asyncweb.dashboard.replay import replay as play

    if options.list:
        print(*shipped(), sep="\n")
        return 0
    check_output(options.json)
    is_silent = options.json == "-"
    recording = Recording(options.recording)
    play(recording, _screen(options, is_silent), float("inf") if is_silent else options.speed)
    if recording.ending is None:
        print(f"asyncweb replay: {recording.cut}", file=sys.stderr)
    elif not is_silent:
        print(recording.ending.said, end="")
    write_json(options.json, recording.to_dict())
    return 0


def notebooks(options: argparse.Namespace) -> int:
    """Copies the notebooks next to the student and opens them."""
    from asyncweb.lab.notebooks import copy_notebooks, open_notebooks

    for notebook, is_new in copy_notebooks(options.folder):
        print(f"copied {notebook}" if is_new else f"kept {notebook}, which was there already")
    return 0 if options.no_open else open_notebooks(options.folder)


def check(options: argparse.Namespace) -> int:
    """One exercise, by the tests that a student sees; exits with 1 until it passes."""
    from asyncweb.grading.course import find_exercise, work_of
    from asyncweb.grading.runner import How
    from asyncweb.grading.runner import check as judge
    from asyncweb.grading.show import printed_lines, result_lines

    exercise = find_exercise(options.exercise)
    how = How(hidden=False) if options.seed is None else How(hidden=False, seeds=[options.seed])
    result = judge(exercise, work_of(exercise), how)
    print(*result_lines(result), *printed_lines(result), sep="\n")
    return int(not result.has_passed)


def grade(options: argparse.Namespace) -> int:
    """Every exercise in a student's folder, by all tests."""
    from pathlib import Path

    from rich.console import Console

    from asyncweb.grading.course import grade as judge
    from asyncweb.grading.table import results_dict, results_table

    check_output(options.json)
    results = list(judge(Path(options.folder)))
    Console(stderr=options.json == "-").print(results_table(results))
    write_json(options.json, results_dict(results))
    return 0


COMMANDS = {
    command.__name__: command
    for command in (demo, serve, top, routes, load, race, replay, notebooks, check, grade)
}


def _answer_to(question: str) -> str:
    """What somebody types; "" when nobody does. Standard output is for the result."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def _screen(options: argparse.Namespace, is_silent: bool = False) -> Any:
    """The live view, on standard error: what standard output gets is the result.

    A silent one where JSON is all that is asked for; a recorded one where that is asked for.
    """
    from rich.console import Console

    from asyncweb.dashboard.screen import NoScreen, open_screen

    signal.signal(signal.SIGTERM, _interrupt)  # so that the terminal is given back then too
    screen = NoScreen() if is_silent else open_screen(Console(stderr=True), is_big=options.big)
    if not getattr(options, "record", None):
        return screen
    from asyncweb.dashboard.recorded import RecordedScreen

    return RecordedScreen(screen, options.record)


def _projected(options: argparse.Namespace, screen: Any) -> contextlib.AbstractContextManager[Any]:
    """`screen`, and beside it a page, if one is asked for."""
    host, port = options.page_host, options.page_port
    if not (options.page or host is not None or port is not None):
        return contextlib.nullcontext(screen)
    from asyncweb.dashboard.page.projected import projected

    return projected(screen, host, port)


def _conclude(
    options: argparse.Namespace, found: Any, servers: Sequence[Measured], value: Any
) -> int:
    """Shows what was found, writes `value` where it is wanted, and gives the exit code."""
    from rich.console import Console

    from asyncweb.lab.verdict import silence

    Console(stderr=options.json == "-").print(found)
    write_json(options.json, value)
    if found.interrupted:
        return INTERRUPTED
    silences = [*filter(None, map(silence, servers))]
    for told in silences:
        print(f"asyncweb {options.command}: {told}", file=sys.stderr)
    return SILENCE if silences else 0


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt
