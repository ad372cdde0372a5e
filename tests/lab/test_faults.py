"""The server that fails on request, on each kind of server."""

import time

import pytest

from asyncweb import AsyncServer, ThreadServer
from asyncweb.cli import find_app
from asyncweb.lab.faults import faulty
from asyncweb.lab.trouble import explained
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.run import LoadProcess
from tests.conftest import eventually

WAITED_S = 0.03
EARLY_S = 0.002  # the loop's clock counts milliseconds


def seconds_of(client, target):
    """How long the answer took, which has to be 200."""
    began = time.perf_counter()
    assert client.get(target).status == 200
    return time.perf_counter() - began


def broken_off(client, target):
    """What came of an answer before the connection was reset."""
    client.send(f"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
    came = b""
    with pytest.raises(ConnectionResetError):
        while data := client.socket.recv(65536):
            came += data
    return came


def statuses(client, count=40, target="/?status=503:30,429:10"):
    return [client.get(target).status for _ in range(count)]


def test_without_a_query_the_first_page_explains_itself_and_others_are_well(serve, peer):
    client = peer(serve(faulty()))
    answer = client.get("/")
    assert (answer.status, answer.text) == (200, explained())
    assert answer.headers["content-type"].startswith("text/plain")
    assert (client.get("/any/path").status, client.get("/any/path").text) == (200, "200\n")


def test_what_was_not_understood_is_told_in_a_400(serve, peer):
    answer = peer(serve(faulty())).get("/tea?delay=10")
    assert answer.status == 400
    assert answer.text == (
        "delay=10: '10': expected a time with its unit (us, ms, s), at most 60s; "
        "for example delay=10ms:90,1s:10"
    )


@pytest.mark.parametrize("query", ["delay=30ms", "block=30ms", "cpu=30ms", "slow=30ms"])
def test_who_is_to_wait_waits(serve, peer, query):
    client = peer(serve(faulty()))
    assert seconds_of(client, f"/?{query}&size=100B") > WAITED_S - EARLY_S


def test_cpu_is_time_of_the_processor(serve, peer):
    client = peer(serve(faulty()))
    before_s = time.process_time()
    client.get("/?cpu=30ms")
    assert time.process_time() - before_s > WAITED_S


def test_a_delay_keeps_nobody_else_waiting_on_a_loop(peer):
    with AsyncServer(faulty()) as server:
        waiting = peer(server).send(b"GET /?delay=60s HTTP/1.1\r\nHost: test\r\n\r\n")
        eventually(lambda: server.stats()["in_flight"] == 1)
        assert peer(server).get("/tea").status == 200
        waiting.vanish()
        eventually(lambda: server.stats()["in_flight"] == 0)


def test_a_block_keeps_everybody_else_waiting_on_a_loop(peer):
    with AsyncServer(faulty()) as server:
        began = time.perf_counter()
        both = [peer(server).send(b"GET /?block=30ms HTTP/1.1\r\nHost: t\r\n\r\n") for _ in "ab"]
        assert [client.answer().status for client in both] == [200, 200]
        assert time.perf_counter() - began > 2 * WAITED_S


@pytest.mark.parametrize("word", ["stall", "freeze"])
def test_who_asks_in_a_stall_waits_for_its_end(serve, peer, word):
    client = peer(serve(faulty(clock=lambda: 120.01)))
    assert seconds_of(client, f"/?{word}=40ms/1s") > WAITED_S - EARLY_S


@pytest.mark.parametrize("word", ["stall", "freeze"])
def test_who_asks_outside_of_a_stall_does_not_wait(serve, peer, word):
    client = peer(serve(faulty(clock=lambda: 119.5)))
    assert client.get(f"/?{word}=59s/60s").status == 200


def test_a_reset_is_one(serve, peer):
    server = serve(faulty())
    assert broken_off(peer(server), "/?reset=100") == b""
    assert peer(server).get("/?reset=0").status == 200
    assert not server.errors


def test_who_pipelines_is_told_that_a_reset_is_not_for_it(serve, peer):
    ask = b"GET /?reset=100 HTTP/1.1\r\nHost: test\r\n\r\n"
    client = peer(serve(faulty())).send(ask + ask)
    assert client.answer().status == 400


def test_a_truncated_answer_breaks_off_in_the_middle_of_what_it_announced(serve, peer):
    server = serve(faulty())
    head, _, body = broken_off(peer(server), "/?truncate=100&size=1KB").partition(b"\r\n\r\n")
    assert b"content-length: 1000" in head
    assert body == b"x" * 500
    eventually(lambda: server.errors)
    assert "because the query says truncate" in server.errors[0].error
    assert peer(server).get("/?truncate=0").text == "200\n"


@pytest.mark.parametrize("slow", ["", "&slow=1ms"])
@pytest.mark.parametrize(("size", "expected"), [("0B", 0), ("1B", 1), ("10KiB", 10240)])
def test_a_body_has_its_size_and_the_connection_goes_on(serve, peer, size, expected, slow):
    client = peer(serve(faulty()))
    for _ in range(2):
        answer = client.get(f"/?size={size}{slow}")
        assert answer.body == b"x" * expected
        assert answer.headers["content-length"] == str(expected)


@pytest.mark.parametrize("status", [201, 204, 304, 429, 503, 599])
def test_any_status_may_be_asked_for(serve, peer, status):
    client = peer(serve(faulty()))
    for query in (f"status={status}", f"status={status}&slow=1ms&size=20B"):
        assert client.get(f"/?{query}").status == status
    assert client.get("/tea").status == 200


def test_every_method_is_answered(serve, peer):
    client = peer(serve(faulty()))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        ask = f"{method} /tea?status=201 HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\ntea"
        assert client.send(ask.encode()).answer().text == "201\n"
    client.send(b"HEAD /?size=9B HTTP/1.1\r\nHost: t\r\n\r\n")
    assert client.answer(has_body=False).headers["content-length"] == "9"


def test_with_a_seed_the_same_requests_meet_the_same_fate_on_all_servers(serve, peer):
    found = statuses(peer(serve(faulty(seed=7))))
    assert found == statuses(faulty(seed=7).test_client())
    assert found != statuses(faulty(seed=8).test_client())
    assert set(found) == {200, 429, 503}


def test_a_query_that_draws_more_does_not_change_what_the_next_request_meets():
    plain, other = (faulty(seed=7).test_client() for _ in range(2))
    plain.get("/tea")
    other.get("/tea?delay=exp:1us&size=1B-9B&slow=exp:1us")
    assert statuses(plain) == statuses(other)


@pytest.mark.parametrize("make", [AsyncServer, ThreadServer])
def test_a_server_in_a_process_of_its_own_fails_the_same_way(make, peer):
    server = make(faulty(seed=7)).start(process=True)
    try:
        assert statuses(peer(server)) == statuses(faulty(seed=7).test_client())
    finally:
        server.stop()


def test_a_load_counts_each_kind_of_failure():
    query = "status=503:20,429:20&reset=20"
    with AsyncServer(faulty(seed=7)) as server, LoadProcess() as load:
        result = load.run(Plan(f"{server.url}/?{query}", connections=1, requests=100))
    assert set(result.errors) == {"4xx", "5xx", "reset"}


def test_the_command_line_finds_it():
    assert find_app("asyncweb.lab.faults:app").test_client().get("/").text == explained()
