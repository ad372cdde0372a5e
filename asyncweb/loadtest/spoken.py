"""Durations and schedules, as they are written on a command line.

Rule: every word has one meaning, and a mistake is told with an example.
"""

from __future__ import annotations

import re

from asyncweb.errors import LoadError
from asyncweb.loadtest import arrivals
from asyncweb.loadtest.arrivals import Arrivals
from asyncweb.loadtest.ask import Ask

_UNITS = {"": 1.0, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_DURATION = re.compile(rf"({_NUMBER})\s*([a-z]*)")
_SPIKE = re.compile(rf"({_NUMBER}),({_NUMBER})@([^+]+)\+(.+)")
_ASK = re.compile(rf"(?:({_NUMBER})\s+)?(?:([A-Z]+)\s+)?(/.*)")
_SINE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})/(.+)")
EXAMPLES = "500, stages:100x10s,500x20s, spike:100,1000@5s+2s, sine:0..200/20s or replay:FILE"


def seconds(text: str) -> float:
    """A duration in seconds; a bare number is seconds. Raises LoadError.

    >>> seconds("250ms"), seconds("2m"), seconds("1.5")
    (0.25, 120.0, 1.5)
    """
    said = _DURATION.fullmatch(text.strip())
    if said is None or said[2] not in _UNITS:
        raise LoadError(f"{text!r} is no duration: expected e.g. 250ms, 10s or 2m")
    return float(said[1]) * _UNITS[said[2]]


def number(text: str) -> float:
    """A number in digits, 0 or more. Raises LoadError.

    >>> number("1000"), number("0.1")
    (1000.0, 0.1)
    """
    if not re.fullmatch(_NUMBER, text):
        raise LoadError(f"{text!r} is no number: expected e.g. 1000 or 0.1")
    return float(text)


def schedule(text: str, *, is_random: bool = False) -> Arrivals:
    """The schedule that `text` describes. Raises LoadError; OSError for a file that is not there.

    >>> str(schedule("500")), str(schedule("stages:100x10s,500x20s", is_random=True))
    ('500 requests/s', '100 requests/s for 10 s, then to 500 in 20 s, at random')
    >>> str(schedule("spike:100,1000@5s+2s")), str(schedule("sine:0..200/20s"))
    ('100 requests/s with a spike of 1000 at 5 s for 2 s', '0 to 200 requests/s and back in 20 s')
    """
    kind, _, said = text.partition(":") if ":" in text else ("constant", "", text)
    match kind:
        case "constant" if re.fullmatch(_NUMBER, said):
            return arrivals.constant(float(said), is_random=is_random)
        case "stages":
            return arrivals.stages([_stage(one) for one in said.split(",")], is_random=is_random)
        case "spike" if spike := _SPIKE.fullmatch(said):
            at_s, for_s = seconds(spike[3]), seconds(spike[4])
            rates = float(spike[1]), float(spike[2])
            return arrivals.spike(*rates, at_s=at_s, for_s=for_s, is_random=is_random)
        case "sine" if sine := _SINE.fullmatch(said):
            rates, period_s = (float(sine[1]), float(sine[2])), seconds(sine[3])
            return arrivals.sine(*rates, period_s=period_s, is_random=is_random)
        case "replay" if not is_random:
            return replay(said)
        case "replay":
            raise LoadError("a replay has its own moments: leave --random out")
    raise LoadError(f"{text!r} is no rate: expected e.g. {EXAMPLES}")


def ask(text: str) -> Ask:
    """The kind of request that `text` describes: "[WEIGHT] [METHOD] TARGET". Raises LoadError.

    >>> kind = ask("9 POST /users/{{n}}")
    >>> kind.weight, kind.method, kind.target
    (9.0, 'POST', '/users/{{n}}')
    """
    said = _ASK.fullmatch(text.strip())
    if said is None:
        raise LoadError(f"{text!r} is no request: expected e.g. '/', 'POST /users' or '9 GET /'")
    return Ask(said[3], said[2] or "GET", weight=float(said[1] or 1))


def header(text: str) -> tuple[str, str]:
    """The header field "NAME: VALUE". Raises LoadError.

    >>> header("Accept: text/html")
    ('Accept', 'text/html')
    """
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise LoadError(f"{text!r} is no header field: expected 'NAME: VALUE'")
    return name.strip(), value.strip()


def body(text: str) -> bytes:
    """`text` in UTF-8; or, after an @, what is in the file of that name. Raises OSError."""
    if not text.startswith("@"):
        return text.encode()
    with open(text[1:], "rb") as file:
        return file.read()


def replay(path: str) -> arrivals.Replay:
    """The moments in the file at `path`: a number of seconds on each line, in order."""
    with open(path, encoding="utf-8") as lines:
        said = [line.strip() for line in lines]
    moments = []
    for number, line in enumerate(said, 1):
        if not line or line.startswith("#"):
            continue
        try:
            moments.append(float(line))
        except ValueError:
            raise LoadError(
                f"{path}:{number}: {line!r} is no number of seconds; write one moment on a line"
            ) from None
    return arrivals.Replay(tuple(moments))


def _stage(text: str) -> tuple[float, float]:
    rate, cross, time = text.partition("x")
    if not cross or not re.fullmatch(_NUMBER, rate.strip()):
        raise LoadError(f"{text!r} is no stage: expected requests/s x time, e.g. 100x10s")
    return float(rate), seconds(time)
