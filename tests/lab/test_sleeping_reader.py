"""A client that sleeps, and what becomes of the messages for it, on both servers."""

import threading

import pytest

from asyncweb import App, Broadcast
from asyncweb.errors import LessonError
from asyncweb.lab.listener import Listener
from asyncweb.lab.reader_queue import Look, ReaderQueue
from tests.ecosystem.conftest import library

MESSAGE = "x" * 64 * 1024
MESSAGES = 40  # more than a network holds for ears so small


@pytest.fixture
def chat(serve):
    app, room = App(), Broadcast(queue=3)

    @app.websocket("/chat")
    async def handler(ws):
        with room.join(ws, name=ws.query.get("name")):
            await ws.send("welcome")
            async for message in ws:
                room.send(message)

    return serve(app).url + "/chat", room


def test_who_is_awake_hears_all_while_another_sleeps_and_every_message_is_somewhere(chat):
    url, room = chat
    with Listener(f"{url}?name=ann") as ann, Listener(f"{url}?name=cid") as cid:
        queue = ReaderQueue(room, "cid")
        for number in range(MESSAGES):
            ann.say(f"{number} {MESSAGE}")
            assert ann.hear() == f"{number} {MESSAGE}"
            look = queue.look()
            assert look.gone >= 0
        assert (queue.longest, look.waiting) == (3, 3)
        assert look == queue.last
        heard = [int(message.split()[0]) for message in cid.hear_all()]
        assert len(heard) == MESSAGES - look.dropped
        assert heard[-3:] == [MESSAGES - 3, MESSAGES - 2, MESSAGES - 1]


def test_a_goodbye_is_told_by_its_code(serve):
    app = App()

    @app.websocket("/")
    async def brief(ws):
        await ws.send("welcome")
        await ws.close(4000, "that is all")

    with Listener(serve(app).url + "/") as ann:
        assert (ann.hear_all(), ann.close_code) == ([], 4000)


def test_who_leaves_asleep_leaves_nothing_behind(chat):
    url, _ = chat
    before = threading.active_count()
    with Listener(f"{url}?name=ann") as ann, Listener(f"{url}?name=cid"):
        for _ in range(MESSAGES):
            ann.say(MESSAGE)
            assert ann.hear() == MESSAGE
    assert threading.active_count() <= before + 2  # of a thread server, until it has noticed


def test_where_nobody_lets_it_in_or_greets_it_the_way_out_is_told(serve):
    app = App()

    @app.websocket("/mute")
    async def mute(ws):
        await ws.close()

    server = serve(app)
    with pytest.raises(LessonError, match="a path with a WebSocket"):
        Listener(server.url + "/nothing")
    with pytest.raises(LessonError, match=r"await ws\.send"):
        Listener(server.url + "/mute")


def test_who_is_not_in_the_room_has_no_queue():
    with pytest.raises(LessonError, match="nobody in the room has the name 'cid'; here: none"):
        ReaderQueue(Broadcast(), "cid")


@pytest.mark.slow
def test_the_picture_has_a_layer_for_each_place_a_message_can_be(chat):
    library("matplotlib")
    url, room = chat
    with Listener(f"{url}?name=ann"):
        queue = ReaderQueue(room, "ann")
        assert queue.last == Look(0, 0, 0)
        room.send("one")
        queue.look()
        (axes,) = queue.plot().figure.axes
    assert [layer.get_label() for layer in axes.collections] == [
        "in the network, or heard", "wait in its queue", "dropped"
    ]  # fmt: skip
    assert "of 1 sent" in repr(queue)
