"""What can be said on the command line.

Rule: words only; what a command does is its own business, and nothing is loaded to ask for it.
"""

from __future__ import annotations

import argparse
from functools import partial

from asyncweb import __version__
from asyncweb.claims_arguments import add_claims
from asyncweb.course_arguments import add_course
from asyncweb.exercise_arguments import EXERCISE_ARGUMENTS

HELP_WIDTH = 96
# A width of our own: argparse would load half the standard library to ask the terminal's, for
# each argument that is declared.
_HELP = partial(argparse.HelpFormatter, width=HELP_WIDTH)


def parser(asked: str = "") -> argparse.ArgumentParser:
    """All commands, or only the one that is `asked` for: the others take a while to spell out.

    `command` is the name of the one that was found.
    """
    whole = argparse.ArgumentParser(
        prog="asyncweb", description="See concurrency.", formatter_class=_HELP
    )
    whole.add_argument("--version", action="version", version=f"asyncweb {__version__}")
    commands = whole.add_subparsers(
        dest="command", required=True, metavar="COMMAND", prog="asyncweb"
    )
    for name in [asked] if asked in _ARGUMENTS else _ARGUMENTS:
        about, add_arguments = _ARGUMENTS[name]
        command = commands.add_parser(name, help=about, description=about, formatter_class=_HELP)
        add_arguments(command)
    return whole


def _add_demo(command: argparse.ArgumentParser) -> None:
    command.add_argument("--duration", default="30", metavar="TIME", help="in all, e.g. 30s")
    command.add_argument("--connections", type=int, metavar="N", help="instead of 50, 250, 1000")
    command.add_argument("--wait-ms", type=float, default=10.0, metavar="M", help="of each handler")
    command.add_argument("--max-threads", type=int, metavar="N", help="makes the threads a pool")
    _add_big(command)
    _add_page(command)
    _add_record(command)
    _add_json(command)


def _add_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("app", metavar="module:app")
    command.add_argument("--engine", choices=("async", "threads"), help="the one that suits")
    command.add_argument(
        "--workers", type=int, metavar="N", help="serve from N processes; one that dies is replaced"
    )
    command.add_argument("--host", help="127.0.0.1, if nothing is said; unix:PATH also works")
    command.add_argument("--port", type=int, help="any free one, if nothing is said")
    command.add_argument("--unix", metavar="PATH", help="listen on a Unix socket")
    command.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="serve https")
    command.add_argument("--self-signed", action="store_true", help="https, for a try at home")
    command.add_argument(
        "--access-log", nargs="?", const=True, metavar="FILE", help="a line for each answer"
    )
    command.add_argument("--config", metavar="FILE", help="settings, .toml or .json; flags win")


def _add_top(command: argparse.ArgumentParser) -> None:
    command.add_argument("targets", metavar="PID|URL", nargs="*")
    command.add_argument("--duration", metavar="TIME", help="for so long only, e.g. 30s")
    command.add_argument("--insecure", action="store_true", help="trust any certificate")
    _add_big(command)


def _add_routes(command: argparse.ArgumentParser) -> None:
    command.add_argument("app", metavar="module:app")
    _add_json(command)


def _add_load(command: argparse.ArgumentParser) -> None:
    command.add_argument("url", metavar="URL", nargs="?")
    _add_plan(command)
    command.add_argument(
        "--calibrate", action="store_true", help="first find out how much can be asked from here"
    )
    command.add_argument(
        "--fail-if", action="append", default=[], metavar="WHAT",
        help="exit with 1 if it is so: 'p99 > 250ms', 'errors > 0.1%%'; may be given again",
    )  # fmt: skip
    command.add_argument(
        "--out", metavar="FILE", help="all figures, as .json, .ndjson, .csv or .hgrm"
    )
    command.add_argument(
        "--engine", nargs=2, metavar=("WHERE", "ROLE"),
        help="many machines: 'locust://HOST:PORT master' leads them from here, "
        "'locust://HOST:PORT worker' makes load for such a master, or for any of Locust",
    )  # fmt: skip
    command.add_argument("--workers", type=int, default=1, metavar="N", help="a master waits for")
    command.add_argument(
        "--spawn-rate", type=float, metavar="N", help="a master's connections that come each second"
    )


def _add_race(command: argparse.ArgumentParser) -> None:
    command.add_argument("urls", metavar="URL", nargs="+")
    _add_plan(command)
    command.add_argument("--predict", action="store_true", help="first ask what you expect")
    _add_page(command)


def _add_plan(command: argparse.ArgumentParser) -> None:
    command.add_argument("--connections", type=int, default=50, metavar="N")
    _add_pace(command)
    command.add_argument("--method", default="GET")
    command.add_argument("--header", action="append", default=[], metavar="'NAME: VALUE'")
    command.add_argument("--body", default="", metavar="TEXT", help="or @FILE")
    command.add_argument(
        "--ask", action="append", default=[], metavar="'[WEIGHT] [METHOD] TARGET'",
        help="one of several kinds of request, as in '9 GET /users/{{random 1 99}}'",
    )  # fmt: skip
    command.add_argument("--message", default="", metavar="TEXT", help="to a ws:// or wss:// URL")
    command.add_argument("--answer", default="", metavar="TEXT", help="how an answer to it begins")
    command.add_argument("--ca", default="", metavar="FILE", help="trust its certificates (PEM)")
    command.add_argument("--insecure", action="store_true", help="trust any certificate")
    command.add_argument("--cert", metavar="FILE", help="show this certificate (PEM) if asked")
    command.add_argument("--key", metavar="FILE", help="of --cert, if that file holds none")
    command.add_argument("--seed", type=int, default=0, metavar="N", help="other luck")
    command.add_argument("--timeout", default="10", metavar="TIME", help="for an answer")
    command.add_argument("--processes", type=int, default=1, metavar="N", help="that make the load")
    command.add_argument("--no-keep-alive", action="store_true", help="connect anew each time")
    _add_big(command)
    _add_record(command)
    _add_json(command)


def _add_pace(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--duration", metavar="TIME",
        help="in all, and 10s if nothing is said; but stages, spike, sine and replay are run "
        "whole, in a race in each turn",
    )  # fmt: skip
    command.add_argument("--requests", type=int, metavar="N", help="ends it after so many")
    command.add_argument(
        "--warm-up", default="0", metavar="TIME",
        help="not counted, e.g. 2s: the beginning of a load, or of a schedule; in a race without "
        "a schedule it comes before each turn",
    )  # fmt: skip
    command.add_argument(
        "--rate", metavar="RATE",
        help="an open loop: requests/s, whatever is answered; or stages:100x10s,500x20s, "
        "spike:100,1000@5s+2s, sine:0..200/20s, replay:FILE",
    )  # fmt: skip
    command.add_argument("--random", action="store_true", help="the rate at random (Poisson)")
    command.add_argument("--think", default="0", metavar="TIME", help="between two requests")
    command.add_argument("--pipelined", type=int, default=1, metavar="N", help="requests at once")


def _add_replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("recording", metavar="FILE", nargs="?", help="or a name of --list")
    command.add_argument("--speed", type=float, default=1.0, metavar="N", help="N times as fast")
    command.add_argument("--list", action="store_true", help="those that come with the package")
    _add_big(command)
    _add_json(command)


def _add_notebooks(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", nargs="?", metavar="DIR", help="where to; asyncweb-notebooks, if none is given"
    )
    command.add_argument("--no-open", action="store_true", help="only copy")
    command.add_argument(
        "--render", metavar="DIR", help="run them instead, and write HTML with what they showed"
    )
    command.add_argument(
        "--only", action="append", default=[], metavar="NN", help="of --render; may be given again"
    )
    command.add_argument("--html", metavar="FILE", help="write a page that lists them instead")
    _add_json(command)


def _add_big(command: argparse.ArgumentParser) -> None:
    command.add_argument("--big", action="store_true", help="large figures, for a whole room")


def _add_page(command: argparse.ArgumentParser) -> None:
    command.add_argument("--page", action="store_true", help="the view also as a web page")
    command.add_argument("--page-host", metavar="HOST", help="0.0.0.0 lets the class in")
    command.add_argument("--page-port", type=int, metavar="N", help="any free one, if not said")


def _add_record(command: argparse.ArgumentParser) -> None:
    command.add_argument("--record", metavar="FILE", help="write what is shown there, to replay it")


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", metavar="FILE", help="write the result there; - is stdout")


_ARGUMENTS = {
    "demo": ("both servers, one load, a live view, a verdict", _add_demo),
    "serve": ("serve an app; Ctrl-C drains and exits 0", _add_serve),
    "top": ("the live view of what runs already", _add_top),
    "routes": ("the routes of an app", _add_routes),
    "load": ("a load test of one URL", _add_load),
    "race": ("the same load on several URLs, in turns", _add_race),
    "replay": ("show a recorded run again, without servers", _add_replay),
    "notebooks": ("copy the notebooks here and open them, run them or list them", _add_notebooks),
    **EXERCISE_ARGUMENTS,
    "course": ("for who teaches it: pack, grade, new, prove", add_course),
    "claims": ("the article's twelve claims, tested here on the systems it names", add_claims),
}
