"""A recording, shown again at the pace at which it was made, or at another.

Rule: no server, no socket, no load; the frames are those that were shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from asyncweb.dashboard.recording import Recording
from asyncweb.dashboard.screen import KeyedScreen, Screen


def replay(
    recording: Recording,
    screen: Screen,
    speed: float = 1.0,
    *,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Shows all of `recording` on `screen`, which is closed whatever happens.

    `speed` may be infinite: then nobody waits. Raises RecordingError at a broken line,
    ValueError for a speed that leads nowhere.
    """
    began = clock()
    try:
        if not speed > 0:
            raise ValueError(f"speed {speed:g}: expected a number above 0, e.g. 4 for four times")
        if isinstance(screen, KeyedScreen):
            screen.listen(lambda label: None)  # the marks are those of the run
        for at_s, frame in recording.frames():
            wait(max(began + at_s / speed - clock(), 0.0))
            screen.update(frame)
    finally:
        screen.close()
