"""The page without a browser: its file, its events, its end, and those who ask for it."""

import contextlib
import http.client
import json
import os
import re
import sys
import threading
import time

import psutil
import pytest

from asyncweb import App, AsyncServer, Dashboard
from asyncweb.cli import main
from asyncweb.dashboard.page import page as paging
from asyncweb.dashboard.page.newest import Newest
from asyncweb.dashboard.page.page import Beside, Page
from asyncweb.dashboard.page.places import places
from asyncweb.dashboard.page.serving import HTML, SEND_BUFFER_BYTES, page_app
from asyncweb.dashboard.screen import NoScreen
from asyncweb.dashboard.standing_back import NICENESS
from asyncweb.errors import PortInUse, ServerError
from asyncweb.metrics.snapshot import Frame
from asyncweb.servers.options import SocketOptions
from tests.conftest import PATIENCE_S, Peer, eventually
from tests.dashboard.test_view import two

VIEWERS = 30


@pytest.fixture(autouse=True)
def sends_at_once(monkeypatch):
    monkeypatch.setattr(paging, "EVERY_S", 0.001)


@pytest.fixture
def page():
    with Page() as page:
        yield page


class Viewer:
    """Reads events as a browser does."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._connection.request("GET", "/events")
        self._answer = self._connection.getresponse()
        assert self._answer.headers["content-type"].startswith("text/event-stream")

    def events(self):
        """The data of each message, until the server says goodbye."""
        event, ends_at = {}, time.monotonic() + PATIENCE_S
        for line in self._answer:
            assert time.monotonic() < ends_at, "only beats came"
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                event[name] = value
                continue
            if "data" in event and event.get("event") != "beat":
                yield event["data"]
            event = {}

    def frames(self):
        return map(json.loads, self.events())

    def leave(self):
        self._answer.close()
        self._connection.close()


@pytest.fixture
def watch():
    viewers = []

    def start(port):
        viewers.append(Viewer(port))
        return viewers[-1]

    yield start
    for viewer in viewers:
        viewer.leave()


def test_the_page_is_one_file_that_asks_for_nothing_from_elsewhere():
    text = HTML.read_text(encoding="utf-8")
    without_names = text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|<script[^>]+src", without_names)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write", text)
    assert len(text) < 20_000


def test_the_policy_of_the_page_lets_nothing_else_load(page):
    with_policy = Peer(page.port)
    answer = with_policy.get("/")
    with_policy.leave()
    assert answer.body == HTML.read_bytes()
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")


def test_thirty_viewers_all_get_the_newest_and_the_verdict(page, watch):
    viewers = [watch(page.port).frames() for _ in range(VIEWERS)]
    page.update(Frame("one", two()))
    assert {next(viewer)["title"] for viewer in viewers} == {"one"}
    page.conclude("fast won")
    threading.Thread(target=page.stop).start()
    for viewer in viewers:
        last = list(viewer)[-1]
        assert (last["title"], last["verdict"], last["over"]) == ("one", "fast won", True)


def test_who_comes_late_gets_the_newest_at_once(page, watch):
    first = watch(page.port).frames()
    page.update(Frame("one", ()))
    assert next(first)["title"] == "one"
    assert next(watch(page.port).frames())["title"] == "one"


def test_a_page_that_has_ended_leaves_no_process_and_no_thread_and_no_listener():
    before = set(psutil.Process().children())
    with Page() as page:
        assert set(psutil.Process().children()) - before
        page.update(Frame("one", two()))
    page.stop()
    assert set(psutil.Process().children()) <= before
    assert not [one for one in threading.enumerate() if one.name == "asyncweb-page"]
    with pytest.raises(ConnectionRefusedError):
        Peer(page.port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_all_who_serve_a_page_stand_back_for_those_who_are_measured(page):
    own = os.getpriority(os.PRIO_PROCESS, threading.main_thread().native_id)
    serving = [thread.id for thread in psutil.Process(page._child.pid).threads()]
    assert len(serving) > 1
    idents = [*serving, page._thread.native_id]
    expected = min(own + NICENESS, 19)
    assert {os.getpriority(os.PRIO_PROCESS, ident) for ident in idents} == {expected}


def test_a_page_starts_again_at_the_same_address(page, watch):
    page.stop()
    port = page.port
    with page:
        assert page.port == port
        page.update(Frame("again", ()))
        assert next(watch(port).frames())["title"] == "again"


def test_a_page_that_dies_does_not_stop_what_it_shows(page):
    page._child.process.kill()
    page._child.process.wait()
    for number in range(100):
        page.update(Frame(str(number), ()))
    page._thread.join(PATIENCE_S)
    assert not page._thread.is_alive()


def test_an_address_that_is_taken_is_told_at_the_start(page):
    with pytest.raises((ServerError, OSError), match=str(page.port)):
        Page(port=page.port).start()


def test_the_invitation_says_who_can_come(page):
    assert page.url in page.invitation
    assert "--page-host 0.0.0.0" in page.invitation
    assert "without a password" in Page(host="0.0.0.0").invitation
    assert all("0.0.0.0" not in place for place in places("0.0.0.0", 80))


def test_a_slow_viewer_gets_the_newest_and_no_backlog(watch):
    newest, frames, text = Newest(), 200, "x" * 50_000
    options = SocketOptions(send_buffer_bytes=SEND_BUFFER_BYTES)
    with AsyncServer(page_app(newest), socket_options=options) as server:
        slow, quick = watch(server.port), watch(server.port).events()
        eventually(lambda: server.stats()["in_flight"] == 2)
        for number in range(frames):
            newest.publish(f"{number} {text}")
            assert next(quick).startswith(f"{number} ")
        newest.end()
        late = [int(event.split()[0]) for event in slow.events()]
    assert late[-1] == frames - 1
    assert len(late) < frames / 2  # a few are in the sockets' buffers


def test_a_dashboard_shows_itself_on_a_page_while_it_runs(watch):
    class Blank:
        def update(self, frame): ...
        def close(self): ...

    with AsyncServer(App(), name="fast") as server:
        board = Dashboard(server, title="mine", screen=Blank(), page=True)
        with pytest.raises(ServerError, match="call start"):
            board.page()
        with board:
            port = int(board.page().rsplit(":", 1)[1].strip("/"))
            assert board.page() == board.page()
            frames = watch(port).frames()
            assert next(frame for frame in frames if frame["rows"])["title"] == "mine"
        assert list(frames)[-1]["over"]


def test_a_dashboard_opens_a_page_when_it_is_asked_for_one():
    class Blank:
        def update(self, frame): ...
        def close(self): ...

    with AsyncServer(App()) as server, Dashboard(server, screen=Blank()) as board:
        assert board.page().startswith("http://127.0.0.1:")


class Failing:
    """A screen on which nothing can be shown."""

    def update(self, frame):
        raise OSError("gone")

    def close(self): ...


@pytest.mark.parametrize("screen", [NoScreen(), Failing()], ids=["as it should", "with an error"])
@pytest.mark.parametrize("way", ["run", "start and stop"])
def test_a_dashboard_that_ends_leaves_no_page_behind(screen, way):
    before = set(psutil.Process().children())
    with AsyncServer(App()) as server, contextlib.suppress(OSError):
        board = Dashboard(server, screen=screen, page=True)
        if way == "run":
            board.run(0.01)
        else:
            board.start().stop()
    assert set(psutil.Process().children()) <= before
    assert not [one for one in threading.enumerate() if one.name == "asyncweb-page"]


def test_the_screen_beside_a_page_gets_all_of_it():
    told = []

    class Told:
        def update(self, frame):
            told.append(frame)

        def close(self):
            told.append("closed")

        def conclude(self, found):
            told.append(found)

    class Found:
        def explain(self):
            return "why"

    page, found, frame = Page(), Found(), Frame("", ())
    beside = Beside(Told(), page)
    beside.update(frame)
    beside.conclude(found)
    beside.close()
    assert told == [frame, found, "closed"]
    assert page._state.verdict == "why"


@pytest.mark.slow
def test_the_demo_tells_its_page_before_it_begins(capsys):
    arguments = "demo --duration 6s --connections 5 --page-port 0 --json -"
    with pytest.raises(SystemExit) as ended:
        main(arguments.split())
    said = capsys.readouterr()
    assert ended.value.code == 0
    assert re.match(r"page: http://127\.0\.0\.1:\d+/ \(only from this machine", said.err)
    assert json.loads(said.out)["verdict"]


def test_a_page_that_cannot_be_opened_gives_the_screen_back():
    class Closing:
        closed = 0

        def update(self, frame): ...
        def close(self):
            self.closed += 1

    screen = Closing()
    with AsyncServer(App()) as server:
        board = Dashboard(server, screen=screen, page=Page(port=server.port))
        with pytest.raises(PortInUse):
            board.start()
        board.stop()
    assert screen.closed == 1
