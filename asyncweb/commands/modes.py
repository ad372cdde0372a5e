"""The modes of a command: which flags each of them takes.

Rule: a flag that a mode has no use for is told before anything is begun, and never dropped.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from asyncweb.arguments import parser

Limit = tuple[Callable[[str], bool], str]  # which options it takes, and what is said of any other


def check_mode(options: argparse.Namespace, mode: str) -> None:
    """Raises ValueError for a flag that was given, and that this mode of the command is not for."""
    unsaid = vars(parser(options.command).parse_args([options.command]))
    said = sorted(name for name, value in vars(options).items() if value != unsaid[name])
    for takes, otherwise in _MODES[options.command][mode]:
        for name in said:
            if not takes(name):
                raise ValueError(f"{_POSITIONAL.get(name) or _flag(name)} {otherwise}")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _only(*names: str) -> Callable[[str], bool]:
    return lambda name: name in names


def _all_but(*names: str) -> Callable[[str], bool]:
    return lambda name: name not in names


_POSITIONAL = {"claims": "CLAIM", "folder": "DIR", "recording": "FILE"}
_SHOWN_HERE: Limit = (
    _all_but("big", "record"), "is for what is shown here, and many machines show nothing",
)  # fmt: skip
_COPYING: Limit = (
    _all_but("folder", "no_open"),
    "is for notebooks that are copied, and --render, --html and --json copy none",
)
_RENDERING: Limit = (_all_but("only"), "NN says what to render: give --render DIR, too")
_MODES: dict[str, dict[str, tuple[Limit, ...]]] = {
    "load": {
        "alone": (
            (
                _all_but("workers", "spawn_rate"),
                "is for the master of many machines: --engine locust://HOST:PORT master",
            ),
        ),
        "master": (
            _SHOWN_HERE,
            (  # all other flags say how to ask, and so will those that are yet to come
                _only(
                    "url", "engine", "workers", "spawn_rate", "connections", "duration",
                    "fail_if", "out", "json",
                ),
                "is for those who ask: tell it the workers",
            ),
        ),
        "worker": (
            _SHOWN_HERE,
            (
                _all_but(
                    "workers", "spawn_rate", "connections", "duration", "requests", "warm_up",
                    "processes", "calibrate",
                ),
                "is not for a worker: the master says how many there are and for how long",
            ),
        ),
    },
    "replay": {
        "list": ((_only("list"), "does not go with --list, which only says what there is"),),
        "play": (),
    },
    "notebooks": {
        "copy": (_RENDERING,),
        "list": (_RENDERING, _COPYING),
        "render": (_COPYING,),
    },
    "claims": {
        "measure": ((_all_but("same_machine"), "is for --merge"),),
        "list": (
            (
                _only("list", "claims", "only"),
                "does not go with --list, which measures nothing and writes nothing",
            ),
        ),
        "build": ((_only("build", "only"), "does not go with --build, which only builds systems"),),
        "merge": (
            (
                _only("merge", "same_machine", "json"),
                "does not go with --merge, which tells of C10 alone, in the terminal and with "
                "--json",
            ),
        ),
    },
}  # fmt: skip
