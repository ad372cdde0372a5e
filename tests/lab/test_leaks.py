"""Each planted leak keeps its visits in its own way, and each way can be seen."""

import gc
from pathlib import Path
from urllib.request import urlopen

import pytest

from asyncweb import AsyncServer
from asyncweb.dashboard.screen import NoScreen
from asyncweb.errors import LessonError
from asyncweb.lab import leaky as planted
from asyncweb.lab.forgotten import letters_read
from asyncweb.lab.holders import holders, living
from asyncweb.lab.leaky import PLANTS, Visit, leaky, planted_by
from asyncweb.lab.soak import Moment, Soaked, soak
from tests.ecosystem.conftest import library

HELD_BY = {
    "list": "is kept by a list of 20",
    "callback": "is kept by the function <lambda>\n    is kept by a list of 20",
    "task": "is kept by the coroutine wait, in which it is a variable\n    is kept by a Task",
    "cycle": "is kept by itself: a cycle",
    "cache": "is kept by a dict of 20: '/0', '/1', '/2', ...",
}
SHORT_S = 5.0


@pytest.fixture(autouse=True)
def no_garbage():
    gc.collect()
    yield
    gc.collect()


def ask(server, paths):
    for path in paths:
        with urlopen(server.url + path) as answer:
            assert answer.read().decode() == f"a visit to {path}"


@pytest.fixture(params=["", "asyncio"], ids=["uvloop", "asyncio"])
def loop(request, monkeypatch):
    monkeypatch.setenv("ASYNCWEB_LOOP", request.param)


def kept_after(server, paths):
    """How many visits are alive more than before."""
    before = living(Visit)
    ask(server, paths)
    return living(Visit) - before


TWENTY = [f"/{number}" for number in range(20)]


@pytest.mark.usefixtures("loop")
@pytest.mark.parametrize("plant", PLANTS)
def test_who_keeps_the_visits_is_seen_in_the_chain(plant):
    with AsyncServer(leaky(plant=plant)) as server:
        assert kept_after(server, TWENTY) == 20
        assert HELD_BY[plant] in holders(Visit)


@pytest.mark.parametrize("plant", PLANTS)
def test_only_a_cycle_goes_when_the_collector_comes(plant):
    with AsyncServer(leaky(plant=plant)) as server:
        ask(server, TWENTY)
        before = living(Visit)
        gc.collect()
        assert before - living(Visit) == (20 if plant == "cycle" else 0)


def test_a_cache_does_not_grow_with_a_path_it_knows():
    with AsyncServer(leaky(plant="cache")) as server:
        assert kept_after(server, ["/tea"] * 20) == 1


def test_an_app_without_a_leak_keeps_nothing():
    with AsyncServer(leaky(plant="none")) as server:
        assert kept_after(server, TWENTY) == 0


def test_what_is_not_alive_has_no_holder():
    class Page: ...

    assert holders(Page) == "no Page is alive"


def test_every_leak_is_planted_by_some_seed_and_the_same_one_each_time():
    assert {planted_by(seed) for seed in range(20)} == set(PLANTS)
    assert planted_by(7) == planted_by(7)


@pytest.mark.parametrize(("wrong", "told"), [({}, "give a seed"), ({"plant": "moss"}, "one of")])
def test_a_leak_that_is_not_known_is_refused(wrong, told):
    with pytest.raises(LessonError, match=told):
        leaky(**wrong)


def test_whatever_is_planted_every_visit_is_made_in_the_same_line():
    assert Path(planted.__file__).read_text().count("Visit(ctx.path)") == 1


def test_tasks_that_are_kept_read_their_letters_and_others_do_not():
    assert letters_read(20, keep=True) == 20
    assert letters_read(20, keep=False) == 0


@pytest.mark.slow
def test_a_soak_tells_a_leak_from_a_cache_that_is_full():
    server = AsyncServer(leaky(plant="cache"), name="cache")
    growing = soak(server, "/{{n}}", seconds=SHORT_S, screen=NoScreen())
    filled = soak(server, "/{{random 1 20}}", seconds=SHORT_S, screen=NoScreen())
    assert growing.judgement.verdict == "leak"
    assert filled.judgement.verdict != "leak"
    assert not growing.errors and not filled.errors
    assert growing.requests_per_s == pytest.approx(300, rel=0.2)
    assert not server.is_running


def test_a_soak_that_is_too_short_says_so():
    server = AsyncServer(leaky(plant="none"))
    with pytest.raises(LessonError, match=r"too (few|short)"):
        _ = soak(server, seconds=0.5, screen=NoScreen()).judgement


@pytest.mark.slow
def test_the_picture_of_a_soak_says_in_words_what_it_shows():
    library("matplotlib")
    moments = tuple(Moment(x / 5, 60 * x, 30_000_000 + 6_000 * x) for x in range(40))
    soaked = Soaked("async", moments, errors=2, least=4.0)
    assert soaked.plot().says.startswith("async: leak: +100.0")
    assert "2 errors" in repr(soaked)
