"""How a student looks at their exercises in `asyncweb watch`, and what each key changes in that.

Rule: a pure function: a look and a key give the next look, and a wish that only others can fulfil.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto


class Panel(Enum):
    """What stands below the exercise's tasks."""

    MESSAGE = auto()  # what to mend first
    HINT = auto()
    LIST = auto()  # of all exercises, instead of the tasks
    EXPLAIN = auto()  # the label of the message
    RESET = auto()  # is it meant?


class Wish(Enum):
    """What a key asks for that is no way to look."""

    CHECK = auto()
    HINT = auto()  # the last one that was given, or the first
    NEXT_HINT = auto()
    NEXT = auto()  # exercise that is to be done
    GO = auto()  # to the one that is chosen in the list
    RESET = auto()
    QUIT = auto()


HELP = ("h hint", "n next", "l list", "e explain", "r reset", "c check", "q quit")
_HELP_IN = {
    Panel.HINT: ("h the next hint", "escape back", "n next", "l list", "q quit"),
    Panel.LIST: ("n p down and up", "enter go there", "l back", "q quit"),
    Panel.RESET: ("y yes, the stub again", "any other key: no"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at; `page` is how many screens somebody has gone down."""

    panel: Panel = Panel.MESSAGE
    chosen: int = 0  # the place in the list
    page: int = 0
    said: str = ""  # how the last wish went

    @property
    def help(self) -> tuple[str, ...]:
        """What the keys do just now."""
        return _HELP_IN.get(self.panel, HELP)


def pressed(look: Look, key: str, current: int, count: int) -> tuple[Look, Wish | None]:
    """The look after `key`, and what else the key asks for.

    `current` is the place of the exercise that is being worked on, of `count`. A key is a
    character, or "tab", "enter", "escape" or "backspace"; one without a meaning changes nothing.
    """
    look = replace(look, said="")
    if look.panel is Panel.RESET:
        return Look(chosen=look.chosen), Wish.RESET if key == "y" else None
    if key == "q":
        return look, Wish.QUIT
    if key == " ":
        return replace(look, page=look.page + 1), None  # whoever draws begins again after the last
    if look.panel is Panel.LIST and key in _MOVES:
        return replace(look, chosen=(look.chosen + _MOVES[key]) % count), None
    if look.panel is Panel.LIST and key == "enter":
        return Look(chosen=look.chosen), Wish.GO
    if look.panel is Panel.HINT and key == "h":
        return replace(look, page=0), Wish.NEXT_HINT
    if key in _WISHES:
        panel, wish = _WISHES[key]
        return replace(look, panel=panel, page=0), wish
    if key in _PANELS:
        return _toggled(look, _PANELS[key], current), None
    return look, None


def _toggled(look: Look, panel: Panel, current: int) -> Look:
    """The panel, or none if it is there already."""
    return Look(Panel.MESSAGE if look.panel is panel else panel, chosen=current)


_MOVES = {"n": 1, "p": -1, "j": 1, "k": -1}
_WISHES = {
    "h": (Panel.HINT, Wish.HINT),
    "n": (Panel.MESSAGE, Wish.NEXT),
    "c": (Panel.MESSAGE, Wish.CHECK),
}
_PANELS = {"l": Panel.LIST, "e": Panel.EXPLAIN, "r": Panel.RESET, "escape": Panel.MESSAGE}
