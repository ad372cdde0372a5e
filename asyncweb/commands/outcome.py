"""How a command that takes its time is watched, and how it ends.

Rule: standard output is for the result; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from asyncweb.output import write_json

if TYPE_CHECKING:
    from asyncweb.lab.report import Measured

SILENCE = 1
INTERRUPTED = 130
ENDS = ("SIGTERM", "SIGHUP")  # the second: the window was closed; Windows has only the first


def screen_for(options: argparse.Namespace, is_silent: bool = False) -> Any:
    """The live view, on standard error: what standard output gets is the result.

    A silent one where JSON is all that is asked for; a recorded one where that is asked for.
    """
    from rich.console import Console

    from asyncweb.dashboard.screen import NoScreen, open_screen

    signal.signal(signal.SIGTERM, interrupt)  # so that the terminal is given back then too
    screen = NoScreen() if is_silent else open_screen(Console(stderr=True), is_big=options.big)
    if not getattr(options, "record", None):
        return screen
    from asyncweb.dashboard.recorded import RecordedScreen

    return RecordedScreen(screen, options.record)


def projected_for(
    options: argparse.Namespace, screen: Any
) -> contextlib.AbstractContextManager[Any]:
    """`screen`, and beside it a page, if one is asked for."""
    host, port = options.page_host, options.page_port
    if not (options.page or host is not None or port is not None):
        return contextlib.nullcontext(screen)
    from asyncweb.dashboard.page.projected import projected

    return projected(screen, host, port)


def conclude(
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


def answer_to(question: str) -> str:
    """What somebody types; "" when nobody does. Standard output is for the result."""
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def take_every_end_as_ctrl_c() -> None:
    """For what cleans up on Ctrl-C: SIGTERM and a window that is closed do the same from now on."""
    for name in ENDS:
        number = getattr(signal, name, None)
        # `nohup` ignores the window's end for us, so that hours of work outlive it.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, interrupt)


def interrupt(number: int, frame: Any) -> None:
    """What a signal to end does: the same as Ctrl-C."""
    raise KeyboardInterrupt
