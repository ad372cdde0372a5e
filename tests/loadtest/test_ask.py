"""What is asked: spelled right, filled in for each request, mixed by weight, refused when wrong."""

import re
from random import Random

import pytest

from asyncweb.errors import LoadError
from asyncweb.http.fields import Headers
from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.questions import requests

URL = "http://127.0.0.1:8000/path?q=1"
TOP = b"GET /path?q=1 HTTP/1.1\r\nhost: 127.0.0.1:8000\r\n"


def asked(number=1, url=URL, **settings):
    stream = requests(Plan(url, **settings), Heads())
    return [next(stream)[0] for _ in range(number)]


def test_a_plain_request_is_spelled_once():
    first, second = asked(2)
    assert first == TOP + b"\r\n"
    assert first is second


def test_a_body_has_its_length_and_a_method_that_wants_one_has_too():
    assert asked(method="POST", body=b"tea")[0].endswith(b"content-length: 3\r\n\r\ntea")
    assert asked(method="PUT")[0].endswith(b"content-length: 0\r\n\r\n")
    assert asked(body=b"tea")[0].endswith(b"content-length: 3\r\n\r\ntea")


def test_who_does_not_stay_says_so():
    assert b"connection: close\r\n" in asked(keep_alive=False)[0]


def test_a_field_that_comes_several_times_is_sent_as_often():
    headers = Headers([("cookie", "a=1"), ("accept", "text/html"), ("Cookie", "b={{n}}")])
    first, second = asked(2, headers=headers)
    assert first == TOP + b"cookie: a=1\r\naccept: text/html\r\ncookie: b=0\r\n\r\n"
    assert second.endswith(b"cookie: b=1\r\n\r\n")


@pytest.mark.parametrize("name", ["host", "Host", "HOST"])
def test_a_host_that_is_said_takes_the_place_of_the_urls(name):
    (one,) = asked(headers={name: "other.example"})
    assert one == b"GET /path?q=1 HTTP/1.1\r\nhost: other.example\r\n\r\n"


def test_blanks_are_filled_in_for_each_request():
    ask = Ask(
        "/users/{{n}}?d={{random 3 5}}", "POST", {"x-id": "{{uuid}}"}, b'{"a": "{{choice b c}}"}'
    )
    stream = asked(200, mix=(ask,))
    assert [int(re.search(rb"/users/(\d+)", one)[1]) for one in stream] == list(range(200))
    assert {re.search(rb"d=(\d+)", one)[1] for one in stream} == {b"3", b"4", b"5"}
    assert {one.rpartition(b"\r\n")[2] for one in stream} == {b'{"a": "b"}', b'{"a": "c"}'}
    assert len({re.search(rb"x-id: ([0-9a-f-]{36})", one)[1] for one in stream}) == 200
    assert asked(200, mix=(ask,)) == stream, "the same seed asks the same again"
    assert asked(200, mix=(ask,), seed=1) != stream


@pytest.mark.parametrize("settings", [{}, {"mix": (Ask(),)}, {"mix": (Ask(), Ask())}])
def test_blanks_in_the_url_are_filled_in_for_each_request(settings):
    stream = asked(50, url="http://127.0.0.1:8000/users/{{n}}", **settings)
    assert [int(re.search(rb"/users/(\d+)", one)[1]) for one in stream] == list(range(50))


def test_the_length_is_that_of_the_body_that_was_filled_in():
    for number, one in enumerate(asked(101, mix=(Ask(method="POST", body=b"{{n}}"),))):
        assert one.endswith(b"content-length: %d\r\n\r\n%d" % (len(str(number)), number))


def test_a_mix_is_asked_by_weight():
    mix = (Ask("/often", weight=9), Ask("/seldom"))
    stream = asked(5000, mix=mix)
    assert sum(b"/seldom" in one for one in stream) == pytest.approx(500, rel=0.2)


def test_answers_to_head_are_looked_up_among_their_own():
    heads = Heads()
    stream = requests(Plan(URL, mix=(Ask("/a"), Ask("/b", "HEAD"))), heads)
    for _ in range(50):
        request, among = next(stream)
        assert among.of_head == request.startswith(b"HEAD ")
        assert (among is heads) != among.of_head


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"target": "users"}, "expected a path such as '/users'"),
        ({"target": "/a b"}, "must be percent-encoded"),
        ({"method": "BREW"}, "expected one of GET, HEAD"),
        ({"body": "text"}, "body: expected bytes, got str; text becomes bytes by .encode()"),
        ({"weight": 0}, "weight=0: expected a number above 0"),
        ({"headers": {"a": "b\r\nc"}}, "control character"),
        ({"target": "/{{m}}"}, "a blank {{m}}: expected {{n}}"),
        ({"target": "/{{random 1}}"}, "a blank {{random 1}}: expected"),
        ({"target": "/{{choice}}"}, "a blank {{choice}}: expected"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_is(settings, told):
    with pytest.raises(LoadError) as caught:
        Plan(URL, mix=(Ask(**settings),))
    assert told in str(caught.value)


@pytest.mark.parametrize("dice", [Random(1), Random(2)])
def test_a_blank_may_be_written_with_spaces(dice):
    spelled = Ask("/{{ random  1  1 }}").speller("t", "/", keep_alive=True)
    assert spelled(0, dice).startswith(b"GET /1 HTTP/1.1\r\n")
