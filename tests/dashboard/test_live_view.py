"""What the live view shows of what it is given, and where."""

import io

import pytest
from rich.console import Console

from asyncweb import App, AsyncServer, Dashboard, ThreadServer
from asyncweb.dashboard import notebook
from asyncweb.dashboard.plain import PlainScreen
from asyncweb.dashboard.table import Row, results_table
from asyncweb.dashboard.view import render
from asyncweb.drawing.picture import bundle
from asyncweb.drawing.units import NOT_MEASURED
from asyncweb.metrics.histogram import Histogram, summary
from asyncweb.metrics.recorder import Recorder
from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from tests.conftest import Peer, eventually

LATENCY = Histogram([0.010] * 98 + [0.250] * 2)
BUSY = Snapshot(
    at_s=2.0, requests=100, throughput_rps=4321.0, latency=LATENCY, latency_s=summary(LATENCY),
    errors={"5xx": 3}, connections=20, in_flight=7, rss_bytes=30 * 2**20, uss_bytes=20 * 2**20,
    bytes_per_connection=7 * 1024, threads=12, cpu_percent=87.0, loop_lag_s=0.005,
)  # fmt: skip


def drawn(picture, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(picture)
    return console.file.getvalue()


def frame(*snapshots):
    names = ("async", "threads", "third")
    return Frame(
        "GET /", tuple(Track(name, name, (s,)) for name, s in zip(names, snapshots, strict=False))
    )


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_a_frame_fits_its_screen_and_is_drawn_alike_each_time(width):
    text = drawn(render(frame(BUSY, BUSY), width), width)
    assert max(map(len, text.splitlines())) <= width
    assert text == drawn(render(frame(BUSY, BUSY), width), width)


@pytest.mark.parametrize(
    "shown",
    ["4.32k/s", "10.1 ms", "250 ms", "7/20", "30.0 MiB", "20.0 MiB", "7.00 KiB", "12", "5.00 ms",
     "87 %", "5xx 3"],
)  # fmt: skip
def test_every_figure_is_shown(shown):
    assert shown in drawn(render(frame(BUSY), 100))


def test_what_was_not_measured_is_a_dash_and_no_zero():
    text = drawn(render(frame(Snapshot(at_s=0.0)), 100))
    lines = [line for line in text.splitlines() if "RSS" in line or "threads" in line]
    assert lines and all(NOT_MEASURED in line and "0" not in line for line in lines)


def test_plain_lines_tell_each_server_now_and_then():
    console = Console(file=io.StringIO(), width=100)
    screen = PlainScreen(console)
    for _ in range(3):
        screen.update(frame(BUSY, BUSY))
    title, *lines = console.file.getvalue().splitlines()
    assert title == "GET /"
    assert [line.split()[0] for line in lines] == ["async", "threads"]
    assert "p99 " in lines[0] and "errors 5xx 3" in lines[0]


def test_a_cell_has_one_output_that_is_updated(monkeypatch):
    shown, updated, now = [], [], [0.0]

    class Handle:
        def update(self, data, raw):
            updated.append(data)

    def display(data, raw, display_id):
        shown.append(data)
        return Handle()

    monkeypatch.setattr(notebook, "display", display)
    screen = notebook.NotebookScreen(clock=lambda: now[0])
    screen.update(frame(BUSY))
    screen.update(frame(Snapshot(at_s=1.0)))  # too soon after the one before
    assert (len(shown), len(updated)) == (1, 1)
    screen.close()
    screen.close()
    assert len(updated) == 2
    assert "4.32k/s" in updated[0]["text/plain"] and "4.32k/s" not in updated[1]["text/plain"]
    assert updated[0].keys() == {"text/html", "text/plain"}


def test_markup_of_a_title_is_text():
    assert "[red]x[/red]" in bundle(render(Frame("[red]x[/red]", ()), 100))["text/plain"]


def test_a_table_of_results_fits_80_characters():
    rows = [
        Row("threads", 12345.0, summary(LATENCY), {"timeout": 12}, 2**26, 36000, 1002, 1000)
    ] * 2
    text = drawn(results_table(rows), 80)
    assert "threads" in text.splitlines()[2]
    assert "timeout 12" in text and "…" not in text


def test_a_dashboard_watches_servers_that_run():
    frames = []

    class Screen:
        closed = False
        update = staticmethod(frames.append)

        def close(self):
            self.closed = True

    app = App()
    app.get("/")(lambda ctx: "Hello World")
    screen = Screen()
    with (
        AsyncServer(app, observer=Recorder()) as here,
        ThreadServer(app, name="there").start(process=True) as there,
        Dashboard(here, there, screen=screen),
    ):
        client = Peer(here.port)
        client.get()
        eventually(lambda: frames and frames[-1].tracks[0].now.requests == 1)
        client.leave()
    one, other = frames[-1].tracks
    assert (one.name, other.name) == ("async", "there")
    assert one.now.rss_bytes is None and other.now.rss_bytes > 0
    assert one.now.latency_s["p99"] > 0
    assert screen.closed


def test_a_dashboard_of_nothing_is_refused():
    with pytest.raises(ValueError, match="give it one server or more"):
        Dashboard()


def test_a_name_is_text_and_no_markup():
    text = drawn(results_table([Row("[bold]z", 1.0, {})], title="GET /[x]"))
    assert "[bold]z" in text and "GET /[x]" in text
