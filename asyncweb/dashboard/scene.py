"""What one look at a frame shows: the picture, and below it how one looks and what the keys are.

Rule: a pure function of the look, the frame of now and a size.
"""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from asyncweb.dashboard.big import render_big
from asyncweb.dashboard.box import Picture, one_line
from asyncweb.dashboard.look import HELP, Look, seen, told
from asyncweb.dashboard.moments import render_moments
from asyncweb.dashboard.view import render
from asyncweb.metrics.snapshot import Frame


def picture(look: Look, now: Frame, width: int, height: int) -> RenderableType:
    """What is looked at, without what is said of the look itself."""
    if look.first is not None and look.second is not None:
        first, second = (seen(look, frame) for frame in (look.first, look.second))
        return render_moments(first, second, width, height)
    frame = seen(look, now)
    return (render_big if look.is_big else render)(frame, width, height)


def scene(look: Look, now: Frame, width: int, height: int, has_keys: bool) -> RenderableType:
    """The whole screen; the last line says what the keys do, where there are keys."""
    foot = [one_line(told(look), width, "bold reverse")] if told(look) else []
    if has_keys:
        foot.append(one_line("  ".join(HELP), width, "dim"))
    above = picture(look, now, width, height - len(foot))
    if isinstance(above, Picture):
        return Picture([*above.lines, *([line] for line in foot)])
    return Group(above, *foot)


def too_small(width: int, height: int) -> Text:
    """What is shown instead where the view has no room."""
    return Text(
        f"{width} x {height} is too small for the live view: make the window larger, or its "
        f"letters smaller. The recording goes on; Ctrl-C ends it."[: max(width * height - 1, 0)]
    )
