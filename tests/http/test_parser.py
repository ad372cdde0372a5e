"""What a client's bytes are understood as, however they are cut into pieces."""

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.parser import FRAME_BYTES, SLICE_BYTES, RequestParser
from asyncweb.http.wire import Limits

GET = b"GET /a HTTP/1.1\r\nHost: t\r\n\r\n"
HOST = b"Host: t\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
TAIL = b"GET /tail HTTP/1.1\r\nHost: t\r\n\r\n"
UPGRADE = b"Connection: upgrade\r\nUpgrade: websocket\r\n"
LONG = b"x" * 300


def post(length, body=b""):
    return b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (length, body)


def get(*fields):
    return b"GET / HTTP/1.1\r\n" + b"".join(field + b"\r\n" for field in fields) + b"\r\n"


def parser_of(*pieces, **limits):
    parser = RequestParser(Limits(**limits))
    for piece in pieces:
        parser.feed(piece)
    return parser


def seen(item):
    if isinstance(item, ProtocolError):
        return item.status
    return item.method, item.target, item.body, item.version, item.keep_alive


def pieces_of(data, way):
    match way:
        case "whole":
            return [data]
        case "byte by byte":
            return [data[at : at + 1] for at in range(len(data))]
        case _:
            return [data + TAIL]


def understood(data, way, **limits):
    return [seen(item) for item in parser_of(*pieces_of(data, way), **limits).queue]


TAIL_SEEN = ("GET", "/tail", b"", "1.1", True)
WAYS = pytest.mark.parametrize("way", ["whole", "byte by byte", "with a tail"])
VALID = {
    "plain": (GET, ("GET", "/a", b"", "1.1", True)),
    "empty lines before": (b"\r\n\r\n" + GET, ("GET", "/a", b"", "1.1", True)),
    "empty Host": (get(b"Host:"), ("GET", "/", b"", "1.1", True)),
    "query": (
        b"GET /a%20b?c=%7e HTTP/1.1\r\nHost: t:80\r\n\r\n",
        ("GET", "/a%20b?c=%7e", b"", "1.1", True),
    ),
    "absolute target": (
        b"GET http://h:80/x?y HTTP/1.1\r\n" + HOST + b"\r\n",
        ("GET", "/x?y", b"", "1.1", True),
    ),
    "star": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n", ("OPTIONS", "*", b"", "1.1", True)),
    "body": (post(5, b"he\r\no"), ("POST", "/", b"he\r\no", "1.1", True)),
    "no body": (post(0), ("POST", "/", b"", "1.1", True)),
    "chunks": (
        CHUNKED + b"2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\n\r\n",
        ("POST", "/", b"hello", "1.1", True),
    ),
    "chunks in capitals": (
        CHUNKED.replace(b"chunked", b"Chunked") + b"A\r\n0123456789\r\n0\r\n\r\n",
        ("POST", "/", b"0123456789", "1.1", True),
    ),
    "expectation": (
        b"POST / HTTP/1.1\r\nHost: t\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi",
        ("POST", "/", b"hi", "1.1", True),
    ),
    "HTTP/1.0 kept alive": (
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        ("GET", "/", b"", "1.0", True),
    ),
    "upgrade that is not asked for": (
        get(HOST[:-2], b"Upgrade: websocket"),
        ("GET", "/", b"", "1.1", True),
    ),
}
LAST = {
    "close": (get(HOST[:-2], b"Connection: close"), ("GET", "/", b"", "1.1", False)),
    "HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", ("GET", "/", b"", "1.0", False)),
    "upgrade": (get(HOST[:-2], UPGRADE[:-2]), ("GET", "/", b"", "1.1", False)),
}
REFUSED = {
    "no Host": (400, get(), {}),
    "two Hosts": (400, get(b"Host: t", b"Host: t"), {}),
    "two Hosts of HTTP/1.0": (400, b"GET / HTTP/1.0\r\n" + HOST * 2 + b"\r\n", {}),
    "Host with a space": (400, get(b"Host: a b"), {}),
    "Host with a path": (400, get(b"Host: a/b"), {}),
    "space before the colon": (400, get(b"Host : t"), {}),
    "folded header": (400, get(b"Host: t", b"A: b", b" c"), {}),
    "NUL in a header": (400, get(b"Host: t", b"A: \x00"), {}),
    "fragment": (400, b"GET /#a HTTP/1.1\r\nHost: t\r\n\r\n", {}),
    "star of GET": (400, b"GET * HTTP/1.1\r\nHost: t\r\n\r\n", {}),
    "HTTP/0.9": (400, b"GET /\r\n\r\n", {}),
    "garbage": (400, b"GARBAGE\r\n\r\n", {}),
    "TLS": (400, b"\x16\x03\x01\x02\x00\n", {}),
    "endless garbage": (400, b"\x00" * 300, {"target_bytes": 100}),
    "length and encoding": (400, post(3)[:-2] + b"Transfer-Encoding: chunked\r\n\r\nabc", {}),
    "encoding and length": (400, CHUNKED[:-2] + b"Content-Length: 3\r\n\r\nabc", {}),
    "two lengths": (400, post(3)[:-2] + b"Content-Length: 3\r\n\r\nabc", {}),
    "length with a sign": (400, post(3, b"abc").replace(b": 3", b": +3"), {}),
    "encoded twice": (400, CHUNKED[:-2] + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {}),
    "chunks of HTTP/1.0": (400, CHUNKED.replace(b"1.1", b"1.0") + b"0\r\n\r\n", {}),
    "wrong size of a chunk": (400, CHUNKED + b"x\r\n", {}),
    "declared body": (413, post(5), {"body_bytes": 4}),
    "body of chunks": (413, CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n", {"body_bytes": 4}),
    "target": (414, b"GET /" + LONG + b" HTTP/1.1\r\n" + HOST, {"target_bytes": 100}),
    "expectation": (417, get(b"Host: t", b"Content-Length: 2", b"Expect: tea"), {}),
    "head": (431, get(b"Host: t", b"A: " + LONG), {"head_bytes": 300}),
    "number of headers": (431, get(b"Host: t", b"A: b", b"A: b"), {"header_count": 2}),
    "trailers": (431, CHUNKED + b"0\r\nA: " + LONG + b"\r\n\r\n", {"head_bytes": 200}),
    "number of trailers": (
        431,
        CHUNKED + b"0\r\n" + b"A: b\r\n" * 3 + b"\r\n",
        {"header_count": 2},
    ),
    "unknown method": (501, b"BREW / HTTP/1.1\r\nHost: t\r\n\r\n", {}),
    "method in small letters": (501, b"get / HTTP/1.1\r\nHost: t\r\n\r\n", {}),
    "CONNECT": (501, b"CONNECT t:443 HTTP/1.1\r\nHost: t:443\r\n\r\n", {}),
    "upgrade with a body": (501, post(2)[:-2] + UPGRADE + b"\r\nhi", {}),
    "unknown encoding": (501, CHUNKED.replace(b"chunked", b"gzip, chunked"), {}),
    "HTTP/2.0": (505, b"GET / HTTP/2.0\r\nHost: t\r\n\r\n", {}),
    "unknown method of HTTP/2.0": (505, b"BREW / HTTP/2.0\r\nHost: t\r\n\r\n", {}),
}


@WAYS
@pytest.mark.parametrize("name", VALID)
def test_a_valid_request_is_understood_however_it_comes(name, way):
    data, expected = VALID[name]
    tail = [TAIL_SEEN] if way == "with a tail" else []
    assert understood(data, way) == [expected, *tail]


@pytest.mark.parametrize("way", ["whole", "byte by byte"])
@pytest.mark.parametrize("name", LAST)
def test_a_request_that_is_the_last_does_not_keep_the_connection(name, way):
    data, expected = LAST[name]
    assert understood(data, way) == [expected]


@pytest.mark.parametrize("name", ["close", "HTTP/1.0"])
def test_a_request_after_the_last_one_is_400(name):
    data, expected = LAST[name]
    assert understood(data, "with a tail") == [expected, 400]


def test_what_follows_an_upgrade_is_not_read():
    parser = parser_of(LAST["upgrade"][0] + TAIL, TAIL)
    assert [seen(item) for item in parser.queue] == [LAST["upgrade"][1]]
    assert not parser.full


@WAYS
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_believed_is_refused_once_however_it_comes(name, way):
    status, data, limits = REFUSED[name]
    assert understood(data, way, **limits) == [status]


@pytest.mark.parametrize("name", ["declared body", "unknown method", "two lengths"])
def test_nothing_after_a_refusal_is_read(name):
    status, data, limits = REFUSED[name]
    parser = parser_of(GET, data, TAIL, TAIL * 1000, **limits)
    assert [seen(item) for item in parser.queue] == [VALID["plain"][1], status]
    assert parser.unparsed == b""


def test_what_is_exactly_as_large_as_its_limit_is_accepted():
    head = len(b"/aHostt") + 4
    assert understood(GET, "whole", target_bytes=2, head_bytes=head, header_count=1) == [
        VALID["plain"][1]
    ]
    assert understood(GET, "whole", target_bytes=1) == [414]
    assert understood(GET, "whole", head_bytes=head - 1) == [431]
    assert understood(post(4, b"body"), "whole", body_bytes=4)[0][2] == b"body"


def test_the_head_of_a_request_is_measured_without_those_before_it():
    parser = parser_of(GET, GET.replace(b"/a", b"/b"), GET, head_bytes=12)
    assert [item.target for item in parser.queue] == ["/a", "/b", "/a"]


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nA: ", CHUNKED + b"0\r\nA: ", CHUNKED])
def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory(start):
    line = b"0" * 1000
    parser = parser_of(start, head_bytes=200)
    fed = 0
    while not parser.queue:
        parser.feed(line)
        fed += len(line)
    assert [seen(item) for item in parser.queue] == [431]
    assert fed <= 2 * 200 + SLICE_BYTES + len(line)


def test_a_body_in_tiny_chunks_is_no_head():
    count = (2 * 200 + SLICE_BYTES) // FRAME_BYTES * 5
    parser = parser_of(CHUNKED, head_bytes=200)
    for _ in range(count):
        parser.feed(b"1;ab=cd\r\nx\r\n")
    parser.feed(b"0\r\n\r\n")
    assert [item.body for item in parser.queue] == [b"x" * count]


def test_trailers_are_dropped():
    parser = parser_of(CHUNKED + b"1\r\nx\r\n0\r\nHost: evil\r\nX-Trailer: 1\r\n\r\n")
    (request,) = parser.queue
    assert list(request.headers.fields()) == [("host", "t"), ("transfer-encoding", "chunked")]


def test_the_stage_says_how_far_the_message_has_come():
    parser = parser_of()
    stages = [parser.stage]
    for piece in (b"P", post(4)[1:-1], b"\n", b"bod", b"y"):
        parser.feed(piece)
        stages.append((parser.stage, parser.body_bytes))
    assert stages == ["nothing", ("head", 0), ("head", 0), ("body", 0), ("body", 3), ("nothing", 4)]


def test_a_method_in_doubt_is_a_head_that_has_not_come_whole():
    parser = parser_of(b"BR", b"EW / HTTP/1.1")
    assert (parser.stage, parser.queue) == ("head", [])
    parser.feed(b"\r\n")
    assert [seen(item) for item in parser.queue] == [501]


@pytest.mark.parametrize(
    ("head", "expects"),
    [
        (post(2)[:-2] + b"Expect: 100-continue\r\n\r\n", True),
        (CHUNKED[:-2] + b"Expect: 100-continue\r\n\r\n", True),
        (post(2), False),
        (post(0)[:-2] + b"Expect: 100-continue\r\n\r\n", False),
        (post(2).replace(b"1.1", b"1.0")[:-2] + b"Expect: 100-continue\r\n\r\n", False),
    ],
)
def test_a_client_of_http_1_1_may_hold_back_a_body_it_has(head, expects):
    assert parser_of(head).expects_continue is expects


def test_the_expectation_of_one_request_is_not_that_of_the_next():
    expecting = CHUNKED[:-2] + b"Expect: 100-continue\r\n\r\n0\r\n\r\n"
    assert not parser_of(expecting, post(2)).expects_continue
