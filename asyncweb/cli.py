"""The command line: which command is meant, and what becomes of its mistakes.

Rule: a mistake is answered with one line that says what to do and exit code 2, never with a
traceback; what was measured before Ctrl-C is told, with exit code 130. A server that was measured
and answered nothing makes it 1.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from asyncweb.arguments import parser
from asyncweb.commands.outcome import INTERRUPTED
from asyncweb.errors import AsyncwebError

MISTAKE = 2
# Which module of asyncweb.commands has them: none is loaded but that of the one that is meant.
COMMANDS = {
    "measuring": ("demo", "load", "race", "replay"),
    "serving": ("serve", "routes", "top"),
    "notebooks": ("notebooks",),
    "exercises": (
        "exercises", "watch", "check", "hint", "explain", "list", "goto", "reset", "grade",
    ),
    "course": ("course",),
    "claims": ("claims",),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command that `arguments` (by default those of the process) name, and exits."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a sign it cannot spell is no reason to end
    words = sys.argv[1:] if arguments is None else arguments
    options = parser(*words[:1]).parse_args(words)
    try:
        raise SystemExit(_command(options.command)(options))
    except (AsyncwebError, OSError, TypeError, ValueError) as error:
        print(f"asyncweb {options.command}: {error}", file=sys.stderr)
        raise SystemExit(MISTAKE) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


def _command(name: str) -> Callable[..., int]:
    module = next(module for module, names in COMMANDS.items() if name in names)
    command: Callable[..., int] = getattr(import_module(f"asyncweb.commands.{module}"), name)
    return command
