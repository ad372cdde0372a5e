"""The life of our App as an ASGI host tells it: lifespan.

Rule: work that goes on after its answer is no part of a request any more. It ends before the app
does, or when the time for that is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from asyncweb.gateways.hosted import log_failure

if TYPE_CHECKING:
    from asyncweb.app import App
    from asyncweb.gateways.asgi import Receive, Send

DRAIN_S = 10.0
_working: set[asyncio.Task[None]] = set()  # the loop itself would forget them


def work_on(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` in a task of its own, which the shutdown waits for."""
    task = asyncio.create_task(work)
    _working.add(task)
    task.add_done_callback(_working.discard)


async def live(app: App, receive: Receive, send: Send) -> None:
    """Startup and shutdown when the host says so; a startup that fails stops the host."""
    for stage, run in (("startup", app.startup), ("shutdown", lambda: _shut_down(app))):
        await receive()
        try:
            await run()
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            await send({"type": f"lifespan.{stage}.failed", "message": message})
            raise
        await send({"type": f"lifespan.{stage}.complete"})


async def _shut_down(app: App) -> None:
    """Waits for the work, then runs every hook. Raises the first error of theirs."""
    loop = asyncio.get_running_loop()
    if own := {task for task in _working if task.get_loop() is loop}:
        await asyncio.wait(own, timeout=DRAIN_S)
    errors: list[BaseException] = []

    def failed(hook: str, error: BaseException) -> None:
        log_failure(hook, error)
        errors.append(error)

    await app.shutdown(failed)
    if errors:
        raise errors[0]
