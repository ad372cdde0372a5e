"""Where one part of an answer meets another."""

import pytest

from asyncweb import App, Broadcast, EventStream, Limits, Response
from tests.conftest import eventually


@pytest.fixture(params=["async", "threads"])
def engine(request):
    return request.param


def test_a_compressing_app_leaves_the_heartbeat_of_events_alone(engine):
    app = App()
    app.compress(minimum_bytes=0)
    app.get("/")(lambda ctx: EventStream(["news"]))
    answer = app.test_client(engine=engine).get("/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.text == "data: news\n\n"


def test_a_file_with_a_status_and_headers_beside_it_has_ranges_too(engine, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"0123456789")
    app = App()
    app.get("/")(lambda ctx: (Response.file(file), 200, {"x-a": "b"}))
    answer = app.test_client(engine=engine).get("/", headers={"range": "bytes=2-4"})
    assert (answer.status, answer.body, answer.headers["x-a"]) == (206, b"234", "b")


def test_an_empty_answer_sent_at_once_does_not_wait_for_the_work_behind_it(engine):
    app = App()

    @app.get("/")
    async def home(ctx):
        await ctx.send_once(("", 202))

    answer = app.test_client(engine=engine).get("/")
    assert (answer.status, answer.headers["content-length"]) == (202, "0")


@pytest.mark.usefixtures("fast_sweeps")
def test_a_member_that_only_listens_leaves_the_room_when_its_client_does():
    app, room = App(), Broadcast()

    @app.websocket("/")
    async def listen(ws):
        with room.join(ws):
            await ws.ctx.sleep(3600)

    with app.test_client(limits=Limits(half_closed_s=0.01)) as client:
        with client.websocket("/"):
            eventually(lambda: len(room) == 1)
        eventually(lambda: len(room) == 0)
