"""What a server is asked to do wrong: the words of a query, what each means, and how it is read.

Rule: values only; a query that was not understood whole is refused, never half obeyed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from asyncweb.errors import BadRequest
from asyncweb.http.query import Query
from asyncweb.lab.mixture import PERCENT, SIZE, STATUS, TIME, Mixture
from asyncweb.servers.nearest import nearest


@dataclass(frozen=True, slots=True)
class Pause:
    """The first `for_s` seconds of every `every_s`, in which a server does nothing.

    >>> pause = Pause.read("1s/5s")
    >>> pause.left_s(10.25), pause.left_s(11.0), pause.left_s(14.9)
    (0.75, 0.0, 0.0)
    """

    for_s: float
    every_s: float

    @classmethod
    def read(cls, text: str) -> Pause:
        """The pause that `text` writes. Raises ValueError."""
        length, slash, period = text.partition("/")
        if not slash:
            raise ValueError(f"{text!r}: expected how long and how often, with a / between them")
        pause = cls(TIME.read(length), TIME.read(period))
        if not 0 < pause.for_s < pause.every_s:
            raise ValueError(f"{text!r}: expected more than 0s, and less than what follows the /")
        return pause

    def left_s(self, now_s: float) -> float:
        """How much of the pause is left at `now_s`, in seconds; 0 outside of it."""
        return max(self.for_s - now_s % self.every_s, 0.0)

    def wait_s(self, fraction: float) -> float:
        """How long, in seconds, that fraction of all who come has to wait at most.

        For those who come evenly, whatever others wait: a share of for_s / every_s comes in the
        pause, and who comes x before its end waits for x. More than x waits therefore a share of
        (for_s - x) / every_s, which is 1 - fraction for the x that is asked for.

        >>> round(Pause.read("1s/5s").wait_s(0.99), 9), Pause.read("1s/5s").wait_s(0.5)
        (0.95, 0.0)
        """
        return max(self.for_s - (1 - fraction) * self.every_s, 0.0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query: how its value is read, how one looks, and what it does."""

    read: Callable[[str], Any]
    example: str
    does: str


NEVER, NOTHING = Pause(0.0, 1.0), Mixture()
_times = partial(Mixture.read, quantity=TIME)
WORDS = {
    "freeze": Word(Pause.read, "1s/5s", "stall by blocking: an event loop stands still with it"),
    "stall": Word(Pause.read, "1s/5s", "who asks in the first second of every 5 waits for its end"),
    "delay": Word(_times, "10ms:90,1s:10", "wait, as this server waits"),
    "block": Word(_times, "10ms:5", "wait by blocking the thread, or the event loop"),
    "cpu": Word(_times, "5ms", "use so much of the processor"),
    "reset": Word(PERCENT.read, "2", "reset the connection instead of an answer, in percent"),
    "status": Word(partial(Mixture.read, quantity=STATUS), "503:5,429:1", "answer with it"),
    "size": Word(partial(Mixture.read, quantity=SIZE), "1KiB-10KiB", "a body of so many bytes"),
    "slow": Word(_times, "1s", "send the body drop by drop, in so long"),
    "truncate": Word(PERCENT.read, "1", "break off in the middle of the body, in percent"),
}
EXAMPLE = "?delay=10ms:90,1s:10&status=503:5"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong with the requests of one query. Times in seconds, sizes in bytes."""

    freeze: Pause = NEVER
    stall: Pause = NEVER
    delay: Mixture = NOTHING
    block: Mixture = NOTHING
    cpu: Mixture = NOTHING
    reset: float = 0.0
    status: Mixture = NOTHING
    size: Mixture = NOTHING
    slow: Mixture = NOTHING
    truncate: float = 0.0


@lru_cache(maxsize=256)  # a load asks the same again and again
def read_trouble(query: str) -> Trouble:
    """The Trouble that a query string writes. Raises BadRequest that says what was expected.

    >>> read_trouble("stall=1s/5s&reset=2").reset
    2.0
    >>> read_trouble("delay=10")
    Traceback (most recent call last):
    asyncweb.errors.BadRequest: delay=10: '10': expected a time with its unit (us, ms, s), ...
    """
    fields = Query(query)
    return Trouble(**{name: _read_word(name, fields.get_all(name)) for name in fields})


def _read_word(name: str, values: list[str]) -> Any:
    if name not in WORDS:
        near = nearest(name, WORDS)
        wanted = f"{near}={WORDS[near].example}" if near else f"one of {', '.join(WORDS)}"
        raise BadRequest(f"{name!r} is no word of this server: expected {wanted}; / tells of all")
    word = WORDS[name]
    if len(values) > 1:
        raise BadRequest(f"{name} came {len(values)} times: expected once, {name}={word.example}")
    try:
        return word.read(values[0])
    except ValueError as error:
        shown = f"{name}={values[0]}"
        raise BadRequest(f"{shown}: {error}; for example {name}={word.example}") from None


def explained() -> str:
    """The words, an example of each and what it does, as a page of plain text."""
    rows = [f"{f'{name}={word.example}':<22}  {word.does}" for name, word in WORDS.items()]
    return "\n".join([_HEAD, *rows, _TAIL])


_HEAD = f"""This server fails on request. Any path, any method; the query says what goes wrong:

    /{EXAMPLE}

waits 10 ms in 90 percent of all requests and 1 s in 10, and answers 503 to 5 percent of them.
In the order in which they happen:
"""
_TAIL = """
A time or a size may also be a range (10ms-50ms), or exponential of a mean (exp:20ms). Behind the
last colon stands the percentage of requests that get it. Parts without one share what the others
leave; where there are none, that share of the requests goes unharmed.
"""
