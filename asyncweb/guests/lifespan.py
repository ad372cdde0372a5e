"""The life of an ASGI app, as it is told by messages.

Rule: an app that ends or raises before it has answered the startup knows nothing of a lifespan,
and is served without one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from asyncweb.errors import ServerError


class Lifespan:
    """Starts and ends one app. `state` is what it keeps for its requests; None: it keeps none."""

    def __init__(self, app: Callable[..., Any]):
        self._app = app
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.state: dict[str, Any] | None = None

    async def startup(self) -> None:
        """Returns when the app has started, or knows no start. Raises ServerError otherwise."""
        state: dict[str, Any] = {}
        versions = {"version": "3.0", "spec_version": "2.0"}
        scope = {"type": "lifespan", "asgi": versions, "state": state}
        self._task = asyncio.ensure_future(self._app(scope, self._heard.get, self._said.put))
        answer = await self._ask("startup")
        if answer is None:
            return
        if answer["type"] == "lifespan.startup.failed":
            await self._end()
            raise ServerError(f"the app could not start: {answer.get('message') or 'no reason'}")
        self.state = state

    async def shutdown(self) -> None:
        """Returns when the app has shut down. Raises ServerError when it says that it could not."""
        if self._task is None:
            return
        try:
            answer = await self._ask("shutdown")
        finally:
            await self._end()
        if answer is not None and answer["type"] == "lifespan.shutdown.failed":
            reason = answer.get("message") or "no reason"
            raise ServerError(f"the app could not shut down: {reason}")

    async def _ask(self, stage: str) -> dict[str, Any] | None:
        """The app's answer to `stage`; None when it has ended without one."""
        assert self._task is not None
        await self._heard.put({"type": f"lifespan.{stage}"})
        saying = asyncio.ensure_future(self._said.get())
        await asyncio.wait({saying, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if saying.done():
            return self._checked(saying.result(), stage)
        saying.cancel()
        if not self._said.empty():
            return self._checked(self._said.get_nowait(), stage)
        await self._end()
        return None

    def _checked(self, answer: dict[str, Any], stage: str) -> dict[str, Any]:
        expected = [f"lifespan.{stage}.{end}" for end in ("complete", "failed")]
        if answer.get("type") not in expected:
            raise ServerError(f"the app sent {answer!r}; expected one of {expected}")
        return answer

    async def _end(self) -> None:
        """Lets the app's task end, and hears of its error, which is no news any more."""
        assert self._task is not None
        await asyncio.wait({self._task}, timeout=1.0)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
