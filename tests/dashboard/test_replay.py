"""A recorded run is shown again as it was, without servers, and a file that is none is told so."""

import io
import json
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from asyncweb import App, AsyncServer, Dashboard
from asyncweb.dashboard.history import MOMENTS_KEPT, History
from asyncweb.dashboard.recorded import RecordedScreen
from asyncweb.dashboard.recording import Recording, shipped
from asyncweb.dashboard.replay import replay
from asyncweb.dashboard.view import render
from asyncweb.errors import RecordingError
from asyncweb.metrics.histogram import Histogram, summary
from asyncweb.metrics.snapshot import Frame, Snapshot, Track
from asyncweb.metrics.turn import Generator, Turn

HALF_AN_HOUR, RATE_HZ, MOST_BYTES = 1800, 4, 5_000_000
STARTS = '{"asyncweb recording":1,"title":"x","servers":{"a":"async"}}\n'


class Screen:
    """Keeps the frames it is given."""

    def __init__(self):
        self.frames = []
        self.found = []
        self.closed = 0

    def update(self, frame):
        self.frames.append(frame)

    def conclude(self, found):
        self.found.append(found)

    def close(self):
        self.closed += 1


class Clock:
    """Time that passes when somebody waits."""

    def __init__(self):
        self.now_s = 100.0
        self.waited_s = []

    def __call__(self):
        return self.now_s

    def wait(self, seconds):
        self.waited_s.append(seconds)
        self.now_s += seconds


class Found:
    """What a load found."""

    def __rich__(self):
        return "async won"

    def to_dict(self):
        return {"verdict": "async won", "steps": [1, [2]]}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "run.ndjson"


def recorded(file, frames, every_s=0.25, found=None):
    """The frames that were shown while `frames` were recorded."""
    screen, clock = Screen(), Clock()
    recorder = RecordedScreen(screen, file, clock)
    for frame in frames:
        recorder.update(frame)
        clock.now_s += every_s
    if found is not None:
        recorder.conclude(found)
    recorder.close()
    recorder.close()
    return screen.frames


def replayed(file, speed=1.0):
    screen, clock = Screen(), Clock()
    replay(Recording(file), screen, speed, clock=clock, wait=clock.wait)
    return screen.frames


def moment(dice, at_s, before=None, latency=None):
    rate = dice.gauss(4000, 200)
    latency = latency or Histogram()
    return Snapshot(
        at_s=at_s, requests=(before.requests if before else 0) + int(rate / RATE_HZ),
        throughput_rps=rate, latency=latency, latency_s=summary(latency) if latency.count else
        {"p50": dice.gauss(0.01, 0.001), "p90": 0.02, "p99": dice.gauss(0.05, 0.01), "max": 0.1},
        errors={"reset": int(at_s / 60)}, connections=250, in_flight=dice.randint(200, 250),
        rss_bytes=30_000_000 + 4096 * dice.randint(0, 3000),
        uss_bytes=20_000_000 + 4096 * dice.randint(0, 3000), threads=254,
        bytes_per_connection=dice.gauss(7000, 30), cpu_percent=dice.gauss(90, 3),
        loop_lag_s=dice.random() / 100, gc_pause_s=dice.choice([None, 0.001]),
    )  # fmt: skip


def a_run(moments):
    """Frames as a dashboard of two servers gives them."""
    dice, history, last = random.Random(1), History("GET /users/1"), {}
    for name in ("async", "threads"):
        history.follow(name, name)
    for number in range(moments):
        for name in ("async", "threads"):
            last[name] = moment(dice, number / RATE_HZ + dice.random() / 100, last.get(name))
            history.add(name, last[name])
        history.note = f"minute {number // 240}"
        yield history.frame()


def a_load(turns=3, moments=10):
    """Frames as a race gives them: in turns, with the latency of each step so far."""
    dice, history = random.Random(2), History()
    for name in ("async", "threads"):
        history.follow(name, name)
    for number in range(turns):
        history.title, name, latency = f"step {number}", ("async", "threads")[number % 2], []
        for place in range(moments):
            latency += [dice.lognormvariate(-4, 0.3) for _ in range(100)]
            generator = Generator(dice.random(), usual_s=0.01)
            history.turn = Turn(name, "measured", at_s=place / 5, generator=generator)
            at_s = number * moments + place
            history.add(name, moment(dice, at_s, latency=Histogram(latency)))
            yield history.frame()
    yield history.frame()


@pytest.mark.parametrize("run", [lambda: a_run(MOMENTS_KEPT + 20), a_load], ids=["look", "load"])
def test_a_replay_gives_the_very_frames_that_were_shown(file, run):
    shown = recorded(file, run())
    assert replayed(file) == shown
    for frame, given_frame in zip(shown, run(), strict=True):
        assert frame.turn is None or frame.turn.target == given_frame.turn.target
        for track, given_track in zip(frame.tracks, given_frame.tracks, strict=True):
            assert len(track.snapshots) == len(given_track.snapshots)
            assert track.now.requests == given_track.now.requests
            assert track.now.latency.count == given_track.now.latency.count


NUMBERS = st.none() | st.floats(0, 1e6)
SNAPSHOTS = st.builds(
    Snapshot,
    at_s=st.floats(0, 1e5),
    requests=st.integers(0, 10**9),
    throughput_rps=NUMBERS,
    latency=st.lists(st.floats(0, 10), max_size=5).map(Histogram),
    latency_s=st.dictionaries(st.text(max_size=3), NUMBERS, max_size=3),
    errors=st.dictionaries(st.text(max_size=3), st.integers(), max_size=3),
    block=st.text(max_size=9),
)
TURNS = st.builds(Turn, target=st.text(max_size=3), phase=st.sampled_from(["measured", "over"]))


@st.composite
def runs(draw):
    """Frames that need not go on from each other: servers come and go, moments are forgotten."""
    pool = draw(st.lists(SNAPSHOTS, min_size=1, max_size=6))
    ends = st.tuples(st.integers(0, len(pool)), st.integers(0, len(pool)))
    frames = []
    for _ in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.text(max_size=3), max_size=3, unique=True))
        parts = [(name, *draw(ends)) for name in names]
        tracks = [Track(name, "async", tuple(pool[start:end])) for name, start, end in parts]
        frames.append(Frame(draw(st.text(max_size=5)), tuple(tracks), turn=draw(st.none() | TURNS)))
    return frames


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(runs())
def test_any_frames_at_all_are_replayed_as_they_were_shown(file, run):
    shown = recorded(file, run)
    assert len(shown) == len(run)
    assert all("no longer recorded" not in frame.note for frame in shown)
    assert replayed(file) == shown


def test_a_replay_keeps_the_pace_of_the_run_or_another(file):
    recorded(file, a_run(5), every_s=0.5)
    for speed, every_s in ((1.0, 0.5), (4.0, 0.125), (float("inf"), 0.0)):
        clock = Clock()
        replay(Recording(file), Screen(), speed, clock=clock, wait=clock.wait)
        assert clock.waited_s == pytest.approx([0.0] + [every_s] * 4)


def test_a_slow_screen_does_not_delay_the_replay(file):
    recorded(file, a_run(5), every_s=0.5)
    clock, screen = Clock(), Screen()
    screen.update = lambda frame: clock.wait(0.3)
    replay(Recording(file), screen, clock=clock, wait=clock.wait)
    assert clock.now_s == pytest.approx(100.0 + 4 * 0.5 + 0.3)


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_speed_that_leads_nowhere_is_refused(file, speed):
    recorded(file, a_run(1))
    with pytest.raises(ValueError, match="expected a number above 0"):
        Dashboard.replay(file, speed=speed, screen=Screen())


def test_ctrl_c_ends_a_replay_and_gives_the_screen_back(file):
    recorded(file, a_run(5))
    clock, screen = Clock(), Screen()

    def interrupted(seconds):
        if len(screen.frames) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(Recording(file), screen, clock=clock, wait=interrupted)
    assert (len(screen.frames), screen.closed) == (2, 1)


def test_a_notebook_replays_as_well_and_an_interrupt_is_no_error(file):
    shown, screen = recorded(file, a_run(3)), Screen()
    Dashboard.replay(file, speed=float("inf"), screen=screen)
    assert (screen.frames, screen.closed) == (shown, 1)

    def interrupt(frame):
        raise KeyboardInterrupt

    screen.update = interrupt
    Dashboard.replay(file, screen=screen)
    assert screen.closed == 2


def test_what_was_found_is_kept_with_the_run(file):
    recorded(file, a_run(2), found=Found())
    recording = Recording(file)
    assert (len(list(recording.frames())), recording.is_whole) == (2, True)
    assert recording.ending.said == "async won\n"
    found = json.loads(json.dumps(recording.to_dict()))
    assert found["found"] == Found().to_dict()
    assert [server["name"] for server in found["servers"]] == ["async", "threads"]
    assert (found["moments"], found["lasts_s"]) == (2, 0.5)


def test_what_is_found_is_shown_where_the_screen_is_the_place_for_it(file):
    screen, found = Screen(), Found()
    RecordedScreen(screen, file).conclude(found)
    assert screen.found == [found]


def test_half_an_hour_of_two_servers_is_small_on_the_disk(file):
    minutes = 3  # the same goes on and on
    recorded(file, a_run(minutes * 60 * RATE_HZ))
    assert file.stat().st_size * HALF_AN_HOUR / (minutes * 60) <= MOST_BYTES


def test_a_recording_is_read_by_people(file):
    first, second = Snapshot(at_s=1.0, requests=5), Snapshot(at_s=2.0, requests=5)
    frame = Frame("GET /", (Track("a", "async", (first,)),))
    later = replace(frame, tracks=(Track("a", "async", (first, second)),))
    recorded(file, [frame, later, replace(later, note="over")])
    assert file.read_text().splitlines() == [
        '{"asyncweb recording":1,"title":"GET /","servers":{"a":"async"}}',
        '{"s":0.0,"tracks":{"a":{"gone":0,"add":[{"at_s":1.0,"requests":5}]}}}',
        '{"s":0.25,"tracks":{"a":{"gone":0,"add":[{"at_s":2.0}]}}}',
        '{"s":0.5,"note":"over"}',
        '{"s":0.75,"end":{}}',
    ]


def test_a_file_that_was_cut_is_replayed_up_to_there(file):
    shown = recorded(file, a_run(5))
    whole = file.read_bytes()
    ends = [at for at, byte in enumerate(whole) if byte == ord("\n")]
    for at, frames in ((ends[3] + 1, 3), (ends[3] + 9, 3), (ends[3] - 1, 2), (ends[5], 4)):
        file.write_bytes(whole[:at])
        recording = Recording(file)
        assert [frame for _, frame in recording.frames()] == shown[:frames]
        assert not recording.is_whole
        assert f"was cut {recording.lasts_s:.1f} s after" in recording.cut


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("hello\n", "is no recording of asyncweb"),
        ("[1]\n", "is no recording of asyncweb"),
        ("[" * 99_999, "is no recording of asyncweb"),
        ('{"log": {}}\n', "is no recording of asyncweb"),
        ('{"asyncweb recording":2}\n', "format 2, and this asyncweb reads 1"),
        ('{"asyncweb recording":1,"servers":[]}\n', "is no recording of asyncweb"),
        (STARTS + "hello\n", "broken in line 2"),
        (STARTS + '{"s":0}\n{"s":1,"tracks":{"b":{}}}\n', "broken in line 3 .*unknown servers"),
        (STARTS + '{"s":0,"tracks":{"a":{"add":[{"at_s":"x"}]}}}\n', "line 2 .*expected float"),
        (STARTS + "[]\n", "broken in line 2"),
    ],
)
def test_what_is_no_recording_is_told_in_a_line(file, content, told):
    file.write_text(content)
    with pytest.raises(RecordingError, match=told) as caught:
        list(Recording(file).frames())
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_bytes_that_are_no_text_are_no_recording(file):
    file.write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    with pytest.raises(RecordingError, match="is no recording of asyncweb"):
        Recording(file)


def test_a_name_that_is_no_file_is_told_with_those_there_are():
    with pytest.raises(RecordingError, match=r"'nothing': no such file; in the package are: demo"):
        Recording("nothing")
    with pytest.raises(RecordingError, match="give a file, or one of the package: demo"):
        Recording(None)


def test_a_file_of_an_older_or_a_newer_version_is_replayed(file):
    file.write_text(
        STARTS + '{"s":0,"of 2030":1,"tracks":{"a":{"add":[{"at_s":1,"of 2030":{}}],"gone":0}}}\n'
    )
    ((_, frame),) = Recording(file).frames()
    assert frame == Frame("x", (Track("a", "async", (Snapshot(at_s=1.0),)),))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=3))
def test_a_file_with_any_mistake_is_drawn_or_told_in_a_line(file, at, put):
    if not file.exists():
        recorded(file, a_load(1, 3), found=Found())
    whole = file.read_bytes()
    at %= len(whole)
    wrong = file.with_suffix(".wrong")
    wrong.write_bytes(whole[:at] + put + whole[at + len(put) :])
    console = Console(file=io.StringIO(), width=100)
    try:
        for _, frame in Recording(wrong).frames():
            console.print(render(frame, 100))
    except RecordingError as error:
        assert "\n" not in str(error)


class FullDisk(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


def test_a_full_disk_ends_the_recording_and_not_the_view(file):
    screen = Screen()
    recorder = RecordedScreen(screen, file)
    first, second, third = a_run(3)
    recorder.update(first)
    recorder._file.close()
    recorder._file = FullDisk()
    recorder.update(second)
    recorder.update(third)
    recorder.close()
    notes = [frame.note for frame in screen.frames]
    told = f"no longer recorded to {file}: No space left on device"
    assert notes == [first.note, told, told]
    assert screen.frames[-1].tracks == third.tracks
    assert screen.closed == 1


def test_a_figure_that_has_no_line_ends_the_recording_and_not_the_view(file):
    shown = recorded(file, [Frame("x", (Track("a", "async", (Snapshot(at_s=float("inf")),)),))])
    assert "no longer recorded" in shown[0].note
    assert shown[0].tracks[0].now.at_s == float("inf")


def test_a_file_that_cannot_be_written_is_told_before_anything_is_shown(tmp_path):
    screen = Screen()
    with pytest.raises(RecordingError, match="No such file or directory; name a file in a folder"):
        RecordedScreen(screen, tmp_path / "nowhere" / "run.ndjson")
    assert screen.closed == 1


def test_a_recording_of_nothing_leaves_no_file(file):
    recorded(file, [])
    assert not file.exists()


def test_a_recording_is_replaced_only_when_there_is_something_to_show(file):
    shown = recorded(file, a_run(2))
    recorded(file, [])
    assert replayed(file) == shown
    assert recorded(file, a_load()) == replayed(file)


def test_a_dashboard_records_what_it_shows(file):
    screen = Screen()
    with AsyncServer(App(), name="fast") as server, Dashboard(server, screen=screen, record=file):
        pass
    assert replayed(file) == screen.frames
    assert Recording(file).servers == {"fast": "async"}


@pytest.mark.parametrize("name", shipped())
def test_a_recording_of_the_package_can_be_shown_and_says_what_was_found(name):
    recording = Recording(name)
    console = Console(file=io.StringIO(), width=100)
    for _, frame in recording.frames():
        console.print(render(frame, 100))
    assert recording.is_whole
    assert recording.ending.said
    assert recording.ending.found["verdict"]
