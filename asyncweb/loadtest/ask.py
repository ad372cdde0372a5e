"""What is asked: one kind of request, and how each of them is spelled.

Rule: values only, and a seed: the same load asks the same again. What cannot be sent is refused
when it is written down, not when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from asyncweb.errors import LoadError
from asyncweb.http.fields import Headers
from asyncweb.loadtest.blanks import filled, parts

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WITH_BODY = ("POST", "PUT", "PATCH")


@dataclass(frozen=True, slots=True)
class Ask:
    """One kind of request; of several, each is asked as often as its `weight` says.

    Target, header values and body may have blanks, filled in for each request: `{{n}}` is its
    number, `{{random 1 6}}` a whole number, `{{choice a b c}}` one of those words, `{{uuid}}` a
    UUID. An empty target is the path of the URL that is loaded. `headers` may be Headers, where a
    field may come several times.

    >>> ask = Ask("/users/{{n}}", headers={"x-dice": "{{random 1 6}}"})
    >>> ask.has_blanks
    True
    >>> spelled = ask.speller("example.com", "/", keep_alive=True)
    >>> spelled(7, Random(1))
    b'GET /users/7 HTTP/1.1\\r\\nhost: example.com\\r\\nx-dice: 2\\r\\n\\r\\n'
    """

    target: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    weight: float = 1.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise LoadError(f"method={self.method!r}: expected one of {', '.join(METHODS)}")
        if self.target and not self.target.startswith("/"):
            check_target(self.target)
        if not isinstance(self.body, bytes):
            kind = type(self.body).__name__
            raise LoadError(f"body: expected bytes, got {kind}; text becomes bytes by .encode()")
        if not self.weight > 0:
            raise LoadError(f"weight={self.weight!r}: expected a number above 0")

    @property
    def has_blanks(self) -> bool:
        """Whether no two requests of this kind need be alike."""
        text = "".join((self.target, *self.headers.values(), self.body.decode("latin-1")))
        return len(parts(text)) > 1

    def speller(self, host: str, target: str, keep_alive: bool) -> Callable[[int, Random], bytes]:
        """What spells each request of this kind. Raises LoadError for what HTTP forbids."""
        head, body = self._head(host, self.target or target, keep_alive), self.body
        blanks_of_head, blanks_of_body = parts(head), parts(body.decode("latin-1"))
        says_length = bool(body) or self.method in WITH_BODY

        def spelled(number: int, dice: Random) -> bytes:
            said = filled(blanks_of_body, number, dice)
            length = f"content-length: {len(said)}\r\n" if says_length else ""
            return f"{filled(blanks_of_head, number, dice)}{length}\r\n{said}".encode("latin-1")

        check_target(filled(parts(self.target or target), 0, Random(0)))
        if len(blanks_of_head) == len(blanks_of_body) == 1:
            constant = spelled(0, Random(0))
            return lambda number, dice: constant
        return spelled

    def _head(self, host: str, target: str, keep_alive: bool) -> str:
        headers = checked_headers(self.headers)
        if "host" not in headers:
            headers = Headers([("host", host), *headers.fields()])
        headers.pop("content-length", None)
        if not keep_alive:
            headers["connection"] = "close"
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.fields())
        return f"{self.method} {target} HTTP/1.1\r\n{fields}"


def mixed(asks: Sequence[Ask], dice: Random) -> Iterator[int]:
    """Which of `asks` is next, by number: each as often as its weight says, in no order.

    >>> dice = Random(1)
    >>> [number for number, _ in zip(mixed([Ask(weight=3), Ask("/b")], dice), range(8))]
    [0, 1, 1, 0, 0, 0, 0, 1]
    """
    numbers, upto = range(len(asks)), list(accumulate(ask.weight for ask in asks))
    while True:
        yield from dice.choices(numbers, cum_weights=upto, k=100)


def checked_headers(said: Mapping[str, str]) -> Headers:
    """The fields that are `said`. Raises LoadError for what HTTP forbids."""
    try:
        return Headers(said)
    except ValueError as error:
        raise LoadError(str(error)) from None


def check_target(target: str) -> None:
    """Raises LoadError for a path that HTTP forbids."""
    if not target.startswith("/"):
        raise LoadError(f"target {target!r}: expected a path such as '/{target}'")
    if not target.isascii() or any(character <= " " for character in target):
        raise LoadError(f"{target!r} must be percent-encoded, e.g. by urllib.parse.quote")
