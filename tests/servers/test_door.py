"""The event-loop server's door: fair, patient when files are short, and nobody lost at the end."""

import asyncio
import errno
import select
import socket
import time

import pytest

from asyncweb import App, AsyncServer
from asyncweb.servers import thread_door
from asyncweb.servers.aio import new_event_loop
from asyncweb.servers.aio_door import Door
from asyncweb.servers.listener import listen
from tests.conftest import Peer


class Greeter(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"welcome")
        transport.close()


class ShortOfFiles(socket.socket):
    """A listener whose accept fails three times."""

    failures = 0

    def accept(self):
        if self.failures < 3:
            self.failures += 1
            raise OSError(errno.EMFILE, "too many open files")
        return super().accept()


def failed(what, error):
    raise error


def run(story, wanted, monkeypatch):
    monkeypatch.setenv("ASYNCWEB_LOOP", wanted)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(story())


async def greeting(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    greeted = await reader.read()
    writer.close()
    await writer.wait_closed()
    return greeted


LOOPS = pytest.mark.parametrize("wanted", ["uvloop", "asyncio", "selector"])


@LOOPS
def test_when_files_are_short_it_waits_and_tries_again(wanted, monkeypatch):
    async def story():
        made = listen("127.0.0.1", 0)
        listener = ShortOfFiles(fileno=made.detach())
        door = Door(asyncio.get_running_loop(), listener, Greeter, failed)
        await door.open()
        began = asyncio.get_running_loop().time()
        greeted = await greeting(listener.getsockname()[1])
        await door.close()
        return greeted, asyncio.get_running_loop().time() - began

    greeted, seconds = run(story, wanted, monkeypatch)
    assert greeted == b"welcome"
    assert seconds >= 3 * 0.04  # one try in each pause, no spin


@LOOPS
def test_a_loop_with_few_turns_lets_in_many(wanted, monkeypatch):
    async def story():
        loop, listener = asyncio.get_running_loop(), listen("127.0.0.1", 0)
        address, turns = listener.getsockname(), 0
        knocking = [socket.create_connection(address) for _ in range(160)]
        door = Door(loop, listener, Greeter, failed)
        await door.open()
        while len(greeted(knocking)) < len(knocking):
            turns += 1
            await asyncio.sleep(0)
        await door.close()
        for client in knocking:
            client.close()
        return turns

    assert run(story, wanted, monkeypatch) < 80


def greeted(clients):
    """Those of the clients that can be read now."""
    poll = select.poll()
    for client in clients:
        poll.register(client, select.POLLIN)
    return poll.poll(0)


@LOOPS
def test_who_has_knocked_when_it_closes_is_let_in(wanted, monkeypatch):
    async def story():
        listener = listen("127.0.0.1", 0)
        door = Door(asyncio.get_running_loop(), listener, Greeter, failed)
        await door.open()
        knocking = [socket.create_connection(listener.getsockname()) for _ in range(20)]
        await door.close()
        await asyncio.sleep(0)
        greeted = [await asyncio.to_thread(client.recv, 100) for client in knocking]
        for client in knocking:
            client.close()
        return greeted

    assert run(story, wanted, monkeypatch) == [b"welcome"] * 20


def test_a_loop_that_cannot_watch_a_file_lets_clients_in_its_own_way(monkeypatch):
    def refuse(self, *args):
        raise NotImplementedError  # as Windows' loop with completion ports does

    class Windowed(asyncio.SelectorEventLoop):
        add_reader = refuse

    monkeypatch.setattr("asyncweb.servers.aio.new_event_loop", Windowed)
    app = App()
    app.get("/")(lambda ctx: "hello")
    with AsyncServer(app) as server:
        client = Peer(server.port)
        assert client.get().text == "hello"
        client.leave()


class Noting:
    """A poller to whom nothing comes; it notes how long it may wait."""

    def __init__(self):
        self.pauses = []

    def wait(self, pause_s):
        self.pauses.append(pause_s)
        return []

    def close(self):
        pass


def test_who_comes_between_two_looks_does_not_put_off_the_next_one(monkeypatch):
    poller = Noting()
    monkeypatch.setattr(thread_door, "new_poller", lambda: poller)
    with listen("127.0.0.1", 0) as listener:
        door = thread_door.Door(None, listener, "door")
        for since in (0.0, 0.75, 5.0):
            door._sweep._began = time.monotonic() - since
            door._tell_news()
    assert poller.pauses == [pytest.approx(1.0, abs=0.2), pytest.approx(0.25, abs=0.2), 0.0]
