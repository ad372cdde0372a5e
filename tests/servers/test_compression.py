"""Answers made smaller for those who ask, on every server."""

import gzip
import sys
import threading
import zlib
from functools import partial

import brotli
import pytest

from asyncweb import App, Response
from asyncweb.encoding import available
from asyncweb.http.file import FileBody
from tests.conftest import PATIENCE_S, THREADED, eventually

try:
    from compression import zstd
except ImportError:
    from backports import zstd

DECODE = {
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}
TEXT = "the same again, " * 100
LARGE = TEXT * 400
ALL = "gzip, deflate, br, zstd"


def app_of(**answers):
    app = App()
    app.compress()
    for name, answer in answers.items():
        app.get(f"/{name}")(partial(give, answer))
    return app


def give(answer, ctx):
    return answer() if callable(answer) else answer


def ask(client, path, accepted=ALL, method="GET", more=""):
    lines = f"{method} {path} HTTP/1.1\r\nHost: t\r\nAccept-Encoding: {accepted}\r\n{more}\r\n"
    return client.send(lines.encode()).answer(has_body=method == "GET")


def decoded(answer):
    return DECODE[answer.headers["content-encoding"]](answer.body)


@pytest.mark.parametrize("coding", DECODE)
def test_each_coding_is_spoken_whole_large_and_in_pieces(serve, peer, coding):
    server = serve(app_of(text=TEXT, large=LARGE, pieces=lambda: iter([TEXT, "", "end"])))
    client = peer(server)
    for path, content in (("/text", TEXT), ("/large", LARGE), ("/pieces", TEXT + "end")):
        answer = ask(client, path, coding)
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert decoded(answer).decode() == content
        assert len(answer.body) < len(content) / 10
    assert server.errors == []


def test_all_codings_of_the_extra_are_there():
    assert [*available()] == ["zstd", "br", "gzip", "deflate"]


def test_a_coding_whose_library_is_missing_is_not_offered(monkeypatch):
    for name in ("brotli", "backports", "backports.zstd", "compression", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    assert [*available()] == ["gzip", "deflate"]


def test_nothing_is_compressed_until_the_app_says_so(serve, peer):
    app = App()
    app.get("/")(lambda ctx: TEXT)
    assert "content-encoding" not in ask(peer(serve(app)), "/").headers


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("tiny", id="tiny"),
        pytest.param(TEXT.encode(), id="unknown bytes"),
        pytest.param(Response(TEXT, content_type="image/png"), id="image"),
        pytest.param(Response(TEXT, headers={"content-encoding": "x"}), id="compressed"),
        pytest.param((TEXT, 200, {"cache-control": "public, No-Transform"}), id="no-transform"),
        pytest.param((TEXT, 206, {"content-range": "bytes 0-9/99"}), id="part"),
        pytest.param((TEXT, 200, {"content-range": "bytes 0-9/99"}), id="range"),
        pytest.param((TEXT, 200, {"content-digest": "sha-256=:x:"}), id="digest"),
    ],
)
def test_what_must_not_or_need_not_be_compressed_is_left_alone(serve, peer, answer):
    expected = Response.of(answer)
    got = ask(peer(serve(app_of(x=answer))), "/x")
    assert got.body == expected.body
    assert got.headers.get("content-encoding") == expected.headers.get("content-encoding")
    assert "vary" not in got.headers


def test_a_client_that_takes_only_compressed_content_gets_it_of_any_kind(serve, peer):
    client = peer(serve(app_of(tiny="tiny", nothing=None)))
    assert decoded(ask(client, "/tiny", "gzip, identity;q=0")) == b"tiny"
    assert ask(client, "/nothing", "gzip, identity;q=0").status == 204


def test_caches_are_told_even_when_a_client_takes_no_coding(serve, peer):
    app = app_of(
        text=TEXT,
        origin=(TEXT, 200, {"vary": "Origin"}),
        any=(TEXT, 200, {"vary": "*"}),
        both=(TEXT, 200, {"vary": "accept-encoding"}),
    )
    client = peer(serve(app))
    told = [
        ask(client, path, "identity").headers["vary"]
        for path in ("/text", "/origin", "/any", "/both")
    ]
    assert told == ["Accept-Encoding", "Origin, Accept-Encoding", "*", "accept-encoding"]


def test_a_tag_becomes_weak_and_ranges_are_no_more_offered(serve, peer):
    headers = {"etag": '"a"', "accept-ranges": "bytes"}
    answer = ask(peer(serve(app_of(x=(TEXT, 200, headers)))), "/x")
    assert answer.headers["etag"] == 'W/"a"'
    assert "accept-ranges" not in answer.headers


def test_an_answer_kept_by_its_handler_stays_as_it_is(serve, peer):
    kept = Response(TEXT, content_type="text/html")
    client = peer(serve(app_of(x=kept)))
    assert [decoded(ask(client, "/x")).decode() for _ in range(2)] == [TEXT] * 2
    assert kept.body == TEXT.encode()
    assert [*kept.headers] == ["content-type"]


def test_head_says_what_get_says(serve, peer):
    client = peer(serve(app_of(text=TEXT, large=LARGE)))
    for path in ("/text", "/large"):
        head, get = ask(client, path, method="HEAD"), ask(client, path)
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_events_arrive_at_once(serve, peer):
    first_was_read, closed = threading.Event(), threading.Event()
    app = App()
    app.compress()

    @app.get("/")
    async def events(ctx):
        async def pieces():
            try:
                yield "data: first\n\n"
                while not first_was_read.is_set():
                    await ctx.sleep(0.001)
                yield "data: second\n\n"
            finally:
                closed.set()

        return Response(pieces(), content_type="text/event-stream")

    client = peer(serve(app))
    client.send(b"GET / HTTP/1.1\r\nHost: t\r\nAccept-Encoding: gzip\r\n\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += client.socket.recv(1)
    size = b""
    while not size.endswith(b"\r\n"):
        size += client.socket.recv(1)
    piece = client.socket.recv(int(size, 16) + 2)[:-2]
    unpacking = zlib.decompressobj(31)
    assert unpacking.decompress(piece) == b"data: first\n\n"
    first_was_read.set()
    assert unpacking.decompress(client.rest_of_chunks()) == b"data: second\n\n"
    assert unpacking.eof
    assert closed.wait(PATIENCE_S)


@pytest.mark.parametrize("is_async", [False, True])
def test_what_gives_the_pieces_is_closed_when_its_client_leaves(serve, peer, is_async):
    closed = threading.Event()
    app = App()
    app.compress()

    def plain():
        try:
            while True:
                yield "x" * 100_000
        finally:
            closed.set()

    async def waiting(ctx):
        try:
            while True:
                yield "x" * 100_000
                await ctx.sleep(0.001)
        finally:
            closed.set()

    app.get("/")(lambda ctx: waiting(ctx) if is_async else plain())
    server = serve(app)
    client = peer(server)
    client.send(b"GET / HTTP/1.1\r\nHost: t\r\nAccept-Encoding: gzip\r\n\r\n")
    client.socket.recv(1000)
    client.vanish()
    assert closed.wait(PATIENCE_S)
    eventually(lambda: server.stats()["in_flight"] == 0)


def test_what_is_sent_early_is_compressed_too(serve, peer):
    app = App()
    app.compress()

    @app.get("/pieces")
    async def pieces(ctx):
        await ctx.send(TEXT)
        await ctx.send("end")

    @app.get("/once")
    async def once(ctx):
        await ctx.send_once(TEXT)

    client = peer(serve(app))
    assert decoded(ask(client, "/pieces")).decode() == TEXT + "end"
    answer = ask(client, "/once")
    assert decoded(answer).decode() == TEXT
    assert answer.headers["content-length"] == str(len(answer.body))


def test_a_file_is_compressed_but_never_its_ranges(serve, peer, tmp_path):
    (tmp_path / "large.txt").write_text(LARGE)
    app = App()
    app.compress()
    app.static("/", tmp_path)
    client = peer(serve(app))
    whole = ask(client, "/large.txt")
    assert decoded(whole).decode() == LARGE
    again = ask(client, "/large.txt", more=f"If-None-Match: {whole.headers['etag']}\r\n")
    assert (again.status, again.headers["etag"]) == (304, whole.headers["etag"])
    plain = ask(
        client, "/large.txt", "identity", more=f"If-None-Match: {whole.headers['etag']}\r\n"
    )
    assert (plain.status, f"W/{plain.headers['etag']}") == (304, whole.headers["etag"])
    assert again.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    part = ask(client, "/large.txt", more="Range: bytes=0-3\r\n")
    assert (part.status, part.body) == (206, b"the ")
    assert "content-encoding" not in part.headers
    assert part.headers["vary"] == "Accept-Encoding"


def test_parts_of_a_file_vary_when_the_whole_does(serve, peer, tmp_path):
    app = App()
    app.compress()
    app.static("/", tmp_path)
    client = peer(serve(app))
    for name, accepted in (("/a.txt", "gzip"), ("/a.png", "gzip, identity;q=0")):
        (tmp_path / name[1:]).write_text(TEXT)
        whole = ask(client, name, accepted)
        assert whole.headers["vary"] == "Accept-Encoding"
        for ranges in ("0-3", "0-3,9-12"):
            parts = ask(client, name, accepted, more=f"Range: bytes={ranges}\r\n")
            assert (parts.status, parts.headers.get("vary")) == (206, "Accept-Encoding")


def test_a_file_that_is_compressed_is_read_where_it_holds_up_nobody(
    serve, peer, tmp_path, monkeypatch, kind
):
    (tmp_path / "large.txt").write_text(LARGE)
    readers, read = set(), FileBody.read
    monkeypatch.setattr(FileBody, "is_at_hand", lambda body, span: False)

    def noted(body, span):
        readers.add(threading.current_thread().name)
        return read(body, span)

    monkeypatch.setattr(FileBody, "read", noted)
    served_by = []
    app = App()
    app.compress()

    @app.get("/")
    def large(ctx):
        served_by.append(threading.current_thread().name)
        return Response.file(tmp_path / "large.txt")

    assert decoded(ask(peer(serve(app)), "/")).decode() == LARGE
    assert (readers == {*served_by}) == (kind in (*THREADED, "wsgi"))


def test_a_stream_that_declares_to_be_tiny_is_left_alone(serve, peer):
    tiny = Response(iter(["tiny"]), headers={"content-length": "4", "content-type": "text/plain"})
    answer = ask(peer(serve(app_of(tiny=lambda: tiny))), "/tiny")
    assert (answer.body, answer.headers.get("content-encoding")) == (b"tiny", None)


def test_a_piece_that_is_neither_text_nor_bytes_is_an_error_that_says_so(serve, peer):
    server = serve(app_of(x=lambda: iter([7])))
    with pytest.raises((ConnectionError, ValueError)):
        ask(peer(server), "/x")
    eventually(lambda: server.errors)
    assert "may yield bytes or str" in server.errors[0].error


@pytest.mark.parametrize("wrong", ["lzma", -1, None, 1.5])
def test_the_smallest_size_is_a_number(wrong):
    with pytest.raises(ValueError, match=r"compress\(minimum_bytes=.*: expected a whole number"):
        App().compress(wrong)
