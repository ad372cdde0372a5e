"""What an engine does when an answer has ended: it is counted, and noted where there is a log.

Rule: what is to be done is decided when a server starts, and not asked again for each answer.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from asyncweb.context import Context
from asyncweb.http.messages import Response
from asyncweb.servers.observer import Observer

if TYPE_CHECKING:
    from asyncweb.servers.access_log import AccessLog
    from asyncweb.servers.extras import LogTarget

Ended = Callable[[Context, Response, float], None]


def open_log(target: LogTarget, engine: str) -> AccessLog | None:
    """The log that was asked for; None when none was. Raises ServerError for a file not ours."""
    if target is False:
        return None
    from asyncweb.servers.access_log import AccessLog  # loaded by those who want one

    return AccessLog(target, engine)


@contextlib.contextmanager
def closed_on_error(log: AccessLog | None) -> Iterator[None]:
    """Closes `log` when the start of its server fails."""
    try:
        yield
    except BaseException:
        if log is not None:
            log.close()
        raise


def ending(observer: Observer, log: AccessLog | None) -> Ended:
    """What an engine calls for each answer, `began` seconds on the clock when it was begun."""

    def ended(ctx: Context, response: Response, began: float) -> None:
        route = ctx.route
        pattern = "" if route is None else route.pattern
        observer.ended(pattern, response.status, time.perf_counter() - began)

    def ended_and_noted(ctx: Context, response: Response, began: float) -> None:
        seconds = time.perf_counter() - began
        observer.ended(ctx.pattern, response.status, seconds)
        log.answered(ctx, response, seconds)  # type: ignore[union-attr]

    return ended if log is None else ended_and_noted


def breaking(log: AccessLog | None) -> Ended:
    """What an engine calls for each answer that broke off in its middle. No observer counts it."""

    def broke_off(ctx: Context, response: Response, began: float) -> None:
        if log is not None:
            log.answered(ctx, response, time.perf_counter() - began, broken=True)

    return broke_off
