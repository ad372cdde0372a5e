"""Handshakes and frames from a client that keeps no rule (RFC 6455), on every server.

Each is answered with the close code that is due, or with the status before the upgrade; whatever
a client sends, the handler's errors stay empty and the connection goes.
"""

import itertools
import zlib

import pytest

from asyncweb import App, Limits
from tests.conftest import PATIENCE_S, eventually
from tests.websocket_peer import (
    ACCEPT,
    BINARY,
    CLOSE,
    CONTINUATION,
    FIN,
    KEY,
    PING,
    PONG,
    RSV1,
    RSV2,
    RSV3,
    TEXT,
    WebSocketPeer,
    closing,
    frame,
    handshake,
)

DEFLATE = "permessage-deflate; client_max_window_bits"
HI = frame(TEXT, b"hi")
PART = frame(TEXT, b"h", bits=0)


@pytest.fixture
def server(serve):
    app = App()

    @app.websocket("/")
    async def echo(ws):
        async for message in ws:
            await ws.send(message)

    @app.websocket("/mine", origins=["https://mine.example", "null"])
    async def mine(ws):
        """Says nothing."""

    @app.websocket("/all", origins=["*"])
    async def everyone(ws):
        """Says nothing."""

    return serve(app, limits=Limits(message_bytes=1000, frame_bytes=600))


@pytest.fixture
def client(server):
    peers = []

    def connect(path="/", **changes):
        peers.append(WebSocketPeer(server.port).open(path, **changes))
        return peers[-1]

    yield connect
    for one in peers:
        one.leave()
    eventually(lambda: server.stats()["connections"] == 0)
    assert not server.errors


# ---------------------------------------------------------------------- the handshake


def test_the_answer_to_the_handshake_is_that_of_the_standard(client):
    said = client().said
    assert said.headers["sec-websocket-accept"] == ACCEPT
    assert (said.headers["connection"], said.headers["upgrade"]) == ("upgrade", "websocket")
    assert "sec-websocket-extensions" not in said.headers


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"upgrade": "WebSocket"}, 101),
        ({"connection": "keep-alive, UPGRADE"}, 101),
        ({"upgrade": None}, 426),
        ({"upgrade": "h2c"}, 426),
        ({"connection": None}, 426),
        ({"connection": "keep-alive"}, 426),
        ({"sec_websocket_version": None}, 426),
        ({"sec_websocket_version": "8"}, 426),
        ({"sec_websocket_version": "13, 8"}, 426),
        ({"sec_websocket_key": None}, 400),
        ({"sec_websocket_key": ""}, 400),
        ({"sec_websocket_key": "short"}, 400),
        ({"sec_websocket_key": KEY[:-4]}, 400),
        ({"sec_websocket_key": f"{KEY}, {KEY}"}, 400),
        ({"sec_websocket_key": f"{KEY}\r\nsec-websocket-key: {KEY}"}, 400),
        ({"sec_websocket_key": "é" * 12}, 400),
        ({"sec_websocket_extensions": "permessage-deflate; ="}, 400),
        ({"sec_websocket_extensions": ";"}, 400),
        ({"sec_websocket_extensions": "unknown; a=b"}, 101),
        ({"sec_websocket_protocol": "a b"}, 400),
        ({"host": None}, 400),
        ({"origin": "http://test"}, 101),
        ({"origin": "HTTP://TEST:80"}, 101),
        ({"origin": "https://test:443"}, 101),
        ({"origin": "http://test:443"}, 403),
        ({"origin": "http://other"}, 403),
        ({"origin": "http://test.evil.example"}, 403),
        ({"origin": "http://eviltest"}, 403),
        ({"origin": "http://test@evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "test"}, 403),
        ({"origin": "file://test"}, 403),
        ({"origin": "http://test, http://other"}, 403),
        ({"host": "test:8000", "origin": "http://test:8000"}, 101),
        ({"host": "test:8000", "origin": "http://test"}, 403),
    ],
)
def test_each_handshake_has_its_status(server, peer, changes, status):
    sent = peer(server).send(handshake(**changes))
    answer = sent.answer(has_body=status != 101)
    assert answer.status == status, answer
    if status == 426:
        assert answer.headers["upgrade"] == "websocket"
        assert answer.headers["sec-websocket-version"] == "13"
    assert not server.errors


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        ("/mine", "https://mine.example", 101),
        ("/mine", "https://MINE.example", 101),
        ("/mine", "null", 101),
        ("/mine", "http://mine.example", 403),
        ("/mine", "https://test", 403),
        ("/mine", None, 101),  # no browser: it could send any origin
        ("/all", "https://anybody.example", 101),
    ],
)
def test_a_route_says_which_pages_may_connect(server, peer, path, origin, status):
    answer = peer(server).send(handshake(path, origin=origin)).answer(has_body=status != 101)
    assert answer.status == status


def test_a_refused_handshake_leaves_the_connection_to_http(server, peer):
    client = peer(server).send(handshake(origin="http://other") + handshake("/nothing"))
    assert [client.answer().status, client.answer().status] == [403, 404]


def test_frames_may_come_with_the_handshake(server, peer):
    client = peer(server).send(handshake() + HI + closing(1000))
    assert client.answer(has_body=False).status == 101
    assert client.rest() == frame(TEXT, b"hi", masked=False) + b"\x88\x02\x03\xe8"


# ---------------------------------------------------------------------- frames


IN_PIECES = PART + frame(PING, b"x") + frame(CONTINUATION, bits=0) + frame(CONTINUATION, b"i" * 130)


def test_frames_mean_the_same_however_they_are_cut(client):
    data = HI + IN_PIECES + closing(1000)
    due = [(TEXT, b"hi"), (PONG, b"x"), (TEXT, b"h" + b"i" * 130), (CLOSE, b"\x03\xe8")]
    cuts = [[data[:cut], data[cut:]] for cut in range(1, len(HI + IN_PIECES) - 120)]
    for pieces in [[data], [data[at : at + 1] for at in range(len(data))], *cuts]:
        one = client()
        for piece in pieces:
            one.send(piece)
        heard = [one.hear() for _ in due]
        assert sorted((each.opcode, each.data) for each in heard) == sorted(due), pieces
        assert heard[-1].opcode == CLOSE
        one.leave()


WRONG = {
    "no mask": frame(TEXT, b"hi", masked=False),
    "the first reserved bit": frame(TEXT, b"hi", bits=FIN | RSV1),
    "the second": frame(TEXT, b"hi", bits=FIN | RSV2),
    "the third": frame(TEXT, b"hi", bits=FIN | RSV3),
    "a reserved bit of a ping": frame(PING, bits=FIN | RSV1),
    **{f"opcode {opcode}": frame(opcode, b"x") for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a ping in fragments": frame(PING, b"x", bits=0),
    "a close in fragments": frame(CLOSE, bits=0),
    "a long ping": frame(PING, b"x" * 126),
    "a long pong": frame(PONG, b"x" * 126),
    "a long close": closing(1000, b"x" * 124),
    "a continuation of nothing": frame(CONTINUATION, b"x"),
    "a message in the middle of one": PART + HI,
    "a close in the middle of a message": PART + closing(1000),
    "half a close code": frame(CLOSE, b"\x03"),
    **{
        f"close code {code}": closing(code)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    },
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG.keys())
def test_what_breaks_the_protocol_is_closed_with_1002(client, data):
    assert client().send(data).hear_close() == 1002


def test_what_came_before_the_breach_is_answered(client):
    one = client().send(HI + HI + frame(3))
    assert [one.hear().data, one.hear().data] == [b"hi", b"hi"]
    assert one.hear_close() == 1002


NOT_UTF8 = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"ok \x80"]


@pytest.mark.parametrize("data", NOT_UTF8)
def test_text_that_is_not_utf_8_is_closed_with_1007(client, data):
    assert client().send(frame(TEXT, data)).hear_close() == 1007
    fragments = [frame(TEXT, data[:1], bits=0), frame(CONTINUATION, data[1:])]
    assert client().send(b"".join(fragments)).hear_close() == 1007
    assert client().send(frame(BINARY, data)).hear().data == data
    assert client().send(closing(1000, data)).hear_close() == 1007


@pytest.mark.parametrize("behind", [HI, closing(1000), frame(3)], ids=bytes.hex)
def test_nothing_behind_text_that_is_not_utf_8_counts(client, behind):
    assert client().send(frame(TEXT, b"\xff") + behind).hear_close() == 1007


def test_a_character_may_be_cut_by_fragments(client):
    data = "aé€😀".encode()
    for cut in range(1, len(data)):
        one = client().send(frame(TEXT, data[:cut], bits=0) + frame(CONTINUATION, data[cut:]))
        assert one.hear().data == data
        one.leave()


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999])
def test_a_close_is_answered_with_its_own_code(client, code):
    assert client().send(closing(code, "é".encode())).hear_close() == code


def test_a_close_without_a_code_is_answered_without_one(client):
    one = client().send(closing())
    assert (one.hear().data, one.rest()) == (b"", b"")


def test_nothing_after_a_close_is_read(client):
    assert client().send(closing(1000) + HI + frame(3) + closing(1002)).hear_close() == 1000


@pytest.mark.parametrize("size", [0, 1, 125])
def test_a_ping_is_answered_with_its_own_data(client, size):
    one = client().send(frame(PING, b"x" * size) + frame(PONG, b"unasked") + HI)
    heard = one.hear()
    assert (heard.opcode, heard.data) == (PONG, b"x" * size)
    assert one.hear().data == b"hi"


# ---------------------------------------------------------------------- sizes

TOO_BIG = {
    "a frame": frame(TEXT, b"x" * 601),
    "a frame that is only announced": frame(TEXT, said=601),
    "a frame beyond all memory": frame(TEXT, said=2**63 - 1),
    "a frame with the highest bit": frame(TEXT, said=2**64 - 1),
    "a message": frame(TEXT, b"x" * 500, bits=0) + frame(CONTINUATION, b"x" * 501),
    "a message in many fragments": PART + frame(CONTINUATION, b"x", bits=0) * 1000,
}


@pytest.mark.parametrize("data", TOO_BIG.values(), ids=TOO_BIG.keys())
def test_what_is_too_big_is_closed_with_1009(client, data):
    assert client().send(data).hear_close() == 1009


def test_what_is_just_as_big_as_it_may_be_is_taken(client):
    one = client().send(frame(TEXT, b"x" * 600))
    assert len(one.hear().data) == 600
    one.send(frame(TEXT, b"x" * 600, bits=0) + frame(CONTINUATION, b"x" * 400))
    assert len(one.hear().data) == 1000


def test_fragments_of_nothing_take_no_memory(client):
    one = client().send(PART)
    for _ in range(20):
        one.send(frame(CONTINUATION, bits=0) * 1000)
    assert one.send(frame(CONTINUATION, b"i")).hear().data == b"hi"


# ---------------------------------------------------------------------- compression


def deflated(data):
    packer = zlib.compressobj(wbits=-12)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)


def compressed(data, bits=FIN | RSV1, opcode=TEXT):
    whole = deflated(data)
    return frame(opcode, whole[:-4] if bits & FIN else whole, bits=bits)


@pytest.fixture
def deflating(client):
    return lambda: client(sec_websocket_extensions=DEFLATE)


def test_compression_is_agreed_on_without_a_history(deflating):
    agreed = deflating().said.headers["sec-websocket-extensions"]
    assert agreed.startswith("permessage-deflate")
    assert {"server_no_context_takeover", "client_no_context_takeover"} < set(agreed.split("; "))


def test_what_is_compressed_comes_back_compressed_if_it_is_long(deflating):
    one = deflating().send(compressed(b"hi") + compressed(b"x" * 500) + HI)
    assert one.hear().data == b"hi"
    long = one.hear()
    assert long.bits == FIN | RSV1 and len(long.data) < 100
    assert zlib.decompressobj(wbits=-12).decompress(long.data + b"\x00\x00\xff\xff") == b"x" * 500
    assert one.hear().data == b"hi"


def test_a_compressed_message_may_come_in_fragments_between_pings(deflating):
    data = deflated(b"x" * 200)[:-4]
    for cut in range(1, len(data)):
        one = deflating().send(frame(TEXT, data[:cut], bits=RSV1) + frame(PING))
        one.send(frame(CONTINUATION, data[cut:]))
        assert (one.hear().opcode, one.hear().bits) == (PONG, FIN | RSV1)
        one.leave()


WRONG_COMPRESSION = {
    "not compressed at all": (frame(TEXT, b"\xff\xff\xff", bits=FIN | RSV1), 1002),
    "a continuation that says so": (
        compressed(b"x" * 9, bits=RSV1) + frame(CONTINUATION, b"", bits=FIN | RSV1), 1002),
    "a ping": (compressed(b"x", opcode=PING), 1002),
    "not UTF-8": (compressed(b"\xff"), 1007),
    "a bomb": (compressed(b"x" * 10_000_000), 1009),
    "a bomb in two fragments": (
        compressed(b"x" * 600, bits=RSV1) + frame(CONTINUATION, deflated(b"x" * 600)[:-4]), 1009),
    "just too big": (compressed(b"x" * 601), 1009),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), WRONG_COMPRESSION.values(), ids=WRONG_COMPRESSION.keys())
def test_wrong_compression_has_its_code(deflating, data, code):
    one = deflating().send(data)
    heard = one.hear()
    while heard.opcode != CLOSE:
        heard = one.hear()
    assert heard.code == code


# ---------------------------------------------------------------------- who is in no hurry


def test_pings_without_end_from_a_client_that_does_not_read_take_no_memory(client, server):
    one = client()
    one.socket.setblocking(False)
    pings, sent = frame(PING, b"x" * 125) * 500, 0
    try:
        while sent < 100_000_000:
            sent += one.socket.send(pings)
    except BlockingIOError:
        pass  # the server reads no more
    assert sent < 100_000_000
    one.socket.settimeout(PATIENCE_S)


def test_a_client_that_answers_no_ping_is_cut_off(serve, fast_sweeps):
    app, ends = App(), []

    @app.websocket("/")
    async def listen(ws):
        try:
            async for _ in ws:
                pass
        finally:
            ends.append(ws.close_code)

    server = serve(app, limits=Limits(ping_s=0.02, pong_s=0.02))
    one = WebSocketPeer(server.port).open()
    assert one.hear().opcode == PING
    eventually(lambda: ends == [1006])
    one.leave()


def test_random_bytes_are_closed_and_nothing_breaks(client, server):
    import random

    chance = random.Random(7)
    for _ in range(50):
        one = client(sec_websocket_extensions=DEFLATE)
        junk = bytes(itertools.islice(iter(lambda: chance.randrange(256), None), 40))
        one.send(junk).says_no_more()
        one.rest()
