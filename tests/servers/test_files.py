"""Files as answers: whole, in parts, unchanged, shrinking, and of any size."""

import os
import threading

import pytest

from asyncweb import App, Response
from asyncweb.http import file as files
from asyncweb.http.file import FileBody
from asyncweb.http.messages import Request
from tests.conftest import PATIENCE_S, THREADED, eventually

CONTENT = bytes(range(256)) * 1024  # 256 KiB: more than one block
OPEN = "/proc/self/fd"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "small.txt").write_bytes(b"0123456789")
    (tmp_path / "large.bin").write_bytes(CONTENT)
    (tmp_path / "empty").write_bytes(b"")
    os.utime(tmp_path / "small.txt", (784111777, 784111777))
    return tmp_path


@pytest.fixture
def served(folder, serve):
    app = App()
    app.get("/other")(lambda ctx: "other")

    @app.get("/{name}")
    def give(ctx):
        return Response.file(folder / ctx.params["name"])

    return serve(app)


def ask(client, path, method="GET", **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    request = f"{method} {path} HTTP/1.1\r\nHost: t\r\n{lines}\r\n"
    return client.send(request.encode()).answer(has_body=method != "HEAD")


def test_a_file_is_sent_whole_with_what_is_known_of_it(served, peer):
    client = peer(served)
    small, large, empty = (ask(client, path) for path in ("/small.txt", "/large.bin", "/empty"))
    assert (small.status, small.body, large.body, empty.body) == (200, b"0123456789", CONTENT, b"")
    assert small.headers["content-type"] == "text/plain; charset=utf-8"
    assert small.headers["last-modified"] == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert small.headers["accept-ranges"] == "bytes"
    assert large.headers["content-length"] == str(len(CONTENT))
    assert len({answer.headers["etag"] for answer in (small, large, empty)}) == 3


def test_a_file_of_the_future_was_modified_just_now(served, peer, folder):
    os.utime(folder / "small.txt", (2**32, 2**32))
    told = ask(peer(served), "/small.txt").headers
    assert told["last-modified"] == told["date"]


def test_head_says_what_get_says(served, peer):
    client = peer(served)
    for path in ("/small.txt", "/large.bin", "/empty"):
        head, get = ask(client, path, "HEAD"), ask(client, path)
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_a_client_that_has_it_gets_no_copy(served, peer):
    client = peer(served)
    first = ask(client, "/large.bin")
    for known in ({"if_none_match": first.headers["etag"]}, {"if_none_match": "*"}):
        again = ask(client, "/large.bin", **known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert "content-type" not in again.headers
    since = {"if_modified_since": first.headers["last-modified"]}
    assert ask(client, "/large.bin", **since).status == 304
    refused = ask(client, "/large.bin", if_match='"other"')
    assert (refused.status, refused.text) == (412, "the file is another than you know")


@pytest.mark.parametrize("path", ["/small.txt", "/large.bin"])
@pytest.mark.parametrize(
    ("asked", "first", "after"),
    [("bytes=2-4", 2, 5), ("bytes=7-", 7, None), ("bytes=-3", -3, None)],
)
def test_a_part_is_sent_of_what_is_asked_for(served, peer, folder, path, asked, first, after):
    whole = (folder / path[1:]).read_bytes()
    answer = ask(peer(served), path, range=asked)
    assert (answer.status, answer.body) == (206, whole[first:after])
    start = first % len(whole)
    told = f"bytes {start}-{start + len(answer.body) - 1}/{len(whole)}"
    assert answer.headers["content-range"] == told


def test_a_part_that_is_not_there_is_refused_with_the_size(served, peer):
    client = peer(served)
    answer = ask(client, "/small.txt", range="bytes=10-")
    assert (answer.status, answer.headers["content-range"]) == (416, "bytes */10")
    assert answer.text == "the file has 10 bytes"
    assert "accept-ranges" not in answer.headers


def test_several_parts_come_with_their_places(served, peer):
    answer = ask(peer(served), "/large.bin", range="bytes=0-1,200000-200001,-1")
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert (answer.status, kind) == (206, "multipart/byteranges")
    assert int(answer.headers["content-length"]) == len(answer.body)
    *parts, end = answer.body.split(b"\r\n--" + boundary.encode())[1:]
    assert end == b"--\r\n"
    size = len(CONTENT)
    expected = [(0, 2), (200000, 200002), (size - 1, size)]
    for part, (first, after) in zip(parts, expected, strict=True):
        head, _, body = part.partition(b"\r\n\r\n")
        assert f"content-range: bytes {first}-{after - 1}/{size}".encode() in head
        assert b"content-type: application/octet-stream" in head
        assert body == CONTENT[first:after]


def test_parts_of_another_version_are_not_mixed(served, peer):
    client = peer(served)
    etag = ask(client, "/small.txt").headers["etag"]
    assert ask(client, "/small.txt", range="bytes=0-0", if_range=etag).body == b"0"
    assert ask(client, "/small.txt", range="bytes=0-0", if_range='"old"').body == b"0123456789"


@pytest.mark.parametrize("asked", ["lines=1-2", "bytes=2-1", "nonsense"])
def test_a_range_that_is_none_is_not_heard(served, peer, asked):
    assert ask(peer(served), "/small.txt", range=asked).status == 200


def test_a_file_that_shrinks_while_it_is_sent_is_broken_off(served, peer, folder, monkeypatch):
    path = folder / "large.bin"
    read = FileBody.read

    def shrinking(body, span):
        if span[0]:
            path.write_bytes(b"short")
        return read(body, span)

    monkeypatch.setattr(FileBody, "read", shrinking)
    with pytest.raises((ConnectionError, AssertionError)):
        assert ask(peer(served), "/large.bin").body == CONTENT
    eventually(lambda: served.errors)
    assert "the file has become shorter" in served.errors[0].error
    assert peer(served).get("/other").text == "other"


def test_a_file_that_grows_is_sent_as_long_as_was_told(served, peer, folder, monkeypatch):
    read = FileBody.read

    def growing(body, span):
        with (folder / "large.bin").open("ab") as target:
            target.write(b"more")
        return read(body, span)

    monkeypatch.setattr(FileBody, "read", growing)
    client = peer(served)
    assert ask(client, "/large.bin").body == CONTENT
    assert client.get("/other").text == "other"


def test_a_file_the_system_does_not_have_at_hand_is_read_all_the_same(served, peer, monkeypatch):
    monkeypatch.setattr(FileBody, "is_at_hand", lambda body, span: False)
    client = peer(served)
    assert ask(client, "/large.bin").body == CONTENT
    assert ask(client, "/small.txt", range="bytes=1-2").body == b"12"


def test_a_system_without_pread_reads_files_too(served, peer, monkeypatch):
    for name in ("pread", "preadv", "RWF_NOWAIT"):
        monkeypatch.delattr(os, name, raising=False)
    client = peer(served)
    assert ask(client, "/large.bin").body == CONTENT
    assert ask(client, "/small.txt", range="bytes=-2").body == b"89"


def test_a_file_that_is_not_there_is_the_handlers_error(served, peer):
    assert ask(peer(served), "/nothing").status == 500
    assert "FileNotFoundError" in served.errors[0].error
    assert "raise HTTPError(404), or serve its folder with app.static" in served.errors[0].error


@pytest.mark.skipif(not os.path.isdir(OPEN), reason="only Linux tells which files are open")
def test_no_file_is_left_open(served, peer, folder):
    def are_open():
        links = []
        for number in os.listdir(OPEN):
            try:
                links.append(os.readlink(f"{OPEN}/{number}"))
            except OSError:
                continue
        return [link for link in links if link.startswith(str(folder))]

    client = peer(served)
    ask(client, "/large.bin")
    ask(client, "/large.bin", "HEAD")
    ask(client, "/large.bin", if_none_match="*")
    ask(client, "/large.bin", range="bytes=999999999-")
    ask(client, "/small.txt")
    assert are_open() == []
    greedy = peer(served).send(b"GET /large.bin HTTP/1.1\r\nHost: t\r\n\r\n" * 3)
    greedy.socket.recv(1)
    greedy.vanish()
    eventually(lambda: not are_open())


def test_a_loop_serves_others_while_a_disk_is_slow(served, peer, kind, monkeypatch):
    """Only a file of which a thread waits for the disk is late."""
    if kind in THREADED:
        return
    waits, go_on = threading.Event(), threading.Event()
    read = FileBody.read

    def slow(body, span):
        waits.set()
        go_on.wait()
        return read(body, span)

    monkeypatch.setattr(FileBody, "is_at_hand", lambda body, span: False)
    monkeypatch.setattr(FileBody, "read", slow)
    late = peer(served).send(b"GET /large.bin HTTP/1.1\r\nHost: t\r\n\r\n")
    waits.wait()
    assert peer(served).get("/other").text == "other"
    go_on.set()
    assert late.answer().body == CONTENT


def test_a_file_is_closed_only_when_no_thread_reads_it(served, peer, kind, monkeypatch):
    if kind in THREADED:
        return
    waits, go_on, read_after_close = threading.Event(), threading.Event(), []
    read = FileBody.read

    def slow(body, span):
        waits.set()
        go_on.wait()
        read_after_close.append(not body.close.alive)
        return read(body, span)

    monkeypatch.setattr(FileBody, "is_at_hand", lambda body, span: False)
    monkeypatch.setattr(FileBody, "read", slow)
    client = peer(served).send(b"GET /large.bin HTTP/1.1\r\nHost: t\r\n\r\n")
    assert waits.wait(PATIENCE_S)
    client.vanish()
    eventually(lambda: served.stats()["connections"] == 0)
    go_on.set()
    eventually(lambda: read_after_close)
    assert read_after_close == [False]


def test_a_file_system_that_does_not_tell_is_read_by_a_thread(folder, monkeypatch):
    def refuse(*_):
        raise OSError(95, "not supported")

    monkeypatch.setattr(os, "RWF_NOWAIT", 8, raising=False)
    monkeypatch.setattr(os, "preadv", refuse, raising=False)
    body = FileBody(folder / "large.bin")
    assert not body.is_at_hand((0, 1))
    body.close()


def test_a_file_is_looked_at_once_and_only_where_it_is_asked_for(folder):
    response = Response.file(folder / "large.bin")
    asked = Request("POST", "/", [(b"Range", b"bytes=0-1"), (b"If-None-Match", b"*")])
    for _ in range(2):
        files.select(response, response.body, asked)
    assert (response.status, response.headers["content-length"]) == (200, str(len(CONTENT)))
    response.body.close()


def test_a_download_has_a_name_that_no_client_misreads(folder):
    def disposition(**options):
        response = Response.file(folder / "small.txt", **options)
        response.body.close()
        return response.headers.get("content-disposition")

    assert disposition() is None
    assert disposition(download=True) == "attachment; filename*=UTF-8''small.txt"
    assert (
        disposition(download='\u00e9"\r\n.txt')
        == "attachment; filename*=UTF-8''%C3%A9%22%0D%0A.txt"
    )


def test_a_folder_or_a_pipe_is_no_file(folder):
    with pytest.raises(OSError, match="no file that can be sent"):
        Response.file(folder)
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe")
        with pytest.raises(OSError, match="no file that can be sent"):
            Response.file(folder / "pipe")


def test_one_answer_sends_a_file_once(folder, monkeypatch):
    monkeypatch.setattr(files, "SMALL_BYTES", 0)
    body = Response.file(folder / "small.txt").body
    assert b"".join(body) == b"0123456789"
    body.close()
    with pytest.raises(OSError, match=r"make a Response\.file for each request"):
        b"".join(body)
