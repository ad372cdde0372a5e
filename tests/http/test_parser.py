"""What a client's bytes are understood as, however they are cut into pieces."""

import itertools
import tracemalloc

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.body import ALONE_BYTES, GATHERED_BYTES, Gathered
from asyncweb.http.limits import Limits
from asyncweb.http.parser import RequestParser

GET = b"GET /a HTTP/1.1\r\nHost: t\r\n\r\n"
HOST = b"Host: t\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
TAIL = b"GET /tail HTTP/1.1\r\nHost: t\r\n\r\n"
UPGRADE = b"Connection: upgrade\r\nUpgrade: websocket\r\n"
LONG = b"x" * 300


def post(length, body=b""):
    return b"POST / HTTP/1.1\r\nHost: t\r\nContent-Length: %d\r\n\r\n%b" % (length, body)


def parser_of(*pieces, **limits):
    parser = RequestParser(Limits(**limits))
    for piece in pieces:
        parser.feed(piece)
    return parser


def seen(item):
    if isinstance(item, ProtocolError):
        return item.status
    return item.method, item.target, item.body, item.version, item.keep_alive


@pytest.mark.parametrize("start", [b"GET / HTTP/1.1\r\nA: ", CHUNKED + b"0\r\nA: "])
def test_a_line_that_never_ends_is_refused_before_it_fills_the_memory(start):
    parser = parser_of(start, head_bytes=200)
    fed = 0
    while not parser.queue:
        parser.feed(b"0")
        fed += 1
    assert [seen(item) for item in parser.queue] == [431]
    assert fed <= 200


def test_a_body_in_tiny_chunks_is_no_head():
    parser = parser_of(CHUNKED, head_bytes=200)
    for _ in range(1000):
        parser.feed(b"1;ab=cd\r\nx\r\n")
    parser.feed(b"0\r\n\r\n")
    assert [item.body for item in parser.queue] == [b"x" * 1000]


@pytest.mark.parametrize("streams", [False, True])
def test_a_body_in_tiny_chunks_takes_hardly_more_memory_than_its_bytes(streams):
    parser = RequestParser(Limits(), lambda request: streams)
    parser.feed(CHUNKED)
    chunks = b"2\r\nhi\r\n" * 5_000
    tracemalloc.start()
    try:
        parser.feed(chunks)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parser.body_bytes == 10_000
    assert taken < 2 * 10_000


@pytest.mark.parametrize("sizes", [(1, 5_000), (4_096, 1), (1, 1, 1, 70_000)])
def test_a_body_in_pieces_small_and_large_is_the_one_that_was_sent(sizes):
    body = bytes(range(256)) * 2_000
    parser = parser_of(post(len(body)))
    ends = itertools.takewhile(len(body).__gt__, itertools.accumulate(itertools.cycle(sizes)))
    for start, end in itertools.pairwise([0, *ends, len(body)]):
        parser.feed(body[start:end])
    assert [item.body for item in parser.queue] == [body]


def test_a_body_that_grows_by_little_is_not_moved_as_a_whole():
    body = Gathered()
    for _ in range(1_000):
        body.put(b"x" * 1_000)
    assert max(map(len, body._pieces)) <= GATHERED_BYTES + ALONE_BYTES


def test_of_a_body_that_is_refused_nothing_is_kept():
    tracemalloc.start()
    try:
        parser = parser_of(CHUNKED, body_bytes=10**6)
        for _ in range(40):
            parser.feed(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [seen(item) for item in parser.queue] == [413]
    assert held < 0x8000


def test_of_a_body_whose_client_is_gone_nothing_is_kept():
    tracemalloc.start()
    try:
        parser = parser_of(GET, post(10**6), b"x" * 800_000)
        parser.close()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 0x8000


def test_a_body_that_comes_in_one_piece_is_not_copied():
    piece = b"x" * 1_000
    parser = parser_of(post(len(piece)), piece)
    assert parser.queue[0].body is piece


def test_trailers_are_dropped():
    parser = parser_of(CHUNKED + b"1\r\nx\r\n0\r\nConnection: close\r\nX-Trailer: 1\r\n\r\n")
    (request,) = parser.queue
    assert list(request.headers.fields()) == [("host", "t"), ("transfer-encoding", "chunked")]


def test_a_length_may_begin_with_more_zeros_than_int_takes():
    many = post(2, b"hi").replace(b" 2", b" " + b"0" * 5000 + b"2")
    assert parser_of(many).queue[0].body == b"hi"
    assert parser_of(many.replace(b"02\r", b"00\r")).queue[0].body == b""


@pytest.mark.parametrize(
    "data", [GET[:-2] + b"A : b\r\nB: c\nD: e\r\n\r\n", GET[:-2] + b"\n\r\n\r\n"]
)
def test_a_bare_line_end_is_told_in_the_same_words_however_it_is_cut(data):
    told = {str(parser_of(data[:cut], data[cut:]).queue[0]) for cut in range(len(data))}
    assert told == {"malformed request: a line ends with CR and LF, never with one alone"}


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\r\n\r\n", b"\r", b"\n", b"\r\n" * 3])
def test_a_refused_head_is_known_as_one_however_it_is_cut(before):
    data = before + b"HEAD /\x00"
    told = {parser_of(data[:cut], data[cut:]).queue[0].to_head for cut in range(len(data))}
    assert told == {before in (b"", b"\r\n", b"\r\n\r\n")}


def test_an_empty_line_before_a_request_is_no_part_of_one():
    parser = parser_of(b"\r")
    assert parser.stage == "head"
    parser.feed(b"\n")
    assert (parser.stage, parser.at_rest) == ("nothing", True)


def test_the_stage_says_how_far_the_message_has_come():
    parser = parser_of()
    stages = [parser.stage]
    for piece in (b"P", post(4)[1:-1], b"\n", b"bod", b"y"):
        parser.feed(piece)
        stages.append((parser.stage, parser.body_bytes))
    assert stages == ["nothing", ("head", 0), ("head", 0), ("body", 0), ("body", 3), ("nothing", 4)]


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
