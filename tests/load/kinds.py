"""The kinds of bad clients: what each does on one connection, and what it ought to get for it.

Rule: a kind is a coroutine function that returns when its stay is over. "left" says that the
client itself went; every other outcome is the server's doing.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.load.rogue import Stay

SLOW_S = 0.5
GET = b"GET /echo/rogue HTTP/1.1\r\nHost: siege\r\n"
POST = b"POST /echo/rogue HTTP/1.1\r\nHost: siege\r\n"
UPLOAD = b"POST /upload/rogue HTTP/1.1\r\nHost: siege\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: siege\r\n\r\n"
WAIT = b"GET /wait/rogue HTTP/1.1\r\nHost: siege\r\n\r\n"
PAGES = b"GET /page HTTP/1.1\r\nHost: siege\r\n\r\n" * 3000
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
FEW = 4096  # bytes that a client's system takes from the server at once
Deed = Callable[[Stay], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to misbehave."""

    name: str
    deed: Deed
    outcomes: tuple[str, ...]
    pause_s: float = 1.0  # until the next try
    receive_bytes: int | None = None
    stubborn: bool = False
    is_timed: bool = True  # False: what it does is fast enough to be allowed for long
    share: float = 1.0  # of what the other kinds have in clients


async def slow_head(stay: Stay) -> None:
    stay.send(GET + b"X-Slow: ")
    await stay.trickle(itertools.repeat(b"s"), SLOW_S)


async def slow_headers(stay: Stay) -> None:
    stay.send(GET)
    await stay.trickle((b"X-%d: y\r\n" % n for n in itertools.count()), SLOW_S)


async def slow_body(stay: Stay) -> None:
    stay.send(POST + b"Content-Length: 5000\r\n\r\n")
    await stay.trickle(itertools.repeat(b"s"), SLOW_S)


async def slow_upload(stay: Stay) -> None:
    stay.send(UPLOAD + b"Content-Length: 5000\r\n\r\n")
    await stay.trickle(itertools.repeat(b"s"), SLOW_S)


async def no_body(stay: Stay) -> None:
    stay.send(POST + b"Content-Length: 5000\r\n\r\n")
    await stay.until_gone()


async def slow_reader(stay: Stay) -> None:
    stay.read_no_more()
    stay.send(LARGE)
    await stay.read_slowly(SLOW_S)


async def no_reader(stay: Stay) -> None:
    stay.read_no_more()
    stay.send(LARGE)
    await stay.until_cut()


async def silent(stay: Stay) -> None:
    await stay.until_gone()


async def silent_after_an_answer(stay: Stay) -> None:
    stay.send(GET + b"\r\n")
    await stay.until_gone()


async def one_look(stay: Stay) -> None:
    stay.leave()


async def reset_at_once(stay: Stay) -> None:
    stay.reset()


async def reset_in_a_head(stay: Stay) -> None:
    stay.send(GET)
    await stay.stay(0.1)
    stay.reset()


async def reset_in_a_body(stay: Stay) -> None:
    stay.send(POST + b"Content-Length: 5000\r\n\r\nhalf")
    await stay.stay(0.1)
    stay.reset()


async def reset_in_an_upload(stay: Stay) -> None:
    stay.send(UPLOAD + CHUNKED + CHUNK)
    await stay.stay(0.1)
    stay.reset()


async def reset_in_an_answer(stay: Stay) -> None:
    stay.send(LARGE)
    await stay.stay(0.02)
    stay.reset()


async def byte_by_byte(stay: Stay) -> None:
    await stay.trickle((b"%c" % byte for byte in GET + b"Connection: close\r\n\r\n"), 0.01)
    await stay.until_gone()


async def garbage(stay: Stay) -> None:
    stay.send(bytes(range(255, 0, -1)) * 20)
    await stay.until_gone()


async def endless_target(stay: Stay) -> None:
    stay.send(b"GET /")
    await stay.trickle(itertools.repeat(b"t" * 1000), 0)


async def endless_header(stay: Stay) -> None:
    stay.send(GET + b"X: ")
    await stay.trickle(itertools.repeat(b"h" * 1000), 0)


async def endless_extension(stay: Stay) -> None:
    stay.send(POST + CHUNKED + b"5;e=")
    await stay.trickle(itertools.repeat(b"e" * 1000), 0)


async def endless_chunks(stay: Stay) -> None:
    stay.send(POST + CHUNKED)
    await stay.trickle(itertools.repeat(CHUNK), 0.002)


async def too_many_headers(stay: Stay) -> None:
    stay.send(GET + b"X: y\r\n" * 200 + b"\r\n")
    await stay.until_gone()


async def too_large(stay: Stay) -> None:
    stay.send(POST + b"Content-Length: 100000000\r\n\r\n")
    await stay.trickle(itertools.repeat(b"x" * 4096), 0.01)


async def piping_without_reading(stay: Stay) -> None:
    stay.read_no_more()
    stay.send(PAGES)
    await stay.until_cut()


async def half_closing(stay: Stay) -> None:
    stay.send(GET + b"\r\n")
    stay.say_no_more()
    await stay.until_gone()


async def half_closing_in_a_head(stay: Stay) -> None:
    stay.send(GET)
    stay.say_no_more()
    await stay.until_gone()


async def vanishing(stay: Stay) -> None:
    stay.send(WAIT)
    await stay.stay(0.03)
    stay.leave()


async def resetting_a_waiting_handler(stay: Stay) -> None:
    stay.send(WAIT)
    await stay.stay(0.03)
    stay.reset()


async def http_2(stay: Stay) -> None:
    stay.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))
    await stay.until_gone()


KINDS = (
    Kind("a byte of the head each 0.5 s", slow_head, ("408",)),
    Kind("a header each 0.5 s", slow_headers, ("408",)),
    Kind("a byte of the body each 0.5 s", slow_body, ("408",)),
    # Each holds a thread while its handler waits: more of them than a pool has threads stop it.
    Kind("a byte of an upload each 0.5 s", slow_upload, ("408",), share=0.2),
    Kind("a body that never comes", no_body, ("408",)),
    Kind("reads an answer slowly", slow_reader, ("cut", "200, cut"), receive_bytes=FEW),
    Kind("reads nothing of an answer", no_reader, ("cut",), receive_bytes=FEW),
    Kind("asks for 3,000 pages, reads none", piping_without_reading, ("cut",), receive_bytes=FEW),
    Kind("idle and silent", silent, ("closed",)),
    Kind("silent after an answer", silent_after_an_answer, ("200",)),
    Kind("connects and leaves", one_look, ("left",)),
    Kind("reset at once", reset_at_once, ("left",)),
    Kind("reset in a head", reset_in_a_head, ("left",)),
    Kind("reset in a body", reset_in_a_body, ("left",)),
    Kind("reset in an upload", reset_in_an_upload, ("left",)),
    Kind("reset in an answer", reset_in_an_answer, ("left", "200"), pause_s=4.0),
    Kind("reset while a handler waits", resetting_a_waiting_handler, ("left", "200"), pause_s=4.0),
    Kind("vanishes while a handler waits", vanishing, ("left", "200"), pause_s=4.0),
    Kind("one byte at a time", byte_by_byte, ("200",)),
    Kind("garbage", garbage, ("400",)),
    Kind("a target without end", endless_target, ("414",)),
    Kind("a header without end", endless_header, ("431",)),
    Kind("a chunk extension without end", endless_extension, ("413",)),
    Kind("a chunked body without end", endless_chunks, ("413",), 5.0, is_timed=False, share=0.2),
    Kind("200 headers", too_many_headers, ("431",)),
    Kind("refused, and goes on sending", too_large, ("413",), stubborn=True),
    Kind("half-closes after a request", half_closing, ("200",)),
    Kind("half-closes in a head", half_closing_in_a_head, ("400",)),
    Kind("the preface of HTTP/2", http_2, ("400", "505")),
)  # fmt: skip
