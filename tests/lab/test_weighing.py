"""What a work costs is weighed in fresh processes, and a work that cannot be weighed says why."""

import os
import random
import sqlite3
import threading
from contextlib import closing

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab import weighing
from asyncweb.lab.weighing import weigh


def keeps_8_mb(scales):
    scales.look("nothing")
    kept = bytearray(8_000_000)
    scales.look("kept")
    del kept
    scales.look("let go")


@pytest.fixture(scope="module")
def weighed():
    return weigh(keeps_8_mb)


def test_python_and_the_system_agree_on_what_python_keeps(weighed):
    assert weighed.labels == ("nothing", "kept", "let go")
    assert weighed["nothing"].rss_bytes == 0
    for size in (weighed["kept"].traced_bytes, weighed["kept"].rss_bytes):
        assert size == pytest.approx(8_000_000, rel=0.1)
    assert weighed["let go"].traced_bytes < 100_000


def test_what_a_library_in_c_allocates_python_does_not_see():
    def fill(scales):
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE TABLE pages (text BLOB)")
            scales.look("empty")
            for _ in range(10):
                database.execute("INSERT INTO pages VALUES (zeroblob(1000000))")
            scales.look("full")

    full = weigh(fill)["full"]
    assert full.rss_bytes > 5_000_000
    assert full.traced_bytes < full.rss_bytes / 10


def test_the_table_has_a_row_for_each_look(weighed):
    shown = repr(weighed)
    assert "tracemalloc" in shown
    assert all(label in shown for label in ("nothing", "kept", "let go"))


def fails(scales):
    raise ValueError("no scales for this")


def ends(scales):
    os._exit(3)


def looks_at_random(scales):
    scales.look(str(random.random()))


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (fails, "no scales for this"),
        pytest.param(lambda scales: None, "nothing was weighed", marks=pytest.mark.slow),
        pytest.param(ends, "is gone", marks=pytest.mark.slow),
        pytest.param(looks_at_random, "do the same", marks=pytest.mark.slow),
    ],
)
def test_a_work_that_cannot_be_weighed_says_why(work, told):
    with pytest.raises(LessonError, match=told):
        weigh(work)


def test_a_work_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(weighing, "PATIENCE_S", 0.3)
    with pytest.raises(LessonError, match="has not ended"):
        weigh(lambda scales: threading.Event().wait())


def test_a_look_that_was_not_taken_is_told_with_those_that_were(weighed):
    with pytest.raises(LessonError, match="nothing, kept, let go"):
        weighed["later"]
