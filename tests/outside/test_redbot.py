"""REDbot, which knows the RFCs, finds nothing bad in what we answer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from asyncweb import App, Response

pytestmark = pytest.mark.slow

NOTES = Path(__file__).with_name("redbot_notes.py")
ASKED = [
    ("GET", "/text", 200),
    ("GET", "/json", 200),
    ("GET", "/html", 200),
    ("GET", "/stream", 200),
    ("GET", "/cookie", 200),
    ("GET", "/redirect", 302),
    ("HEAD", "/text", 200),
    ("HEAD", "/stream", 200),
    ("GET", "/empty", 204),
    ("GET", "/same", 304),
    ("OPTIONS", "/text", 204),
    ("GET", "/nothing", 404),
    ("DELETE", "/text", 405),
    ("GET", "/broken", 500),
    ("GET", "/files/small.txt", 200),
    ("GET", "/files/large.bin", 200),
    ("HEAD", "/files/large.bin", 200),
    ("GET", "/files/nothing", 404),
]


@pytest.fixture
def app(tmp_path):
    (tmp_path / "small.txt").write_text("the same again, " * 100)
    (tmp_path / "large.bin").write_bytes(bytes(range(256)) * 1024)
    app = App()
    app.static("/files", tmp_path)
    answers = {
        "/text": "hello",
        "/json": {"a": [1, 2]},
        "/html": Response.html("<!doctype html><title>hello</title><p>hello"),
        "/empty": None,
        "/same": Response(status=304, headers={"etag": '"1"'}),
        "/redirect": Response.redirect("/text"),
    }
    for path, answer in answers.items():
        app.get(path)(lambda ctx, answer=answer: answer)

    @app.get("/stream")
    def stream(ctx):
        yield from (b"one,", b"two")

    @app.get("/cookie")
    def cookie(ctx):
        ctx.response.set_cookie("id", "7", max_age=60, httponly=True)
        return "hello"

    @app.get("/broken")
    def broken(ctx):
        raise ZeroDivisionError

    return app


def test_redbot_finds_nothing_bad_in_what_is_compressed(needs, engine, app, serve_outside):
    app.compress()
    app.get("/long")(lambda ctx: "the same again, " * 100)
    for path in ("/long", "/files/small.txt", "/stream"):
        test_redbot_finds_nothing_bad(needs, engine, app, serve_outside, "GET", path, 200)


@pytest.mark.parametrize("method, path, status", ASKED)
def test_redbot_finds_nothing_bad(needs, engine, app, serve_outside, method, path, status):
    needs("redbot")
    server = serve_outside(app, engine)
    said = subprocess.run(
        [sys.executable, str(NOTES), method, server.url + path],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    notes = [json.loads(line) for line in said.stdout.splitlines()]
    assert ["status", "", str(status)] in notes
    for level, subject, summary in notes:
        if level == "warning":
            print(f"warning, {subject}: {summary}")  # shown by pytest -rP
    assert not [note for note in notes if note[0] == "bad"]
