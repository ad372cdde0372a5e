"""Both ways of watching sockets keep the same promise: news is told once to who asked."""

import select
import selectors
import socket
import threading
from selectors import EVENT_READ, EVENT_WRITE

import pytest

from asyncweb.servers.poller import EpollPoller, SelectorPoller
from tests.conftest import PATIENCE_S

POLLERS = [SelectorPoller, *([EpollPoller] if hasattr(select, "epoll") else [])]


@pytest.fixture(params=POLLERS)
def poller(request):
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_news_is_told_once_and_again_when_asked_for_again(poller, pair):
    ours, theirs = pair
    poller.watch(ours, EVENT_READ)
    theirs.send(b"news")
    assert poller.watched() == [ours]
    assert poller.wait(PATIENCE_S) == [ours]
    assert poller.watched() == []
    assert poller.wait(0) == []  # though nobody has read it
    poller.watch(ours, EVENT_READ)
    assert poller.wait(PATIENCE_S) == [ours]


def test_what_is_forgotten_is_not_told_and_may_be_watched_again(poller, pair):
    ours, _ = pair
    poller.watch(ours, EVENT_WRITE)
    poller.forget(ours)
    poller.forget(ours)
    assert (poller.watched(), poller.wait(0)) == ([], [])
    poller.watch(ours, EVENT_WRITE)
    assert poller.wait(PATIENCE_S) == [ours]


def test_another_thread_may_watch_while_one_waits(poller, pair):
    ours, theirs = pair
    theirs.send(b"news")
    news = []

    def wait():
        while not news:
            news.extend(poller.wait(PATIENCE_S))

    waiting = threading.Thread(target=wait)
    waiting.start()
    poller.watch(ours, EVENT_READ)
    waiting.join(PATIENCE_S)
    assert news == [ours]


def test_a_wait_can_be_cut_short_before_it_begins(poller):
    poller.wake()
    assert poller.wait(PATIENCE_S) == []


def test_a_number_that_two_sockets_have_had_is_the_second_ones(poller):
    first, other = socket.socketpair()
    poller.watch(first, EVENT_WRITE)
    assert poller.wait(PATIENCE_S) == [first]
    number = first.fileno()
    first.close()
    other.close()
    second, other = socket.socketpair()
    with second, other:
        if number not in (second.fileno(), other.fileno()):
            pytest.skip("the system gave other numbers")
        again = second if second.fileno() == number else other
        poller.watch(again, EVENT_WRITE)
        assert poller.wait(PATIENCE_S) == [again]


def test_a_closed_socket_cannot_be_watched(poller, pair):
    ours, _ = pair
    ours.close()
    with pytest.raises((OSError, ValueError)):
        poller.watch(ours, EVENT_READ)
    assert poller.watched() == []


@pytest.mark.parametrize("kind", POLLERS)
def test_a_closed_poller_says_so(kind, pair):
    poller = kind()
    poller.close()
    with pytest.raises(ValueError):
        poller.watch(pair[0], EVENT_READ)
    assert poller.watched() == []


def test_a_poller_by_select_says_for_how_few_it_has_room(poller, monkeypatch):
    assert poller.room > 100_000
    monkeypatch.setattr(selectors, "DefaultSelector", selectors.SelectSelector)  # as on Windows
    few = SelectorPoller()
    few.close()
    assert few.room == 511
