"""Asked without a proxy: what the RFCs forbid is refused, and a refusal keeps to them itself."""

import pytest

from asyncweb import App
from tests.outside.raw import statuses, talk

pytestmark = pytest.mark.slow

HOST = b"Host: judge\r\n"
CHUNKED = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
PLAIN = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture
def app():
    app = App()

    @app.route("/", ("GET", "POST", "PUT"))
    def home(ctx):
        return f"<{ctx.headers.get('host')}>"

    return app


@pytest.fixture
def ask(app, engine, serve_outside):
    """What the server says to some bytes, until it closes."""
    server = serve_outside(app, engine)
    return lambda *pieces: talk(server.port, pieces, says_no_more=True)[1]


MALFORMED = {  # RFC 9112 where nothing else is said
    "3: two spaces before the version": b"GET /  HTTP/1.1\r\n" + HOST + b"\r\n",
    "3: a tab before the version": b"GET /\tHTTP/1.1\r\n" + HOST + b"\r\n",
    "2.2: a bare CR before the request": b"\r" + PLAIN,
    "2.2: a bare CR in a value": PLAIN[:-2] + b"X: a\rb\r\n\r\n",
    "2.2: white space before the first field": PLAIN[:16] + b" X: y\r\n" + PLAIN[16:],
    "3.2: a control character in the target": b"GET /\x01 HTTP/1.1\r\n" + HOST + b"\r\n",
    "3.2: RFC 3986 knows no such percent-encoding": b"GET /%zz HTTP/1.1\r\n" + HOST + b"\r\n",
    "5.1: white space before the colon": PLAIN[:-2] + b"X : y\r\n\r\n",
    "5.2: a folded line": PLAIN[:-2] + b"X: y\r\n z\r\n\r\n",
    "7.1.1: an extension without a name": CHUNKED + b"5;=\r\nhello\r\n0\r\n\r\n",
    "7.1: no CRLF after the data": CHUNKED + b"5\r\nhelloXX0\r\n\r\n",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_what_the_grammar_does_not_know_is_refused(ask, data):
    assert statuses(ask(data)) == [400]


REFUSED_HEADS = {
    "expectation": b"HEAD / HTTP/1.1\r\n" + HOST + b"Expect: x\r\n\r\n",
    "no host": b"HEAD / HTTP/1.1\r\n\r\n",
    "too long": b"HEAD /" + b"x" * 20_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "encoding": b"HEAD / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: gzip\r\n\r\n",
    "too many": b"HEAD / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("data", REFUSED_HEADS.values(), ids=REFUSED_HEADS)
def test_a_head_that_is_refused_is_told_no_content(ask, data):
    said = ask(data)  # RFC 9110, 9.3.2: a body here would be taken for the next answer
    assert statuses(said)[0] >= 400
    assert said.endswith(b"\r\n\r\n")


def test_an_absolute_target_takes_the_place_of_host(ask):
    said = ask(b"GET http://other/ HTTP/1.1\r\n" + HOST + b"\r\n")
    assert said.endswith(b"<other>"), "RFC 9112, 3.2.2: the Host field is ignored then"


@pytest.mark.parametrize("trailer", [b"Connection: close", b"Upgrade: h2c", b"Expect: x", b"X: y"])
def test_a_trailer_changes_nothing(ask, trailer):
    said = ask(CHUNKED + b"5\r\nhello\r\n0\r\n" + trailer + b"\r\n\r\n" + PLAIN)
    assert statuses(said) == [200, 200], "RFC 9110, 6.5.1: a trailer is no header"
    assert said.count(b"<judge>") == 2


@pytest.mark.parametrize("size", [b"80000000", b"100000005", b"7fffffffffffffff"])
def test_a_chunk_that_says_it_is_too_large_is_refused_before_it_comes(ask, size):
    assert statuses(ask(CHUNKED + size + b"\r\nhello")) == [413]


def test_what_no_line_begins_is_400_after_a_request_too(ask):
    assert statuses(ask(PLAIN + b"hello\r\n" + PLAIN)) == [200, 400]


def test_http_2_outright_is_refused_in_words_of_ours(ask):
    said = ask(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    assert statuses(said) in ([400], [505])
    assert b"Pause" not in said  # how the parser in use calls it is no news for a client


def test_a_post_that_offers_an_upgrade_is_answered_all_the_same(ask):
    offer = b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello"
    said = ask(b"POST / HTTP/1.1\r\n" + HOST + offer)
    assert statuses(said) == [200], "RFC 9110, 7.8: Upgrade may be ignored; curl --http2 -d does it"
