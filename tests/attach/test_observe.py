"""Somebody else's app is measured and notices nothing."""

import asyncio
import os
import threading
import time

import pytest

from asyncweb import Dashboard, observe
from asyncweb.attach.asking import ask
from asyncweb.attach.route_names import NAMES_KEPT, REST, RouteNames
from asyncweb.servers.watchdog import BLOCKED_S
from tests.conftest import PATIENCE_S, eventually


class Pattern:
    def __init__(self, path):
        self.path = path


async def echo(scope, receive, send):
    """Passes back what it gets; the path says what it does."""
    path = scope.get("path")
    if path == "/boom":
        raise LookupError("on purpose")
    if path == "/silent":
        return
    if path.startswith("/users"):
        scope["route"] = Pattern("/users/{id}")
    status = 404 if path == "/nowhere" else 200
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b"one", "more_body": True})
    await send({"type": "http.response.body", "body": b"two"})


def http(path, **more):
    return {"type": "http", "method": "GET", "path": path, "root_path": "", **more}


def asked(observed, *scopes):
    """The messages that the app sends for `scopes`, one after the other."""
    sent = []

    async def send(message):
        sent.append(message)

    async def run():
        for scope in scopes:
            await observed(scope, None, send)

    asyncio.run(run())
    return sent


@pytest.fixture
def observed():
    with observe(echo) as app:
        yield app


def test_an_answer_passes_unchanged_and_is_counted_by_the_frameworks_pattern(observed):
    sent = asked(observed, http("/users/1"), http("/users/2"))
    assert sent[:3] == asked(echo, http("/users/1"))
    stats = observed.stats()
    assert (stats["requests"], stats["statuses"], stats["in_flight"]) == (2, {200: 2}, 0)
    assert stats["routes"]["/users/{id}"]["count"] == 2
    assert stats["routes"]["/users/{id}"]["max"] > 0


def test_a_pattern_of_a_mounted_app_is_told_from_its_root():
    scope = {"path": "/v1/api/users/7", "root_path": "/v1/api", "route": Pattern("/users/{id}")}
    assert RouteNames().of(scope, 200, root="/v1") == "/api/users/{id}"


def test_without_a_pattern_the_path_gives_the_name_and_what_is_not_found_has_none(observed):
    asked(observed, http("/a/b/c"), http("/nowhere"))
    assert set(observed.stats()["routes"]) == {"/a/b/...", ""}


def test_however_many_paths_are_asked_for_the_names_are_bounded():
    names = RouteNames()
    given = {names.of(http(f"/{number}"), 200) for number in range(3 * NAMES_KEPT)}
    assert len(given) == NAMES_KEPT + 1 and REST in given
    assert names.of(http("/1"), 200) == "/1"


def test_an_error_passes_on_and_is_kept_as_a_500(observed):
    with pytest.raises(LookupError, match="on purpose"):
        asked(observed, http("/boom"))
    (failure,) = observed.errors
    assert (failure.request, failure.error) == ("GET /boom", "LookupError: on purpose")
    assert observed.stats()["statuses"] == {500: 1}


def test_what_the_app_does_not_answer_is_no_answer(observed):
    asked(observed, http("/silent"))
    assert observed.stats()["requests"] == 0


def test_work_in_the_background_is_no_part_of_the_answer():
    took_s = []

    async def app(scope, receive, send):
        began_s = time.perf_counter()
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})
        await asyncio.sleep(0.01)
        took_s.append(time.perf_counter() - began_s)

    with observe(app) as observed:
        asked(observed, http("/"))
        assert observed.stats()["routes"]["/"]["max"] < took_s[0]


@pytest.mark.parametrize("kind", ["lifespan", "websocket", "of tomorrow"])
def test_other_scopes_pass_untouched(kind):
    got = []

    async def app(*arguments):
        got.append(arguments)

    scope, receive, send = {"type": kind}, object(), object()
    with observe(app) as observed:
        asyncio.run(observed(scope, receive, send))
        assert observed.stats()["requests"] == 0
    assert got[0][0] is scope and got[0][1] is receive and got[0][2] is send
    assert scope == {"type": kind}


def test_what_holds_the_loop_is_named_and_the_lag_is_told():
    async def app(scope, receive, send):
        hold()
        while lag_s() < BLOCKED_S / 2:  # the heartbeat has still to find out
            await asyncio.sleep(0.01)

    def lag_s():
        return (observed.stats()["loop_lag_s"] or {"max": 0})["max"]

    def hold():
        release.wait(PATIENCE_S)

    def let_go():
        eventually(lambda: observed.stats()["blocks"])
        release.set()

    release = threading.Event()
    with observe(app) as observed:
        helper = threading.Thread(target=let_go)
        helper.start()
        asked(observed, http("/"))
        helper.join()
        (block,) = observed.stats()["blocks"]
    assert block["function"].endswith("hold") and block["code"] == "release.wait(PATIENCE_S)"


def test_who_runs_the_loop_is_never_the_one_who_holds_it():
    async def app(scope, receive, send):
        while not observed.stats()["loop_lag_s"]:  # its heart has not beaten yet
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_soon(time.sleep, 2 * BLOCKED_S)  # it has no frame
        while observed.stats()["loop_lag_s"]["max"] < BLOCKED_S:
            await asyncio.sleep(0.01)

    with observe(app) as observed:
        asked(observed, http("/"))
        assert observed.stats()["blocks"] == []


def test_an_app_that_is_asked_on_a_loop_after_another_is_measured_on_it(observed):
    asked(observed, http("/"))
    first = observed._heart
    asked(observed, http("/"))
    assert observed._heart is not first and observed.stats()["requests"] == 2
    assert not first.beats


def test_two_loops_at_once_are_counted_together_and_one_is_measured(observed):
    inside, go_on = threading.Event(), threading.Event()

    async def send(message):
        inside.set()
        await asyncio.to_thread(go_on.wait, PATIENCE_S)

    other = threading.Thread(target=lambda: asyncio.run(observed(http("/"), None, send)))
    other.start()
    assert inside.wait(PATIENCE_S)
    heart = observed._heart
    asked(observed, http("/"))
    assert observed._heart is heart
    go_on.set()
    other.join()
    assert observed.stats()["requests"] == 2


def test_it_can_be_looked_at_from_outside_from_its_first_request_to_its_end(observed):
    assert ask(os.getpid()) is None
    scope = http("/", server=("127.0.0.1", 8000))
    asked(observed, scope)
    told = ask(os.getpid())
    assert (told["url"], told["engine"], told["statuses"]) == (
        "http://127.0.0.1:8000", "async", {200: 1},
    )  # fmt: skip
    observed.close()
    assert ask(os.getpid()) is None


def test_the_end_of_a_lifespan_closes_the_door():
    async def app(scope, receive, send):
        assert ask(os.getpid()) is not None

    asked(observe(app), {"type": "lifespan"})
    assert ask(os.getpid()) is None


def test_a_dashboard_shows_it(observed):
    class Last:
        def update(self, frame):
            self.frame = frame

        def close(self):
            pass

    asked(observed, http("/users/1"))
    screen = Last()
    with Dashboard(observed, screen=screen):
        pass
    now = screen.frame.tracks[0].now
    assert now.requests == 1 and now.latency_s["max"] > 0 and now.connections is None


@pytest.mark.parametrize("wrong", [None, "app", lambda environ, start_response: []])
def test_what_is_no_asgi_app_is_refused_with_the_way_out(wrong):
    with pytest.raises(TypeError, match=r"expected an ASGI app, called with \(scope, receive"):
        observe(wrong)
