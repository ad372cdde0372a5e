"""Timelines: what is told of made-up notes, how it is drawn, and what is seen of real servers."""

import asyncio
import threading
import xml.etree.ElementTree as ET

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.errors import LessonError
from asyncweb.lab.timeline import timeline, watch
from asyncweb.lab.timeline.blocked import told
from asyncweb.lab.timeline.notes import OFFLOADED, RUNS, WAITS, Call, Look, Notes, Step
from asyncweb.lab.timeline.story import BLOCKED, UNDER_WAY, Event, Timeline, Visit
from asyncweb.lab.timeline.words import in_words
from tests.conftest import eventually

MS = 1_000_000
LOOP = 7  # the identity of a thread
SVG = "{http://www.w3.org/2000/svg}"
ASKED = [("127.0.0.1", 50001 + number) for number in range(3)]


def step(what, began_ms, ended_ms, thread=LOOP, cpu_ms=0.0, ready_ms=None):
    ready_ns = None if ready_ms is None else int(ready_ms * MS)
    times = int(began_ms * MS), int(ended_ms * MS)
    return Step(what, *times, thread, int(cpu_ms * MS), ready_ns)


def noted(number, *steps, looks=()):
    return Notes(f"GET /{number}", ASKED[number - 1], steps, looks)


def asked(number, asked_ms, answered_ms):
    return Call(f"GET /{number}", ASKED[number - 1], asked_ms * MS, answered_ms * MS, 200)


def of(seen, request, what=None):
    """What one request did: (what, from, until) in ms."""
    return [
        (event.what, event.begins_ms, event.ends_ms)
        for event in seen.events
        if event.request == request and what in (None, event.what)
    ]


HOLDER = noted(1, step(RUNS, 1, 51, cpu_ms=1), looks=(Look(20 * MS, "slow, line 3: sleep(1)"),))
SLEEPER = noted(
    2, step(RUNS, 0.5, 1), step(WAITS, 1, 52, ready_ms=11), step(RUNS, 52, 53, cpu_ms=1)
)


# ---------------------------------------------------------------------- who kept whom waiting


def test_who_is_asked_while_another_has_the_loop_is_blocked_from_then_on():
    late = noted(2, step(RUNS, 52, 53))
    seen = told("async", [HOLDER, late], [asked(1, 0, 52), asked(2, 10, 54)])
    assert of(seen, 2) == [
        (BLOCKED, 10, 51), (UNDER_WAY, 51, 52), (RUNS, 52, 53), (UNDER_WAY, 53, 54),
    ]  # fmt: skip


def test_who_waits_is_blocked_from_the_moment_its_wait_was_over():
    seen = told("async", [HOLDER, SLEEPER])
    assert of(seen, 1)[1:4] == [(WAITS, 0.5, 10.5), (BLOCKED, 10.5, 50.5), (WAITS, 50.5, 51.5)]
    assert [event.by for event in seen.events if event.what == BLOCKED] == [2]


def test_who_waits_for_something_unknown_is_never_called_blocked():
    unknown = noted(2, step(RUNS, 0.5, 1), step(WAITS, 1, 52), step(RUNS, 52, 53))
    assert not of(told("async", [HOLDER, unknown]), 2, BLOCKED)


def test_a_thread_that_waits_is_not_free_for_the_next_request():
    waits = noted(1, step(RUNS, 0, 1), step(WAITS, 1, 11, ready_ms=11), step(RUNS, 11, 12))
    queued = noted(2, step(RUNS, 13, 14))
    seen = told("threads", [waits, queued], [asked(1, 0, 12), asked(2, 2, 15)])
    assert of(seen, 2, BLOCKED) == [(BLOCKED, 2, 12)]


def test_two_threads_block_nobody():
    other = noted(2, step(RUNS, 2, 40, thread=8))
    seen = told("threads", [HOLDER, other], [asked(1, 0, 52), asked(2, 1, 41)])
    assert seen.total_ms(BLOCKED) == 0
    assert seen.threads == ("thread 1", "thread 2")


def test_several_may_block_one_after_the_other():
    others = [noted(1, step(RUNS, 1, 5)), noted(2, step(RUNS, 5, 9)), noted(3, step(RUNS, 9, 10))]
    seen = told("async", others, [asked(1, 0, 6), asked(2, 0, 10), asked(3, 0, 11)])
    assert of(seen, 3, BLOCKED) == [(BLOCKED, 1, 5), (BLOCKED, 5, 9)]
    assert [(one.run.request, one.held_up, one.cost_ms) for one in seen.holdups] == [
        (1, (2, 3), 8), (2, (3,), 4),
    ]  # fmt: skip


def test_what_is_offloaded_runs_beside_its_request_which_waits():
    work = step(OFFLOADED, 2, 30, thread=9, cpu_ms=28)
    one = noted(1, step(RUNS, 0, 1), step(WAITS, 1, 31, ready_ms=30), work, step(RUNS, 31, 32))
    seen = told("async", [one, noted(2, step(RUNS, 3, 4))])
    assert seen.threads == ("loop", "offload 1")
    assert of(seen, 1) == [(RUNS, 0, 1), (WAITS, 1, 31), (RUNS, 2, 30), (RUNS, 31, 32)]
    assert seen.total_ms(BLOCKED) == 0


def test_a_run_has_the_line_at_which_it_was_seen_most_often():
    looks = [Look(at * MS, line) for at, line in ((5, "a"), (9, "b"), (13, "b"), (60, "c"))]
    seen = told("async", [noted(1, step(RUNS, 1, 51), looks=tuple(looks))])
    assert seen.events[0].line == "b"


def test_a_request_that_reached_no_handler_was_under_way():
    seen = told("threads", [], [asked(1, 0, 3)])
    assert of(seen, 1) == [(UNDER_WAY, 0, 3)]


def test_nothing_seen_is_a_timeline_too():
    seen = told("async", [])
    assert (seen.lasted_ms, seen.threads, seen.most_at_once(WAITS)) == (0.0, (), 0)
    assert str(seen) and seen.svg() and in_words(seen)


# ---------------------------------------------------------------------- the picture

MADE_UP = Timeline(
    "async",
    (Visit(1, "GET /slow", 0, 33, 500), Visit(2, "GET /<b>", 4, 62, 200)),
    (
        Event(1, UNDER_WAY, 0, 2, "loop"),
        Event(1, RUNS, 2, 32, "loop", cpu_ms=0.3, line='slow, line 3: sleep("&")'),
        Event(1, UNDER_WAY, 32, 33, "loop"),
        Event(2, BLOCKED, 4, 32, "loop", by=1),
        Event(2, RUNS, 32, 33, "loop", cpu_ms=1.0),
        Event(2, WAITS, 33, 60, "loop"),
        Event(2, RUNS, 60, 62, "loop", cpu_ms=2.0),
        Event(2, UNDER_WAY, 62, 64, "loop"),
    ),
)
AS_TEXT = """\
1 GET /slow → 500  --▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓-
2 GET /<b>             xxxxxxxxxxxxxxxxxxxxxxxxxxxx█···························██--
  loop               ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓█                           ██
                   0         10        20        30        40        50        60 ms
█ runs   ▓ has its thread but mostly no processor   · waits   x blocked: another has the thread\
   - under way
Request 1 held the loop for 30.0 ms (1% of it with a processor) and kept request 2 waiting:\
 slow, line 3: sleep("&")"""


def plain(text):
    return [line.rstrip() for line in text.splitlines()]


def test_a_terminal_shows_a_line_for_each_request_and_one_for_the_loop():
    assert plain(str(MADE_UP)) == plain(AS_TEXT)


def test_the_picture_is_one_svg_that_holds_all_its_rows_and_needs_nothing_from_elsewhere():
    root = ET.fromstring(MADE_UP.svg())
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"1 GET /slow → 500", "2 GET /<b>", "loop", "0", "60"} <= set(texts)
    assert any(text.startswith("Request 1 held the loop for 30.0 ms") for text in texts)
    assert "http" not in MADE_UP.svg().replace("http://www.w3.org/2000/svg", "")
    width, height = (float(root.get(side)) for side in ("width", "height"))
    for rect in root.iter(f"{SVG}rect"):
        x, y, across, down = (float(rect.get(side, 0)) for side in ("x", "y", "width", "height"))
        assert x >= 0 and x + across <= width + 2
        assert y >= 0 and y + down <= height


def test_a_long_name_is_cut_and_a_long_sentence_broken():
    line = "slow, line 3: " + "x = x + 1; " * 20
    run = Event(1, RUNS, 0, 30, "loop", cpu_ms=0.3, line=line)
    late = Event(2, BLOCKED, 4, 30, "loop", by=1)
    long = Timeline("async", (Visit(1, "GET /" + 40 * "a"), Visit(2, "GET /")), (run, late))
    texts = [text.text for text in ET.fromstring(long.svg()).iter(f"{SVG}text")]
    assert "1 GET /aaaaaaaaaaaaaaaaaa…" in texts
    assert max(map(len, texts)) <= 138


def test_what_is_blocked_is_told_by_its_form_as_well():
    hatched = [line for line in MADE_UP.svg().splitlines() if "url(#hatch)" in line]
    assert len(hatched) == 2  # one bar, and the one of the legend


def test_a_run_without_a_processor_is_an_empty_box():
    alone = Timeline("async", (Visit(1, "GET /"),), (Event(1, RUNS, 0, 10, "loop", cpu_ms=0.0),))
    assert 'height="0.0" fill="#0072b2"' in alone.svg()


def test_a_notebook_gets_an_image_with_words_and_plain_text():
    shown = MADE_UP._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain"}
    assert "<svg" not in shown["text/html"]  # it would be cut out of what is not trusted
    assert 'alt="Requests: 2, in 64.0 ms, on the loop.' in shown["text/html"]
    assert shown["text/plain"] == str(MADE_UP)


def test_of_a_crowd_the_first_are_drawn_and_the_others_counted():
    visits = tuple(Visit(number, "GET /") for number in range(1, 1001))
    events = tuple(Event(number, RUNS, number, number + 0.5, "loop") for number in range(1, 1001))
    crowd = Timeline("async", visits, events)
    assert "and 952 requests more" in crowd.svg()
    assert "and 976 requests more" in str(crowd)
    assert "And 988 more." in in_words(crowd)


# ---------------------------------------------------------------------- real servers


def app_of(**handlers):
    app = App()
    for name, handler in handlers.items():
        app.get(f"/{name}")(handler)
    return app


def meeting(number):
    """A handler that waits, in steps of 10 ms, until so many are inside."""
    inside = []

    async def meet(ctx):
        inside.append(ctx)
        await ctx.sleep(0.01)
        while len(inside) < number:
            await ctx.sleep(0.01)
        return "met"

    return meet


async def patient(ctx):
    await ctx.sleep(0.001)
    return "done"


def test_three_that_wait_wait_together_on_one_loop_or_in_a_thread_each(serve, kind):
    server = serve(app_of(meet=meeting(3)))
    seen = timeline(server, "/meet", clients=3)
    assert seen.most_at_once(WAITS) == 3
    assert len(seen.threads) == (1 if server.engine == "async" else 3)
    assert [visit.status for visit in seen.visits] == [200] * 3
    for number in (1, 2, 3):
        assert seen.total_ms(WAITS, number) >= 9
        assert of(seen, number)[0][0] in (UNDER_WAY, BLOCKED)


def test_who_blocks_the_loop_is_named_with_its_line_and_a_thread_blocks_nobody(serve, kind):
    gate = threading.Event()

    async def slow(ctx):
        gate.wait(0.6)
        return "slow"

    server = serve(app_of(slow=slow, fast=lambda ctx: "fast"))
    seen = timeline(server, "/slow", "/fast", "/fast", apart_ms=5)
    if server.engine == "threads":
        assert not seen.holdups
        return
    worst = seen.holdups[0]
    assert worst.run.request == 1 and worst.held_up == (2, 3)
    assert "gate.wait(0.6)" in worst.run.line
    assert seen.total_ms(BLOCKED, 2) > 20
    assert worst.run.cpu_ms < worst.run.lasts_ms / 2
    assert "gate.wait(0.6)" in str(seen)


def test_what_is_offloaded_is_seen_in_a_thread_of_its_own_where_there_is_a_loop(serve, kind):
    worked_in = []

    async def offload(ctx):
        await ctx.offload(lambda: worked_in.append(threading.current_thread().name))
        return "done"

    server = serve(app_of(offload=offload))
    seen = timeline(server, "/offload")
    is_async = server.engine == "async"
    assert seen.threads == (("loop", "offload 1") if is_async else ("thread 1",))
    assert len(worked_in) == 1


def test_tasks_of_a_handler_leave_its_own_waits_in_order():
    async def fan(ctx):
        await asyncio.gather(ctx.sleep(0.002), ctx.sleep(0.001), ctx.offload(int))
        await ctx.sleep(0.001)
        return "done"

    with AsyncServer(app_of(fan=fan)) as server:
        seen = timeline(server, "/fan")
    on_loop = [event for event in seen.events if event.thread == "loop"]
    steps = [event.what for event in on_loop if event.what != UNDER_WAY]
    assert steps == [RUNS, WAITS, RUNS, WAITS, RUNS]


def test_a_handler_that_fails_is_seen_to_its_end(serve):
    async def fail(ctx):
        await ctx.sleep(0.001)
        raise KeyError("tea")

    seen = timeline(serve(app_of(fail=fail)), "/fail")
    assert seen.visits[0].status == 500
    assert [event.what for event in seen.events][1:-1] == [RUNS, WAITS, RUNS]


def test_a_handler_whose_client_leaves_is_cancelled_as_ever(peer):
    begun, cleaned = threading.Event(), threading.Event()

    async def wait(ctx):
        try:
            begun.set()
            await ctx.sleep(30)
        finally:
            cleaned.set()

    with AsyncServer(app_of(wait=wait)) as server, watch(server) as seen:
        client = peer(server)
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        assert begun.wait(10)
        client.vanish()
        assert cleaned.wait(10)
        eventually(lambda: len(seen.timeline().events) == 3)
        assert [event.what for event in seen.timeline().events] == [RUNS, WAITS, RUNS]


def test_middleware_is_a_part_of_what_runs(serve):
    app = app_of(wait=patient)

    @app.middleware
    async def around(ctx, next):
        await ctx.sleep(0.001)
        return await next(ctx)

    seen = timeline(serve(app), "/wait")
    assert len(of(seen, 1, WAITS)) == 2


def test_who_is_watched_is_seen_until_the_block_ends_and_by_its_own_port_only(serve, peer):
    app = app_of(wait=patient)
    server = serve(app)
    with AsyncServer(app, name="another") as other, watch(server) as seen:
        peer(other).get("/wait")
        assert not seen.timeline().visits
        peer(server).get("/wait")
        assert [visit.name for visit in seen.timeline().visits] == ["GET /wait"]
    peer(server).get("/wait")
    assert len(seen.timeline().visits) == 1


def test_a_request_of_a_watched_app_needs_no_task_that_it_did_not_need_before(peer):
    app = app_of(task=lambda ctx: str(asyncio.current_task()))
    with AsyncServer(app) as server, watch(server):
        assert peer(server).get("/task").text == "None"


def test_a_question_that_nobody_answers_in_time_is_shown_as_unanswered():
    gate = threading.Event()

    def never(ctx):
        gate.wait(10)
        return "too late"

    with ThreadServer(app_of(never=never)) as server:
        seen = timeline(server, "/never", patience_s=0.05)
        gate.set()
    assert seen.visits[0].answered_ms is None


@pytest.mark.parametrize("paths", [(), ("users",)])
def test_a_question_that_is_none_is_refused_with_an_example(paths):
    with AsyncServer(App()) as server, pytest.raises(LessonError, match="/users/1"):
        timeline(server, *paths)


def test_what_cannot_be_watched_is_refused_with_the_way_out():
    with pytest.raises(LessonError, match=r"call start\(\) first"):
        timeline(AsyncServer(App()), "/")
    with pytest.raises(LessonError, match=r"AsyncServer\(app\)\.start\(\)"):
        timeline("http://127.0.0.1:8000", "/")
    server = AsyncServer(App()).start(process=True)
    try:
        with pytest.raises(LessonError, match="in this process"):
            timeline(server, "/")
    finally:
        server.stop()
