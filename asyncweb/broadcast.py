"""One message to many WebSockets: in a room, in a group of it, or to those of one name.

Rule: who sends never waits for who receives. Each member has a queue of its own, and a policy
says what happens when a slow reader's is full; nobody else notices.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias, get_args

from asyncweb.channel import TRY_AGAIN_LATER, Channel
from asyncweb.http.bytestream import Home
from asyncweb.http.json_text import spelled_json
from asyncweb.http.websocket import Message
from asyncweb.websocket import WebSocket

Slow: TypeAlias = Literal["drop_oldest", "drop_newest", "disconnect"]


class Member:
    """One WebSocket in a Broadcast, and the messages that wait for it.

    >>> member = Member(None, frozenset({"news"}), name="ann", room=1, policy="disconnect")
    >>> member.offer(Message.of("one")), member.waiting, member.pop().value
    ((True, True), 1, 'one')
    >>> [member.offer(Message.of(text))[0] for text in ("two", "three")], member.closing_code
    ([True, False], 1013)
    """

    __slots__ = (
        "_closing_code", "_policy", "_room", "_taking", "_waiting", "channel", "dropped", "groups",
        "name",
    )  # fmt: skip

    def __init__(
        self, channel: Channel, groups: frozenset[Hashable], name: Hashable, room: int, policy: Slow
    ):
        self.channel = channel
        self.groups = groups
        self.name = name
        self.dropped = 0  # messages that this reader was too slow for
        self._room = room
        self._policy = policy
        self._waiting: deque[Message] = deque()
        self._taking = threading.Lock()
        self._closing_code: int | None = None

    def offer(self, message: Message) -> tuple[bool, bool]:
        """Lets `message` wait; whether it does, and whether the channel has to be told."""
        with self._taking:
            was_empty = not self._waiting
            if self._closing_code is not None:
                return False, False
            if len(self._waiting) < self._room:
                self._waiting.append(message)
                return True, was_empty
            self.dropped += 1
            if self._policy == "drop_oldest":
                self._waiting.popleft()
                self._waiting.append(message)
                return True, False
            if self._policy == "disconnect":
                self._waiting.clear()
                self._closing_code = TRY_AGAIN_LATER
            return False, self._closing_code is not None

    @property
    def closing_code(self) -> int | None:
        """Why the channel is to be closed, if it is."""
        return self._closing_code

    @property
    def waiting(self) -> int:
        """How many messages wait for this reader."""
        return len(self._waiting)

    def pop(self) -> Message | None:
        """The next message for the channel."""
        with self._taking:
            return self._waiting.popleft() if self._waiting else None

    def __repr__(self) -> str:
        return f"<Member {self.name!r} with {self.waiting} waiting, {self.dropped} dropped>"


class Broadcast:
    """A room whose members all hear what is sent to it, whichever server they are on.

    >>> from asyncweb import App
    >>> app, room = App(), Broadcast()
    >>> @app.websocket("/chat/{topic}")
    ... async def chat(ws):
    ...     with room.join(ws, ws.params["topic"], name=ws.query.get("name")):
    ...         await ws.send("welcome")
    ...         async for message in ws:
    ...             room.send(message, group=ws.params["topic"])
    >>> client = app.test_client()
    >>> with (
    ...     client.websocket("/chat/tea?name=ann") as ann,
    ...     client.websocket("/chat/tea") as bob,
    ... ):
    ...     ann.receive(), bob.receive()
    ...     bob.send("anybody here?")
    ...     ann.receive(), bob.receive()
    ...     room.send_to("ann", "psst"), ann.receive()
    ...     room.send_json({"to": "all"}), bob.receive_json()
    ...     room.groups, len(room.members), room.dropped
    ('welcome', 'welcome')
    ('anybody here?', 'anybody here?')
    (1, 'psst')
    (2, {'to': 'all'})
    ({'tea': 2}, 2, 0)

    `queue` messages may wait for a member. Of one that reads too slowly the oldest are dropped
    (`slow="drop_oldest"`), or the newest ("drop_newest"), or it is closed with 1013 ("disconnect").
    Servers in processes of their own have each a room of their own.
    """

    def __init__(self, queue: int = 64, slow: Slow = "drop_oldest"):
        if not isinstance(queue, int) or queue < 1:
            raise ValueError(f"Broadcast(queue={queue!r}): expected at least 1")
        if slow not in get_args(Slow):
            raise ValueError(f"Broadcast(slow={slow!r}): known: {', '.join(get_args(Slow))}")
        self._queue = queue
        self._slow: Slow = slow
        self._members: dict[Member, None] = {}
        self._groups: dict[Hashable, dict[Member, None]] = {}
        self._names: dict[Hashable, dict[Member, None]] = {}
        self._changing = threading.Lock()
        self._dropped = 0  # for those who have left

    # ------------------------------------------------------------------ who is here

    @contextmanager
    def join(self, ws: WebSocket, *groups: Hashable, name: Hashable = None) -> Iterator[Member]:
        """Makes `ws` a member, of those groups too, as long as the block lasts."""
        member = Member(ws.channel, frozenset(groups), name, self._queue, self._slow)
        self._enter(member)
        ws.channel.sources.append(member)
        try:
            yield member
        finally:
            ws.channel.sources.remove(member)
            self._leave(member)

    def _enter(self, member: Member) -> None:
        with self._changing:
            self._members[member] = None
            for group in member.groups:
                self._groups.setdefault(group, {})[member] = None
            if member.name is not None:
                self._names.setdefault(member.name, {})[member] = None

    def _leave(self, member: Member) -> None:
        with self._changing:
            del self._members[member]
            self._dropped += member.dropped
            for group in member.groups:
                _discard(self._groups, group, member)
            if member.name is not None:
                _discard(self._names, member.name, member)

    @property
    def members(self) -> list[Member]:
        """Those who are here now, in the order they came."""
        with self._changing:
            return list(self._members)

    @property
    def groups(self) -> dict[Hashable, int]:
        """How many members each group has; one without any is none."""
        with self._changing:
            return {group: len(members) for group, members in self._groups.items()}

    @property
    def dropped(self) -> int:
        """How many messages slow readers have missed, those who have left among them."""
        with self._changing:
            return self._dropped + sum(member.dropped for member in self._members)

    def __len__(self) -> int:
        return len(self._members)

    # ------------------------------------------------------------------ to all of them

    def send(self, message: str | bytes, group: Hashable = None) -> int:
        """Sends to all members, or to those of `group`; returns how many it is on its way to.

        Any thread and any handler may call it, without `await`: it never waits. What a member
        has no room for is dropped as the policy says, and is not counted.
        """
        with self._changing:
            chosen = self._members if group is None else self._groups.get(group, {})
            members = list(chosen)
        return _send(Message.of(message), members)

    def send_to(self, name: Hashable, message: str | bytes) -> int:
        """Sends to the members who have joined as `name`; returns how many."""
        with self._changing:
            members = list(self._names.get(name, {}))
        return _send(Message.of(message), members)

    def send_json(self, value: Any, group: Hashable = None) -> int:
        """Sends `value` as JSON text, once spelled for all."""
        return self.send(spelled_json(value), group)

    def __getstate__(self) -> tuple[int, Slow]:
        return self._queue, self._slow  # in another process it is another room, and empty

    def __setstate__(self, state: tuple[int, Slow]) -> None:
        self.__init__(*state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"<Broadcast with {len(self)} members, {self.dropped} messages dropped>"


def _send(message: Message, members: list[Member]) -> int:
    reached = 0
    news: dict[Home, list[Channel]] = {}
    for member in members:
        waits, is_news = member.offer(message)
        reached += waits
        if is_news:
            news.setdefault(member.channel.home, []).append(member.channel)
    for home, channels in news.items():
        home.flush(channels)
    return reached


def _discard(table: dict[Hashable, dict[Member, None]], key: Hashable, member: Member) -> None:
    del table[key][member]
    if not table[key]:
        del table[key]
