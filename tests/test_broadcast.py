"""Who hears what in a Broadcast, and what happens to those who read too slowly."""

import pickle
import threading

import pytest

from asyncweb import Broadcast
from asyncweb.http.websocket import Message


class Home:
    """An engine that flushes when the test says so."""

    def __init__(self):
        self.asked = []

    def flush(self, channels):
        self.asked.append(list(channels))


class Reader:
    """A channel, and the WebSocket over it; reads `room` messages and then no more."""

    def __init__(self, home, room=1_000_000):
        self.home, self.room = home, room
        self.channel, self.sources, self.read = self, [], []

    def flush(self):
        for source in self.sources:
            while len(self.read) < self.room and (message := source.pop()) is not None:
                self.read.append(message.value)


@pytest.fixture
def home():
    return Home()


def flush(home):
    for channels in home.asked:
        for channel in channels:
            channel.flush()
    home.asked.clear()


def test_all_those_of_a_group_or_of_a_name_hear_it(home):
    room, readers = Broadcast(), [Reader(home) for _ in range(3)]
    ann, bob, cid = readers
    with room.join(ann, "news", name="ann"), room.join(bob, "news", 7), room.join(cid, name="ann"):
        assert (len(room), room.groups) == (3, {"news": 2, 7: 1})
        assert room.send("all") == 3
        assert room.send("news", group="news") == 2
        assert room.send(b"seven", group=7) == 1
        assert room.send("nobody", group="none") == 0
        assert room.send_to("ann", "only ann") == 2
        assert room.send_to("eve", "nobody") == 0
        assert room.send_json({"é": 1}) == 3
        flush(home)
        assert [member.name for member in room.members] == ["ann", None, "ann"]
    assert ann.read == ["all", "news", "only ann", '{"é":1}']
    assert bob.read == ["all", "news", b"seven", '{"é":1}']
    assert cid.read == ["all", "only ann", '{"é":1}']
    assert (len(room), room.groups, room.send("late")) == (0, {}, 0)
    assert [reader.sources for reader in readers] == [[], [], []]


def test_an_engine_is_told_once_of_all_who_have_news(home):
    room, other = Broadcast(), Home()
    readers = [Reader(home), Reader(other), Reader(home)]
    with room.join(readers[0]), room.join(readers[1]), room.join(readers[2]):
        room.send("one")
        room.send("two")  # those who have not read "one" will find it there
        assert (home.asked, other.asked) == ([[readers[0], readers[2]]], [[readers[1]]])
        flush(home)
        room.send("three")
        assert (len(home.asked), len(other.asked)) == (1, 1)


@pytest.mark.parametrize(
    ("slow", "read", "reached"),
    [
        ("drop_oldest", [0, 7, 8, 9], 10),
        ("drop_newest", [0, 1, 2, 3], 4),
        ("disconnect", [0], 4),
    ],
)
def test_of_a_slow_reader_messages_are_dropped_as_the_policy_says(home, slow, read, reached):
    room = Broadcast(queue=3, slow=slow)
    quick, stuck = Reader(home), Reader(home, room=1)
    told = 0
    with room.join(stuck) as member:
        for number in range(10):
            told += room.send(str(number))
            flush(home)
        assert told == reached
        stuck.room = 100
        stuck.flush()
        assert stuck.read == [str(number) for number in read]
        dropped = 1 if slow == "disconnect" else 6
        assert (member.dropped, room.dropped) == (dropped, dropped)
        assert member.closing_code == (1013 if slow == "disconnect" else None)
        with room.join(quick):
            for number in range(100):
                room.send(str(number))
                flush(home)
            assert quick.read == [str(number) for number in range(100)]
    assert room.dropped >= dropped  # also of those who have left


def test_a_message_is_spelled_once_for_all():
    message = Message.of("x" * 1000)
    assert message.frame(None) is message.frame(None)


def test_any_thread_may_send_while_others_come_and_go(home):
    room, ends = Broadcast(queue=1_000_000), []

    def work(number):
        for _ in range(200):
            with room.join(Reader(home), number, name=number):
                assert room.send("x", group=number) == 1
                room.send("x")
        ends.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == [0, 1, 2, 3]
    assert (len(room), room.groups) == (0, {})


def test_in_another_process_it_is_another_room():
    room, home = Broadcast(queue=1, slow="drop_newest"), Home()
    with room.join(Reader(home)):
        other = pickle.loads(pickle.dumps(room))
    with other.join(Reader(home)):
        assert (len(other), other.send("one"), other.send("two"), other.dropped) == (1, 1, 0, 1)


def test_what_cannot_be_is_told():
    with pytest.raises(ValueError, match="expected at least 1"):
        Broadcast(queue=0)
    with pytest.raises(ValueError, match="known: drop_oldest, drop_newest, disconnect"):
        Broadcast(slow="wait")
    with pytest.raises(TypeError, match="a WebSocket sends str or bytes, not dict"):
        Broadcast().send({"a": 1})
    assert repr(Broadcast()) == "<Broadcast with 0 members, 0 messages dropped>"
