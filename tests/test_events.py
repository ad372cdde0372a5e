"""Server-sent events as they go over the wire: one is one, whatever is in it."""

import re

import pytest

from asyncweb import Event, EventStream
from asyncweb.coroutine import run_to_end
from asyncweb.servers.silence import Silence


@pytest.mark.parametrize(
    ("item", "spelled"),
    [
        ("hi", b"data: hi\n\n"),
        ("", b"data: \n\n"),
        ("a\nb\r\nc\rd\n", b"data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"),
        ("é\u2028", "data: é\u2028\n\n".encode()),
        ({"a": "\n"}, b'data: {"a":"\\n"}\n\n'),
        ([1], b"data: [1]\n\n"),
        (Event("x", event="news", id="7"), b"event: news\nid: 7\ndata: x\n\n"),
        (Event("x", id=7), b"id: 7\ndata: x\n\n"),
        (Event("x", id=-0), b"id: 0\ndata: x\n\n"),
        (Event("x", id=""), b"id: \ndata: x\n\n"),
        (Event("x", retry_s=1.5), b"retry: 1500\ndata: x\n\n"),
        ("id: 9\n\ndata: x", b"data: id: 9\ndata: \ndata: data: x\n\n"),
    ],
)  # fmt: skip
def test_an_event_is_spelled_so_that_nothing_in_it_is_another(item, spelled):
    assert next(EventStream([item]).body) == spelled
    assert len(re.findall(rb"\n\n", spelled)) == 1


@pytest.mark.parametrize("wrong", [{"event": "a\nb"}, {"id": "a\rb"}, {"id": "a\0b"}])
def test_a_name_or_an_id_that_would_forge_a_field_is_refused(wrong):
    with pytest.raises(ValueError, match="would forge a field"):
        Event("x", **wrong)


@pytest.mark.parametrize("name", ["event", "id"])
@pytest.mark.parametrize("wrong", [1.5, True, b"7", ["7"]])
def test_a_name_or_an_id_of_another_kind_is_told_when_the_event_is_made(name, wrong):
    with pytest.raises(TypeError, match=rf"Event\({name}=.*: expected text"):
        Event("x", **{name: wrong})


def test_an_event_is_named_by_text():
    with pytest.raises(TypeError, match=r"Event\(event=7\): expected text, or None"):
        Event("x", event=7)


@pytest.mark.parametrize("wrong", [None, 1, b"x"])
def test_what_is_no_event_is_told(wrong):
    with pytest.raises(TypeError, match="an event is str, dict, list or Event, not "):
        next(EventStream([wrong]).body)


@pytest.mark.parametrize("wrong", ["text", b"x", {"a": 1}, 7, None])
def test_what_is_no_source_is_told(wrong):
    with pytest.raises(TypeError, match="expected an iterator of events"):
        EventStream(wrong)


@pytest.mark.parametrize("wrong", [0, -1, 0.1, 0.999, float("nan"), "15", None, True])
def test_a_heartbeat_that_no_server_keeps_is_refused_with_the_least_that_is_kept(wrong):
    with pytest.raises(ValueError, match=r"heartbeat_s=.*: expected 1 second or more"):
        EventStream([], heartbeat_s=wrong)


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), "3", True])
def test_a_time_to_come_back_that_makes_no_sense_is_refused(wrong):
    for make in (lambda: EventStream([], retry_s=wrong), lambda: Event("x", retry_s=wrong)):
        with pytest.raises(ValueError, match=r"retry_s=.*: expected a number of seconds"):
            make()


def test_the_headers_are_those_that_no_proxy_holds_back():
    headers = EventStream([]).headers
    assert headers["content-type"] == "text/event-stream"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-cache", "no")


def test_a_client_may_be_told_when_to_come_back():
    assert list(EventStream(["x"], retry_s=2).body) == [b"retry: 2000\n\n", b"data: x\n\n"]


def test_an_asynchronous_source_gives_the_same_and_is_closed():
    closed = []

    async def source():
        try:
            yield "x"
            yield "y"
        finally:
            closed.append(True)

    async def all_of_it():
        body = EventStream(source(), retry_s=0).body
        pieces = [await anext(body), await anext(body)]
        await body.aclose()
        return pieces

    assert run_to_end(all_of_it(), "") == [b"retry: 0\n\n", b"data: x\n\n"]
    assert closed == [True]


def test_a_silence_is_long_when_nothing_was_sent_for_so_long():
    silence = Silence(10)
    looks = [(0, 100), (0, 109), (5, 110), (5, 119.9), (5, 120), (5, 129), (5, 130), (6, 139)]
    assert [silence.is_long(sent, now) for sent, now in looks] == [
        False, False, False, False, True, False, True, False
    ]  # fmt: skip


def test_a_sign_of_life_is_no_news_so_the_next_one_comes_as_soon():
    silence = Silence(1)
    assert not silence.is_long(5, 100)
    for now in (101, 102, 103):
        assert silence.is_long(5, now)
        silence.broken(5)
    assert silence.is_long(5, 104)
    silence.broken(8)  # where the sign itself is counted
    assert silence.is_long(8, 105)
    assert not silence.is_long(9, 106)
