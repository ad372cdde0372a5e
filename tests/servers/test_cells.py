"""A notebook cell that is run again: the servers it leaves, and their addresses."""

import itertools
import socket

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.servers import registry


@pytest.fixture
def run_again(monkeypatch):
    """Begins the next execution of the one cell there is."""
    monkeypatch.setattr(registry, "_cells", {})
    executions = itertools.count(1)

    def begin():
        execution = next(executions)
        monkeypatch.setattr(registry, "current_cell", lambda: ("a cell", execution))

    return begin


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    return port


def test_a_cell_that_is_run_again_leaves_one_server_at_the_same_address(serve, run_again):
    ports = set()
    for _ in range(3):
        run_again()
        server = serve(App())
        assert registry.running() == (server,)
        ports.add(server.port)
    assert len(ports) == 1


def test_a_server_whose_port_was_edited_is_the_only_one_that_is_left(serve, run_again, free_port):
    run_again()
    first = serve(App())
    for port in (free_port, first.port, free_port):
        run_again()
        server = serve(App(), port=port)
        assert registry.running() == (server,)
        assert server.port == port


def test_a_port_that_was_asked_for_is_left_to_who_asks_for_it(serve, run_again, free_port):
    run_again()
    serve(App(), port=free_port)
    run_again()
    servers = serve(App()), serve(App(), port=free_port)
    assert registry.running() == servers


def test_a_server_of_a_certain_port_takes_no_other_ones_place(serve, run_again, free_port):
    run_again()
    port = serve(App()).port
    run_again()
    serve(App(), port=free_port)
    assert serve(App()).port == port


def test_a_server_that_was_renamed_is_the_only_one_that_is_left_and_keeps_its_address(
    serve, run_again
):
    ports = set()
    for name in (None, "mine", "mine", "yours", None):
        run_again()
        server = serve(App(), name=name)
        assert registry.running() == (server,)
        ports.add(server.port)
    assert len(ports) == 1


def test_servers_in_another_order_keep_the_addresses_of_their_names(serve, run_again):
    run_again()
    ports = {name: serve(App(), name=name).port for name in ("mine", None, "yours")}
    run_again()
    assert {name: serve(App(), name=name).port for name in ("yours", "mine", None)} == ports


def test_a_start_that_fails_leaves_the_address_to_the_next_run(serve, run_again):
    run_again()
    port = serve(App()).port
    run_again()
    broken = App()
    broken.on_startup(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        serve(broken)
    run_again()
    assert serve(App()).port == port


def test_a_server_of_another_kind_keeps_the_address_of_its_name(run_again):
    run_again()
    port = AsyncServer(App(), name="mine").start().port
    run_again()
    with ThreadServer(App(), name="mine") as server:
        assert registry.running() == (server,)
        assert server.port == port


def test_two_servers_of_one_cell_leave_each_other_alone(serve, run_again):
    for _ in range(2):
        run_again()
        servers = serve(App()), serve(App(), name="mine")
        assert registry.running() == servers


def test_a_server_that_was_taken_out_of_its_cell_is_stopped(serve, run_again):
    run_again()
    serve(App(), name="mine")
    serve(App(), name="yours")
    run_again()
    server = serve(App(), name="yours")
    assert registry.running() == (server,)


def test_a_server_that_its_cell_starts_again_while_it_runs_is_kept(serve, run_again):
    run_again()
    server, other = serve(App()), serve(App())
    run_again()
    server.start()
    again = serve(App())
    assert registry.running() == (server, again)
    assert again.port == other.port
