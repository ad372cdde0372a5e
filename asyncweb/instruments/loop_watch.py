"""Was the event loop held up, for how long, and by which line of whose code?

Rule: it looks at a heartbeat and at frames, and changes nothing in the loop: so it sees uvloop too.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from typing import Self

from asyncweb.attach.heart import Heart
from asyncweb.errors import InstrumentError
from asyncweb.instruments.virtual_loop import VirtualLoop
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.blocking import Block, block_at, culprit

PATIENCE_S = 10.0


class LoopWatch:
    """Watches the running loop while its block lasts; `blocks` are what held it up.

    A block is found by a look every 0.1 s: surely when it lasts 0.3 s, perhaps from 0.15 s on.

    >>> import time
    >>> async def careless(sleep):
    ...     sleep(0.4)
    >>> async def watched(student, sleep=time.sleep):
    ...     with LoopWatch() as watch:
    ...         await student(sleep)
    ...     return watch
    >>> print(asyncio.run(watched(careless)))
    careless held the loop for ... ms: ..., line 2: sleep(0.4)

    Nobody has to wait if the code is given something else to be slow with: `sleep` takes no time,
    and whether it was called on the loop's own thread is known, not measured.

    >>> async def main(student):
    ...     with LoopWatch() as watch:
    ...         await student(watch.sleep)
    ...     return watch
    >>> print(asyncio.run(main(careless)))
    careless held the loop for 400 ms: ..., line 2: sleep(0.4)
    >>> async def careful(sleep):
    ...     await asyncio.to_thread(sleep, 0.4)
    >>> watch = asyncio.run(main(careful))
    >>> watch.blocks, watch.slept
    ([], 1)

    How late the loop was in all, and of how many heartbeats that is the worst:

    >>> watch.lag_s >= 0, watch.beats >= 0
    (True, True)
    """

    def __init__(self) -> None:
        self.slept = 0  # how often `sleep` was called
        self._recorder = Recorder()
        self._known: list[Block] = []

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        if isinstance(self._loop, VirtualLoop):
            raise InstrumentError(
                "LoopWatch on a VirtualLoop: its clock stands still while code runs, so nothing "
                "can be late, and it refuses time.sleep by itself; use one of the two"
            )
        self._thread = threading.current_thread()
        self._heart = Heart(self._recorder)
        return self

    def __exit__(self, *error: object) -> None:
        self._heart.stop()

    @property
    def blocks(self) -> list[Block]:
        """What held up the loop, the oldest first; the last ten of those that were seen."""
        seen = (Block(**block) for block in self._recorder.counts()["blocks"])
        return sorted((*self._known, *seen), key=lambda block: block.began)

    @property
    def beats(self) -> int:
        """How often the loop came to its heartbeat, 20 times a second when nothing holds it."""
        return self._recorder.lag.count

    @property
    def lag_s(self) -> float:
        """The seconds by which the loop came too late to a heartbeat, at most."""
        return self._recorder.lag.max if self.beats else 0.0

    def sleep(self, seconds: float) -> None:
        """Stands for a call that takes `seconds`, and takes none.

        On the loop's thread it is a block at once. On another it returns when the loop has had a
        turn meanwhile, and raises InstrumentError when that does not come.
        """
        self.slept += 1
        if threading.current_thread() is self._thread:
            frame = culprit(sys._getframe(1))
            if frame is not None:
                self._known.append(block_at(frame, time.time(), seconds))
            return
        came = threading.Event()
        self._loop.call_soon_threadsafe(came.set)
        if not came.wait(PATIENCE_S):
            raise InstrumentError(
                f"the loop had no turn for {PATIENCE_S:g} s while another thread worked: {self}"
            )

    def __str__(self) -> str:
        blocks = self.blocks
        if not blocks:
            return f"nothing held the loop; it was {1000 * self.lag_s:.0f} ms late at most"
        return "\n".join(map(str, blocks))
