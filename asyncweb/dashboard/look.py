"""How somebody looks at the frames that come, and what each key changes in that.

Rule: a pure function: a look, a key and the frame of now give the next look, and a wish that
only others can fulfil. Nothing is read, drawn or measured here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from asyncweb.metrics.snapshot import Frame

ZOOMS_S = (None, 60.0, 30.0, 10.0)  # how far back the time axis goes; None: as it comes
TOPICS: tuple[tuple[str, ...], ...] = (  # the panels shown together; none: those of the frame
    (),
    ("latency", "heat", "histogram"),
    ("requests", "errors", "failures", "routes"),
    ("memory", "threads", "heap"),
    ("cpu", "loop", "latency"),
)
LABEL_LENGTH = 40
NO_LABEL = "here"
HELP = (
    "space pause", "+ - zoom", "tab panels", "c compare", "m mark", "b big", "s save", "q quit",
)  # fmt: skip


class Wish(Enum):
    """What a key asks for that is no way to look."""

    MARK = "mark"  # the moment, with the label that was typed
    SAVE = "save"  # what is seen
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody wants to see of the frames. Frames that are kept here never change."""

    held: Frame | None = None  # while paused; those that come are not shown
    first: Frame | None = None  # the moments to compare
    second: Frame | None = None
    zoom: int = 0  # the place in ZOOMS_S
    topic: int = 0  # the place in TOPICS
    label: str | None = None  # of a mark, as far as it is typed
    is_big: bool = False
    said: str = ""  # how the last wish went


def pressed(look: Look, key: str, now: Frame) -> tuple[Look, Wish | None]:
    """The look after `key`, and what else the key asks for; `now` is the frame that is there.

    A key is a character, or "tab", "enter", "escape" or "backspace". One that means nothing
    changes nothing.
    """
    look = replace(look, said="")
    if look.label is not None:
        return _typed(look, key, look.label)
    if key in _WISHES:
        return look, _WISHES[key]
    change = _CHANGES.get(key)
    return (change(look, now) if change else look), None


def _typed(look: Look, key: str, label: str) -> tuple[Look, Wish | None]:
    if key == "enter":
        return look, Wish.MARK  # whoever fulfils it takes the label, and then the look `marked`
    if key == "escape":
        return replace(look, label=None), None
    if key == "backspace":
        return replace(look, label=label[:-1]), None
    if len(key) == 1 and key.isprintable():
        return replace(look, label=(label + key)[:LABEL_LENGTH]), None
    return look, None


def marked(look: Look) -> Look:
    """The look when the moment has got the label that was typed."""
    return replace(look, label=None, said=f"marked: {look.label or NO_LABEL}")


def _pause(look: Look, now: Frame) -> Look:
    return replace(look, held=now if look.held is None else None)


def _compare(look: Look, now: Frame) -> Look:
    here = look.held or now
    if look.first is None:
        return replace(look, first=here)
    if look.second is None:
        return replace(look, second=here)
    return replace(look, first=None, second=None)


def _nearer(look: Look, now: Frame) -> Look:
    return replace(look, zoom=min(look.zoom + 1, len(ZOOMS_S) - 1))


def _farther(look: Look, now: Frame) -> Look:
    return replace(look, zoom=max(look.zoom - 1, 0))


def _next_topic(look: Look, now: Frame) -> Look:
    return replace(look, topic=(look.topic + 1) % len(TOPICS))


def _begin_label(look: Look, now: Frame) -> Look:
    return replace(look, label="")


def _grow(look: Look, now: Frame) -> Look:
    return replace(look, is_big=not look.is_big)


def _back(look: Look, now: Frame) -> Look:
    return Look(is_big=look.is_big)


_WISHES = {"s": Wish.SAVE, "q": Wish.QUIT}
_CHANGES = {
    " ": _pause,
    "+": _nearer,
    "=": _nearer,  # the same key without Shift
    "-": _farther,
    "tab": _next_topic,
    "c": _compare,
    "m": _begin_label,
    "b": _grow,
    "escape": _back,
}


def seen(look: Look, now: Frame) -> Frame:
    """What is to be drawn of `now`: the frame that is held instead, and as the look says."""
    frame = look.held or now
    show = TOPICS[look.topic] or frame.show
    return replace(frame, show=show, span_s=ZOOMS_S[look.zoom] or frame.span_s)


def told(look: Look) -> str:
    """In what way one looks, in words; "" for the plain live view."""
    if look.label is not None:
        return f"mark: {look.label}_  (enter sets it, escape drops it)"
    parts = [look.said] if look.said else []
    if look.held is not None:
        parts.append(f"PAUSED at {look.held.now_s:.1f} s, the recording goes on")
    if look.first is not None and look.second is None:
        parts.append(f"c compares {look.first.now_s:.1f} s with another moment")
    if look.zoom:
        parts.append(f"the last {ZOOMS_S[look.zoom]:.0f} s")
    if look.topic:
        parts.append(f"panels: {', '.join(TOPICS[look.topic])}")
    return "  ".join(parts)
