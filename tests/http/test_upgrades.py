"""A request for another protocol: what follows it is nobody's until it is answered."""

import pytest

from asyncweb.connection import Connection
from asyncweb.errors import HTTPError, ProtocolError
from asyncweb.http.limits import Limits
from asyncweb.http.messages import Request, Response
from asyncweb.http.parser import RequestParser
from asyncweb.http.upgrade import asks_for, check_upgrade

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
ASKS = b"GET /up HTTP/1.1\r\nHost: t\r\nConnection: keep-alive, Upgrade\r\nUpgrade: line\r\n\r\n"
WITH_BODY = ASKS.replace(b"GET", b"POST")[:-2] + b"Content-Length: 3\r\n\r\nabc"
CLOSES = ASKS.replace(b"keep-alive", b"close")
GET = b"GET /next HTTP/1.1\r\nHost: t\r\n\r\n"
NO_HTTP = b"\x81\x82\x00no HTTP\r\n\r\n at all"


def cuts(data):
    yield from ([data[:cut], data[cut:]] for cut in range(1, len(data)))
    yield [data[at : at + 1] for at in range(len(data))]


@pytest.mark.parametrize("asks", [ASKS, WITH_BODY, CLOSES])
@pytest.mark.parametrize("behind", [GET, NO_HTTP])
def test_what_follows_is_kept_as_it_came_however_it_is_cut(asks, behind):
    for pieces in cuts(asks + behind):
        connection = Connection(Limits())
        for piece in pieces:
            connection.receive(piece)
        assert connection.next_request().upgrades
        assert connection.take_over() == behind
        assert connection.taken_over and connection.closing and connection.client_goes_on


@pytest.mark.parametrize("asks", [ASKS, WITH_BODY])
def test_after_an_ordinary_answer_it_is_read_as_http_however_it_is_cut(asks):
    for pieces in cuts(asks + GET):
        connection, targets = Connection(Limits()), []
        for piece in pieces:
            connection.receive(piece)
            while (request := connection.next_request()) is not None:
                targets.append(request.target)
                connection.reply(Response("hi"), DATE)
        assert targets == ["/up", "/next"]


def test_what_follows_is_refused_only_when_the_answer_was_ordinary():
    connection = Connection(Limits())
    connection.receive(ASKS + NO_HTTP)
    assert isinstance(connection.next_request(), Request)
    assert connection.next_request() is None
    connection.reply(Response("hi"), DATE)
    assert isinstance(connection.next_request(), ProtocolError)


def test_a_request_that_asks_again_is_not_taken_for_the_one_before():
    parser = RequestParser(Limits())
    for data in (ASKS, ASKS, GET, GET):
        parser.feed(data)
    assert [request.target for request in parser.queue] == ["/up"]
    assert parser.unparsed == ASKS + GET + GET
    parser.go_on()
    assert [request.target for request in parser.queue] == ["/up"] * 2
    parser.go_on()
    assert [request.target for request in parser.queue] == ["/up"] * 2 + ["/next"] * 2


def test_what_follows_is_more_than_waits_before_it_is_answered():
    parser = RequestParser(Limits())
    parser.feed(ASKS)
    assert not parser.full
    parser.feed(b"\x81")
    assert parser.full


def test_a_client_that_says_no_more_may_still_be_taken_over():
    connection = Connection(Limits())
    connection.receive(ASKS + NO_HTTP)
    connection.next_request()
    connection.end()
    assert connection.take_over() == NO_HTTP


@pytest.mark.parametrize(
    ("head", "upgrades"),
    [
        (ASKS, True),
        (ASKS.replace(b"Upgrade\r", b"x\r"), False),
        (ASKS.replace(b"1.1\r", b"1.0\r"), False),  # RFC 9110, 7.8: of HTTP/1.0 it is ignored
        (ASKS.replace(b"keep-alive, Upgrade", b"UPGRADE\r\nConnection: keep-alive"), True),
        (GET, False),
    ],
)
def test_an_upgrade_is_an_option_of_the_connection(head, upgrades):
    parser = RequestParser(Limits())
    parser.feed(head)
    (request,) = parser.queue
    assert request.upgrades is request.again().upgrades is parser.held is upgrades


def test_a_client_may_ask_for_several_protocols():
    connection = Connection(Limits())
    connection.receive(ASKS.replace(b"line", b"h2c,  LINE , x"))
    request = connection.next_request()
    assert [asks_for(request, name) for name in ("Line", "h2c", "lin", "")] == [
        True,
        True,
        False,
        False,
    ]
    check_upgrade(request, "line")
    with pytest.raises(HTTPError, match="this place speaks other") as caught:
        check_upgrade(request, "other")
    assert (caught.value.status, caught.value.headers) == (426, {"upgrade": "other"})


def test_426_names_what_to_ask_for():
    connection = Connection(Limits())
    connection.receive(GET)
    connection.next_request()
    answer = connection.reply(Response("", 426, {"upgrade": "line"}), DATE)
    assert b"\r\nconnection: upgrade\r\nupgrade: line\r\n" in answer


# ---------------------------------------------------------------------- taking over


def test_a_client_that_went_on_in_http_is_not_taken_over():
    connection = Connection(Limits())
    connection.receive(GET + GET)
    connection.next_request()
    with pytest.raises(HTTPError, match="wait for an answer") as caught:
        connection.take_over()
    assert caught.value.status == 400
    connection.reply(Response("no"), DATE)
    assert connection.next_request().target == "/next"


def test_what_a_client_said_behind_its_last_request_is_lost_so_it_is_not_taken_over():
    connection = Connection(Limits())
    connection.receive(GET[:-2] + b"Connection: close\r\n\r\n" + NO_HTTP)
    connection.next_request()
    with pytest.raises(HTTPError, match="wait for an answer"):
        connection.take_over()


def test_a_connection_is_taken_over_once_and_only_before_its_answer():
    connection = Connection(Limits())
    with pytest.raises(RuntimeError, match="taken over already"):
        connection.take_over()
    connection.receive(GET + b"GET /beg")
    connection.next_request()
    assert connection.take_over() == b"GET /beg"
    with pytest.raises(RuntimeError, match="taken over already"):
        connection.take_over()
    answering = Connection(Limits())
    answering.receive(GET)
    answering.next_request()
    answering.reply(Response(iter(["a"])), DATE)
    with pytest.raises(RuntimeError, match="or its request answered"):
        answering.take_over()


def test_a_body_is_taken_whole_before_the_connection_is():
    connection = Connection(Limits(), streams=lambda request: True)
    connection.receive(WITH_BODY[:-1])
    request = connection.next_request()
    with pytest.raises(RuntimeError, match="take the whole body first"):
        connection.take_over()
    connection.receive(b"c" + NO_HTTP)
    assert request.incoming.take() == b"abc"
    assert connection.take_over() == NO_HTTP
