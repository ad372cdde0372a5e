"""The first inputs of each target: what the tests know already, put on a tape.

Rule: a seed is valid or breaks one rule; the fuzzer breaks the others.
"""

from collections.abc import Iterator

from tests.fuzz.answers import FIELD, VALUE
from tests.http.rules import ACCEPTED, LAST, REFUSED

GET = b"GET / HTTP/1.1\r\nHost: t\r\n\r\n"
STREAM = b"POST /s HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
# Once the verdict depended on the cuts: (options, the steps between them, what is sent).
FOUND = (
    (16, bytes([27, 2, 27, 2, 27, 2]), (GET + b"\r\n") * 3 + GET),
    (90, b"Z", STREAM + b"no size\r\n"),
    (36, b"\n", b"\rHEAD \x1e\x05"),
    (4, b"", b"GET / HTTP/2.0\r\nA: b\nC: d\r\n\r\n"),
    (0, b"", GET[:-2] + b"Content-Length: " + b"0" * 5000 + b"\r\n\r\n"),
)
ROUTES = (
    "/\n/users/{id}\n/users/{id:int}\n/users/me\n\n/\n/users/7\n/users/me\n/users/x%2Fy",
    "/files/{rest:path}\n/{x:float}\n/u/{id:uuid}\n/{tag:[a-z]+}\n\n/files/a/b\n/1.5\n/ab/c\n*",
    "/a b\n/a%20b\n/{x}/b\n/{x:a|b}/{y:path}\n\n/a%20b\n/a/b\n/a/\n//",
)
ANSWERS = (
    f"content-type{VALUE}text/plain{FIELD}hello",
    f"x-a{VALUE} é {FIELD}set-cookie{VALUE}a=b{FIELD}",
    f"content-length{VALUE}5{FIELD}one{VALUE}tw",
    f"connection{VALUE}close{FIELD}transfer-encoding{VALUE}chunked{FIELD}a{VALUE}b",
    f"location{VALUE}/\r\nx: y{FIELD}",
)


def seeds(target: str) -> Iterator[bytes]:
    yield from globals()[f"_{target}"]()


def _requests() -> Iterator[bytes]:
    for options, steps, data in FOUND:
        yield bytes([options, len(steps)]) + steps + data
    rules = [rule.data for rule in (*ACCEPTED, *LAST, *REFUSED)]
    for number, data in enumerate(rules):
        yield bytes([number % 128, 2, 30, 5]) + data
    for number, data in enumerate(rules[: len(ACCEPTED)]):
        streamed = data.replace(b" / ", b" /s ").replace(b" /a", b" /s")
        yield bytes([96 + number % 32, 1, 90]) + streamed + data


def _bodies() -> Iterator[bytes]:
    for number, rule in enumerate((*ACCEPTED, *LAST, *REFUSED)):
        head, _, body = rule.data.partition(b"\r\n\r\n")
        if b"chunked" in head.lower():
            yield bytes([number % 8, 2, 3, 9]) + body
    yield bytes([8, 1, 3, 11, 0]) + b"hello world"


def _router() -> Iterator[bytes]:
    for text in ROUTES:
        yield bytes([4, 0, 66, 129, 192]) + text.encode()


def _answers() -> Iterator[bytes]:
    for number, text in enumerate(ANSWERS):
        for options in (0, 1):
            yield bytes([number, options, number]) + text.encode("latin-1")
