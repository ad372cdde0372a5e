"""Answers that never end: they time out, and what came of them is not kept."""

import os
import socket
import threading

import psutil
import pytest

from asyncweb.loadtest.answers import LONGEST_HEAD_BYTES, Answers, Heads, NoAnswer
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.websocket import ACCEPTED

pytestmark = pytest.mark.slow  # processes are started, and loads run for a while

PIECE = 64 * 1024
BEGUN = b"HTTP/1.1 200 OK\r\n"
CHUNKED = BEGUN + b"transfer-encoding: chunked\r\n\r\n"
SWITCHING = b"HTTP/1.1 101 Yes\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
AGREED = SWITCHING + b"sec-websocket-accept: %b\r\n\r\n" % ACCEPTED
ENDLESS = {
    "of a length": (BEGUN + b"content-length: 9999999999999\r\n\r\n", b"x" * PIECE),
    "unframed": (BEGUN + b"\r\n", b"x" * PIECE),
    "chunked": (CHUNKED, b"%x\r\n%b\r\n" % (PIECE, b"x" * PIECE)),
    "one chunk": (CHUNKED + b"fffffffffff\r\n", b"x" * PIECE),
    "interim": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000),
    "message": (AGREED + b"\x82\x7f\x3f" + b"\xff" * 7, b"x" * PIECE),
    "fragments": (AGREED + b"\x02\x00", (b"\x00\x7e\xff\xff" + b"x" * 0xFFFF)),
}
MEGABYTES = 1024 * 1024


@pytest.fixture
def pour():
    """A server that begins an answer, and pours pieces after it until its client leaves."""
    listener = socket.create_server(("127.0.0.1", 0))

    def pour_into(connection, begin, piece):
        with connection:
            try:
                connection.recv(4096)
                connection.sendall(begin)
                while True:
                    connection.sendall(piece)
            except OSError:
                return

    def start(begin, piece):
        def accept():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                arguments = (connection, begin, piece)
                threading.Thread(target=pour_into, args=arguments, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    listener.close()


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_an_end_times_out_and_is_not_kept(here, pour, kind):
    place = pour(*ENDLESS[kind])
    scheme = "ws" if ENDLESS[kind][0].startswith(AGREED) else "http"
    resident = psutil.Process(os.getpid()).memory_info
    before = resident().rss
    result = here.run(Plan(f"{scheme}://{place}", connections=1, requests=2, timeout_s=0.3))
    assert (result.requests, result.errors) == (0, {"timeout": 2})
    assert resident().rss - before < 16 * MEGABYTES
    assert result.received_bytes > 32 * MEGABYTES or kind == "interim"


@pytest.mark.parametrize(
    "begin",
    [
        BEGUN + b"x-long: ",
        CHUNKED + b"2\r\nhi\r\n0\r\nx-long: ",
        CHUNKED + b"0\r\n\r\n" + BEGUN + b"x-long: ",
        CHUNKED + b"0\r\n\r\n" + BEGUN + b"x-lo",
    ],
    ids=["head", "trailer", "next head", "next name"],
)
def test_a_field_without_an_end_is_refused(begin):
    answers = Answers(Heads())
    list(answers.feed(begin))
    with pytest.raises(NoAnswer):
        for _ in range(LONGEST_HEAD_BYTES // PIECE + 3):
            list(answers.feed(b"x" * PIECE))
