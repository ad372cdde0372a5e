"""The queue of one reader in a Broadcast, looked at after each message.

Rule: every message is in one place: with the reader or on its way to it, in its queue, or dropped.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from asyncweb.broadcast import Broadcast
from asyncweb.errors import LessonError
from asyncweb.loadtest.plot import COLOURS, GREY, Plot, finished, new_figure

SIZE_INCHES = (9, 3.4)


class Look(NamedTuple):
    """Where the messages for one reader were, when so many had been sent.

    >>> Look(sent=20, waiting=8, dropped=2).gone
    10
    """

    sent: int
    waiting: int  # in its queue
    dropped: int  # because that was full

    @property
    def gone(self) -> int:
        """How many have left the server: they are with the reader, or in the network."""
        return self.sent - self.waiting - self.dropped


class ReaderQueue:
    """What became of the messages for the member of `room` that joined as `name`.

    >>> from asyncweb import App
    >>> app, room = App(), Broadcast(queue=2)
    >>> @app.websocket("/chat")
    ... async def chat(ws):
    ...     with room.join(ws, name="cid"):
    ...         await ws.send("welcome")
    ...         async for message in ws:
    ...             pass
    >>> with app.test_client().websocket("/chat") as cid:
    ...     seen = ReaderQueue(room, "cid") if cid.receive() else None
    ...     room.send("one"), cid.receive()
    ...     seen.look()
    (1, 'one')
    Look(sent=1, waiting=0, dropped=0)
    """

    def __init__(self, room: Broadcast, name: Hashable):
        found = [member for member in room.members if member.name == name]
        if not found:
            names = ", ".join(repr(member.name) for member in room.members)
            raise LessonError(f"nobody in the room has the name {name!r}; here: {names or 'none'}")
        self.name = name
        self.looks: list[Look] = []
        self._member = found[0]

    def look(self) -> Look:
        """What it is like now, after one more message."""
        look = Look(len(self.looks) + 1, self._member.waiting, self._member.dropped)
        self.looks.append(look)
        return look

    @property
    def longest(self) -> int:
        """The most messages that waited at once."""
        return max((look.waiting for look in self.looks), default=0)

    @property
    def last(self) -> Look:
        """As it was at the end."""
        return self.looks[-1] if self.looks else Look(0, 0, 0)

    def plot(self) -> Plot:
        """All of it as a picture. Raises LoadError when matplotlib is not installed."""
        figure = new_figure(f"Where the messages for {self.name} are", SIZE_INCHES)
        axes = figure.subplots()
        rows = [
            [getattr(look, place) for look in self.looks]
            for place in ("gone", "waiting", "dropped")
        ]
        labels = ("in the network, or heard", "wait in its queue", "dropped")
        colours = (COLOURS[0], COLOURS[1], GREY)
        axes.stackplot(
            [look.sent for look in self.looks], rows, labels=labels, colors=colours, alpha=0.8
        )
        axes.set(xlabel="messages sent to the room", ylabel="messages", ylim=(0, None))
        return finished(figure, f"Where the messages for {self.name} are: {self._told}.")

    @property
    def _told(self) -> str:
        look = self.last
        return (
            f"of {look.sent} sent, {look.gone} in the network or heard, {look.waiting} wait, "
            f"{look.dropped} dropped"
        )

    def __repr__(self) -> str:
        return f"<ReaderQueue of {self.name}: {self._told}>"
