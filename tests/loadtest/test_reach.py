"""Before a load begins: whether anybody listens, told in one line when nobody does."""

import contextlib
import socket
import sys
import threading

import pytest

from asyncweb import App, AsyncServer, load, race
from asyncweb.errors import LoadError
from asyncweb.loadtest import reach
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.reach import check_reachable


@pytest.fixture
def nobody():
    """A port that is taken, and where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def names(monkeypatch, answer):
    """Makes every look-up of a host's name do what `answer()` does."""
    monkeypatch.setattr(reach.socket, "getaddrinfo", lambda *asked, **more: answer())


def told(url):
    with pytest.raises(LoadError) as refusal:
        check_reachable(Plan(url))
    return str(refusal.value)


def test_who_listens_is_reached_by_every_name_of_it():
    with AsyncServer(App()) as server:
        check_reachable(Plan(server.url))
        check_reachable(Plan(f"http://localhost:{server.port}/path"))  # ::1 may come first


def test_where_nobody_listens_the_way_out_is_told(nobody):
    said = told(f"http://127.0.0.1:{nobody}/")
    assert said.startswith(f"nobody listens at 127.0.0.1:{nobody} (Connection refused): ")
    assert f"`asyncweb serve module:app --port {nobody}`" in said


def test_an_ipv6_address_is_told_as_a_url_spells_it(monkeypatch):
    names(monkeypatch, list)
    assert "nobody listens at [::1]:80 (it has no address): " in told("http://[::1]/")


def test_a_name_that_nobody_has_is_told(monkeypatch):
    def unknown():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    names(monkeypatch, unknown)
    assert told("http://no.such.host/") == (
        "there is no host 'no.such.host' (Name or service not known): check the name; "
        "this machine is 127.0.0.1"
    )


def test_a_name_that_is_no_name_is_told():
    assert "there is no host" in told(f"http://{'a' * 64}.example/")


def test_a_look_up_that_never_ends_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(reach, "LOOK_UP_S", 0.01)
    known = threading.Event()
    names(monkeypatch, known.wait)
    assert "(nobody could say in time)" in told("http://slow.example/")
    known.set()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses at once")
def test_a_server_that_is_only_slow_to_accept_gets_its_load(monkeypatch):
    monkeypatch.setattr(reach, "CONNECT_S", 0.01)
    with contextlib.ExitStack() as open_now:
        busy = open_now.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):  # more than its queue has room for
            waiting = open_now.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(busy.getsockname())
        check_reachable(Plan(f"http://127.0.0.1:{busy.getsockname()[1]}/"))


def test_load_and_race_ask_before_they_begin(nobody):
    url = f"http://127.0.0.1:{nobody}"
    with pytest.raises(LoadError, match="nobody listens"):
        load(url)
    with AsyncServer(App()) as server, pytest.raises(LoadError, match="nobody listens"):
        race({"here": server, "nowhere": url})
