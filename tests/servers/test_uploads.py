"""Uploads: larger than what the server keeps in memory, and cut in their middle."""

import os
import resource
import tempfile

from asyncweb import App
from tests.conftest import eventually

MIB = 1024 * 1024
SIZE = 32 * MIB
HEAD = (
    b"POST /upload HTTP/1.1\r\nHost: t\r\nContent-Type: multipart/form-data; boundary=B\r\n"
    b"Content-Length: %d\r\n\r\n"
)
BEGINNING = (
    b'--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nlarge\r\n'
    b'--B\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
)
END = b"\r\n--B--\r\n"


def files_on_disk():
    """The files in the temporary folder that this process holds open."""
    folder, names = tempfile.gettempdir(), os.listdir("/proc/self/fd")
    opened = [f"/proc/self/fd/{name}" for name in names]
    return [path for path in opened if _target(path).startswith(folder)]


def _target(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:  # the one that listed the others
        return ""


def taker():
    app = App()

    @app.on_startup
    def note_what_is_open():  # by whoever started this process
        app.state.open_before = len(files_on_disk())

    def on_disk_now():
        return len(files_on_disk()) - app.state.open_before

    @app.post("/upload", stream=True)
    async def upload(ctx):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        form = await ctx.form()
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "title": form["title"],
            "size": form.files["file"].size,
            "grown_mib": (after - before) / 1024,
            "on disk": on_disk_now(),
        }

    @app.get("/on-disk")
    def on_disk(ctx):
        return {"files": on_disk_now()}

    return app


def test_an_upload_may_be_larger_than_what_is_kept_in_memory(serve, peer):
    client = peer(serve(taker(), process=True))
    client.send(HEAD % (len(BEGINNING) + SIZE + len(END)) + BEGINNING)
    for _ in range(SIZE // MIB):
        client.send(b"x" * MIB)
    answer = client.send(END).answer()
    assert answer.status == 200, answer.text
    said = answer.json()
    assert (said["title"], said["size"], said["on disk"]) == ("large", SIZE, 1)
    assert said["grown_mib"] < SIZE / MIB / 2
    assert client.get("/on-disk").json() == {"files": 0}


def test_an_upload_that_is_cut_leaves_no_file(serve, peer):
    server = serve(taker(), process=True)
    client, other = peer(server), peer(server)
    client.send(HEAD % SIZE + BEGINNING)
    for _ in range(4):
        client.send(b"x" * MIB)
    eventually(lambda: other.get("/on-disk").json() == {"files": 1})
    client.vanish()
    eventually(lambda: other.get("/on-disk").json() == {"files": 0})
    assert not server.errors
