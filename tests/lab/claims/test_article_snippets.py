"""The article's snippets do what is said of them: in Rust on hyperlane, in Python on ours."""

import importlib
import os
import time
from contextlib import ExitStack

import pytest

from asyncweb import App
from asyncweb.instruments import Rendezvous, ScriptedClient
from asyncweb.lab.claims.article import snippets
from asyncweb.lab.claims.article.python import blocking
from asyncweb.lab.claims.article.side_by_side import running
from asyncweb.lab.claims.article.systems import Bare
from asyncweb.lab.claims.peers.workshop import built
from tests.conftest import THREADED

NAMES = [snippet.name for snippet in snippets()]
AT_ONCE, WAIT_S = 50, 0.010


def asked(name):
    return f"GET /{name} HTTP/1.1\r\nHost: test\r\n\r\n".encode()


def app_of(name) -> App:
    return importlib.import_module(f"asyncweb.lab.claims.article.python.{name}").app


def ask_at_once(port, name, count):
    """The answers to `count` clients who all ask before the first is answered."""
    with ExitStack() as opened:
        clients = [opened.enter_context(ScriptedClient(port)) for _ in range(count)]
        for client in clients:
            client.send(asked(name))
        return [client.answer() for client in clients]


# ---------------------------------------------------------------------- in Python


@pytest.mark.parametrize("name", NAMES)
def test_the_python_answers(serve, name):
    server = serve(app_of(name))
    (answer,) = ask_at_once(server.port, name, 1)
    assert answer.status == 200
    assert answer.text in ("the page", "done")


def test_the_stopwatch_in_python_runs_while_the_work_is_done(serve):
    (answer,) = ask_at_once(serve(app_of("stopwatch")).port, "stopwatch", 1)
    took_us = int(answer.headers["x-response-time"].removesuffix(" us"))
    assert took_us >= WAIT_S * 1_000_000 * 0.9  # a clock may be coarse


def test_two_who_block_are_inside_together_only_in_threads(serve, kind, monkeypatch):
    meeting = Rendezvous(2, give_up_s=5 if kind in THREADED else 0.05)
    monkeypatch.setattr(blocking, "query", lambda: meeting.wait("the page"))
    answers = ask_at_once(serve(blocking.app).port, "blocking", 2)
    statuses = [answer.status for answer in answers]
    assert statuses == ([200, 200] if kind in THREADED else [500, 500])


def test_two_who_are_offloaded_are_inside_together(serve, monkeypatch):
    meeting = Rendezvous(2)
    monkeypatch.setattr(blocking, "query", lambda: meeting.wait("the page"))
    answers = ask_at_once(serve(blocking.app).port, "offloaded", 2)
    assert [answer.status for answer in answers] == [200, 200]


# ---------------------------------------------------------------------- in Rust


@pytest.fixture(scope="module")
def hyperlane():
    """The real one with the article's handlers, on one thread; built the first time."""
    if why := Bare().missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    with running(Bare(), built(Bare())) as program:
        (program.seat.folder / "template.html").write_text("the page")
        yield program


@pytest.mark.slow
def test_silent_answers_nothing_and_the_next_answer_is_taken_for_its(hyperlane):
    with ScriptedClient(hyperlane.seat.port) as client:
        client.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.send(asked("silent")).read(1)
        client.socket.settimeout(5)
        assert client.send(asked("")).answer().text == "Hello World"


@pytest.mark.slow
def test_stopwatch_always_says_0_ms_of_what_takes_10(hyperlane):
    for _ in range(10):
        began = time.perf_counter()
        (answer,) = ask_at_once(hyperlane.seat.port, "stopwatch", 1)
        assert answer.headers["x-response-time"] == "0 ms"
        assert time.perf_counter() - began >= WAIT_S


@pytest.mark.slow
def test_blocking_lets_one_after_the_other_wait(hyperlane):
    began = time.perf_counter()
    answers = ask_at_once(hyperlane.seat.port, "blocking", AT_ONCE)
    assert time.perf_counter() - began >= AT_ONCE * WAIT_S
    assert {answer.text for answer in answers} == {"the page"}


@pytest.mark.slow
def test_waiting_lets_all_wait_together(hyperlane):
    began = time.perf_counter()
    answers = ask_at_once(hyperlane.seat.port, "waiting", AT_ONCE)
    assert time.perf_counter() - began < AT_ONCE * WAIT_S
    assert {answer.text for answer in answers} == {"done"}


# ---------------------------------------------------------------------- as they are shown


@pytest.mark.parametrize("snippet", snippets(), ids=lambda snippet: snippet.name)
def test_a_snippet_shows_both_languages_and_what_is_wrong(snippet):
    told = snippet.to_dict()
    assert f"pub async fn {snippet.name}(ctx: Context)" in told["rust"]
    assert f'@app.get("/{snippet.name}")' in told["python"]
    bundle = snippet._repr_mimebundle_()
    for kind in ("text/plain", "text/html"):
        assert "meant" in bundle[kind] and "hyperlane 5.40.1" in bundle[kind]
