"""A Broadcast over real connections: both engines at once, slow readers, many members."""

import asyncio
import threading
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as connect_sync

from asyncweb import App, AsyncServer, Broadcast, Limits, ThreadServer
from tests.conftest import PATIENCE_S, THREADED, eventually
from tests.websocket_peer import CLOSE, TEXT, WebSocketPeer, closing, frame

HOSTS = ("asgi",)  # WSGI has no WebSocket
STUCK = "how long a host waits for a reader that is stuck is for the host to say"
HOSTS_EXCUSED = {
    "disconnect": STUCK,
    "test_a_stop_lets_all_members_go": "a host closes with a code of its own",
}


def chatting(room):
    app = App()

    @app.websocket("/{group}")
    async def chat(ws):
        with room.join(ws, ws.params["group"], name=ws.query.get("name")):
            async for message in ws:
                room.send(message, group=ws.params["group"])

    return app


@pytest.fixture
def connect():
    with ExitStack() as stack:

        def open_one(server, path, **options):
            address = f"ws://127.0.0.1:{server.port}{path}"
            return stack.enter_context(connect_sync(address, **options))

        yield open_one


def test_what_one_says_all_of_the_group_hear(serve, connect):
    room = Broadcast()
    server = serve(chatting(room))
    clients = [connect(server, path) for path in ("/a", "/a", "/b?name=bob")]
    eventually(lambda: len(room) == 3)
    clients[0].send("to a")
    assert [client.recv(PATIENCE_S) for client in clients[:2]] == ["to a", "to a"]
    assert room.send_to("bob", b"only bob") == 1
    assert clients[2].recv(PATIENCE_S) == b"only bob"
    clients[0].close()
    eventually(lambda: len(room) == 2)
    assert not server.errors


def test_a_server_in_a_process_of_its_own_has_its_room_there(serve, connect):
    server = serve(chatting(Broadcast()), process=True)
    clients = [connect(server, "/a") for _ in range(2)]
    eventually(lambda: server.stats()["connections"] == 2)
    clients[0].send("hi")
    assert clients[0].recv(PATIENCE_S) == "hi"


def test_one_room_has_members_on_both_engines(connect):
    room = Broadcast()
    app = chatting(room)
    with AsyncServer(app) as fast, ThreadServer(app) as slow:
        plain = {"compression": None}
        clients = [connect(fast, "/a"), connect(fast, "/a", **plain)]
        clients += [connect(slow, "/a"), connect(slow, "/a", **plain)]
        eventually(lambda: len(room) == 4)
        for speaker in (clients[0], clients[2]):
            speaker.send("x" * 1000)
            assert [client.recv(PATIENCE_S) for client in clients] == ["x" * 1000] * 4
        threading.Thread(target=room.send, args=("from outside",)).start()
        assert [client.recv(PATIENCE_S) for client in clients] == ["from outside"] * 4
        assert not fast.errors and not slow.errors


@pytest.mark.parametrize("slow", ["drop_oldest", "drop_newest", "disconnect"])
def test_a_reader_that_is_stuck_holds_up_nobody(serve, connect, fast_sweeps, slow):
    room = Broadcast(queue=4, slow=slow)
    server = serve(chatting(room), limits=Limits(half_closed_s=0.05))
    stuck, quick = WebSocketPeer(server.port).open("/a"), connect(server, "/a")
    eventually(lambda: len(room) == 2)
    for number in range(60):  # far more than the buffers of a connection hold
        room.send(f"{number} " + "x" * 500_000)
        assert quick.recv(PATIENCE_S).split()[0] == str(number)
    slow_one = next((member for member in room.members if member.dropped), None)
    if slow == "disconnect":
        eventually(lambda: len(room) == 1)
        assert room.dropped == 1
    else:
        assert slow_one is not None and slow_one.waiting == 4
    stuck.leave()
    eventually(lambda: len(room) == 1)
    quick.close()
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


def test_a_slow_reader_that_comes_to_itself_hears_the_newest(serve):
    room = Broadcast(queue=4)
    server = serve(chatting(room))
    client = WebSocketPeer(server.port).open("/a")
    eventually(lambda: len(room) == 1)
    for number in range(60):
        room.send(f"{number} " + "x" * 500_000)
    (member,) = room.members
    eventually(lambda: member.dropped and member.waiting == 4)
    dropped, heard = member.dropped, []
    while not heard or heard[-1] != 59:
        heard.append(int(client.hear().data.split()[0]))
    assert len(heard) == 60 - dropped
    assert heard[-4:] == [56, 57, 58, 59]
    client.leave()


def test_a_disconnected_reader_is_told_1013(serve, fast_sweeps):
    room = Broadcast(queue=1, slow="disconnect")
    server = serve(chatting(room))
    client = WebSocketPeer(server.port).open("/a")
    eventually(lambda: len(room) == 1)
    while room.dropped == 0:
        room.send("x" * 500_000)
    heard = client.hear()
    while heard.opcode == TEXT:
        heard = client.hear()
    assert (heard.opcode, heard.code) == (CLOSE, 1013)
    client.send(frame(CLOSE, heard.data))
    eventually(lambda: len(room) == 0)
    client.leave()


def test_members_may_leave_in_the_middle_of_it(serve, connect):
    room = Broadcast()
    server = serve(chatting(room))
    clients = [WebSocketPeer(server.port).open("/a") for _ in range(3)]
    eventually(lambda: len(room) == 3)
    stop = threading.Event()

    def speak():
        while not stop.is_set():
            room.send("x" * 10_000)

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        for client in clients:
            client.hear()
            client.vanish()
        eventually(lambda: len(room) == 0)
    finally:
        stop.set()
        speaker.join()
    assert not server.errors


def test_a_stop_lets_all_members_go(serve, connect):
    room = Broadcast()
    server = serve(chatting(room))
    clients = [connect(server, "/a") for _ in range(3)]
    eventually(lambda: len(room) == 3)
    room.send("last words")
    server.stop()
    for client in clients:
        assert client.recv(PATIENCE_S) == "last words"
        with pytest.raises(ConnectionClosed):
            client.recv(PATIENCE_S)
        assert client.close_code == 1001
    assert len(room) == 0
    assert room.send("nobody") == 0


@pytest.mark.parametrize("leaves", ["close", "vanish"])
def test_a_member_that_only_listens_leaves_with_its_client(serve, kind, fast_sweeps, leaves):
    if kind in THREADED:
        pytest.skip("nobody can wake a thread that waits for something else")
    app, room, told = App(), Broadcast(), []

    @app.websocket("/")
    async def listen(ws):
        with room.join(ws):
            try:
                await asyncio.Event().wait()
            finally:
                told.append(ws.ctx.closed)

    server = serve(app, limits=Limits(half_closed_s=0.02))
    client = WebSocketPeer(server.port).open("/")
    eventually(lambda: len(room) == 1)
    room.send("hear this")
    assert client.hear().data == b"hear this"
    if leaves == "close":
        client.send(closing(1000))
        assert client.hear_close() == 1000
        client.leave()
    else:
        client.vanish()
    eventually(lambda: len(room) == 0)
    eventually(lambda: server.stats()["connections"] == 0)
    assert told == [True]
    assert not server.errors


@pytest.mark.slow
def test_a_thousand_hear_the_same():
    room = Broadcast()
    with AsyncServer(chatting(room)) as server:
        clients = [WebSocketPeer(server.port).open("/a") for _ in range(1000)]
        eventually(lambda: len(room) == 1000)
        assert [room.send(str(number)) for number in range(20)] == [1000] * 20
        for client in clients:
            assert [client.hear().data for _ in range(20)] == [b"%d" % n for n in range(20)]
            client.leave()
        eventually(lambda: len(room) == 0)
        assert room.dropped == 0
