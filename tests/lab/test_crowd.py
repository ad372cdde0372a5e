"""A crowd of clients, and who of them waits for whom."""

import socket

import pytest

from asyncweb import App
from asyncweb.errors import LessonError
from asyncweb.lab.crowd import Crowd, Wait, crowd, stairs
from asyncweb.lab.hand_made import start
from tests.ecosystem.conftest import library

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


def test_everybody_is_answered_and_sorted_by_when(serve):
    app = App()

    @app.get("/")
    async def home(ctx):
        await ctx.sleep(0.002)
        return "home"

    found = crowd(serve(app).url, clients=8)
    answered = [wait.answered_s for wait in found.waits]
    assert len(answered) == 8
    assert answered == sorted(answered)
    assert found.first_s == answered[0] >= 0.002
    assert found.last_s == answered[-1]
    assert min(wait.asked_s for wait in found.waits) == 0


def test_everybody_is_connected_before_anybody_asks():
    connected = []

    def all_first(listener):
        while len(connected) < 5:
            connected.append(listener.accept()[0])
        for connection in connected:
            with connection:
                connection.recv(1024)
                connection.sendall(ANSWER)

    with start(all_first) as server:
        assert len(crowd(server.url + "/", clients=5).waits) == 5


def test_who_finds_nobody_is_told_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(LessonError, match="does the server run"):
        crowd(f"http://127.0.0.1:{port}/", clients=2)


def test_who_gets_no_answer_is_told_what_to_do():
    def hang_up(listener):
        for _ in range(2):
            listener.accept()[0].close()

    with start(hang_up) as server, pytest.raises(LessonError, match="got no answer"):
        crowd(server.url, clients=2)


@pytest.mark.slow
def test_the_stairs_have_a_bar_for_each_client_and_one_scale():
    library("matplotlib")
    one_by_one = Crowd(tuple(Wait(0.0, 0.1 * step) for step in range(1, 5)))
    together = Crowd((Wait(0.0, 0.1), Wait(0.0, 0.11)))
    left, right = stairs({"one by one": one_by_one, "together": together}).figure.axes
    assert [len(axes.patches) for axes in (left, right)] == [4, 2]
    assert [round(bar.get_width()) for bar in left.patches] == [100, 200, 300, 400]
    assert left.get_xlim() == right.get_xlim()
    assert right.get_title() == "together"
