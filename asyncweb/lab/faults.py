"""A server that fails on request, to see what a failing server does to those who ask it.

    asyncweb serve asyncweb.lab.faults:app        and then ask it for /: it explains itself

Rule: nothing goes wrong here but what the query asks for; with a seed, the same again.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from random import Random

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.http.messages import TEXT, Response
from asyncweb.lab.trouble import Trouble, explained, read_trouble

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DROPS = 10  # pieces of a body that is slow or breaks off


def faulty(seed: int | None = None, *, clock: Callable[[], float] = time.monotonic) -> App:
    """An App that answers any path, and on the way does wrong what the query says.

    With a `seed` the same requests, in the same order, meet the same fate. `clock`, in seconds,
    says when a stall begins: all servers of one machine stall at the same moments. Who pipelines
    gets 400 for a reset: what was asked behind it is read already.

    >>> client = faulty(seed=1).test_client()
    >>> [client.get("/tea?status=503:50").status for _ in range(6)]
    [503, 200, 503, 200, 503, 200]
    >>> client.get("/?size=3").text
    "size=3: '3': expected a size with its unit (B, KB, KiB, MB, MiB), ..."
    """
    app, seeds = App(), Random(seed)

    async def answer(ctx: Context) -> Response | str | None:
        if ctx.request.target == "/":
            return explained()
        trouble = read_trouble(ctx.request.query_string)
        # A generator for each request: how requests overlap has no say in what they draw.
        chance = Random(seeds.getrandbits(64))
        await _wait(ctx, trouble, chance, clock)
        if _befalls(trouble.reset, chance):
            (await ctx.take_over()).abort()
            return None
        return _respond(ctx, trouble, chance)

    for pattern in ("/", "/{rest:path}"):
        app.route(pattern, METHODS)(answer)
    return app


async def _wait(ctx: Context, trouble: Trouble, chance: Random, clock: Callable[[], float]) -> None:
    """All that takes time before the answer."""
    if left_s := trouble.freeze.left_s(clock()):
        time.sleep(left_s)
    if left_s := trouble.stall.left_s(clock()):
        await ctx.sleep(left_s)
    if delay_s := trouble.delay.draw(chance, default=0.0):
        await ctx.sleep(delay_s)
    if block_s := trouble.block.draw(chance, default=0.0):
        time.sleep(block_s)
    if cpu_s := trouble.cpu.draw(chance, default=0.0):
        _burn(cpu_s)


def _burn(seconds: float) -> None:
    """Keeps this thread computing until it has used so much of the processor."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def _befalls(percent: float, chance: Random) -> bool:
    return chance.random() * 100 < percent


def _respond(ctx: Context, trouble: Trouble, chance: Random) -> Response:
    status = int(trouble.status.draw(chance, default=200))
    told = f"{status}\n".encode()
    size = int(trouble.size.draw(chance, default=-1))
    body = told if size < 0 else b"x" * size
    slow_s = trouble.slow.draw(chance, default=0.0)
    is_broken = _befalls(trouble.truncate, chance)
    if not slow_s and not is_broken:
        return Response(body, status, content_type=TEXT)
    drops = _drops(ctx, body, slow_s, is_broken)
    return Response(drops, status, {"content-length": str(len(body))}, TEXT)


async def _drops(ctx: Context, body: bytes, slow_s: float, is_broken: bool) -> AsyncIterator[bytes]:
    """`body` in pieces, over `slow_s` seconds; half of them when it is to break off."""
    step = -(-len(body) // DROPS) or 1
    starts = range(0, len(body), step)
    for start in starts[: len(starts) // 2] if is_broken else starts:
        await ctx.sleep(slow_s / len(starts))
        yield body[start : start + step]
    if is_broken:
        raise RuntimeError("the body breaks off here, because the query says truncate")


app = faulty()
