"""Other people's load tools: every request is answered, none fails."""

import json
import os
import re
import subprocess

import pytest

from asyncweb import App

pytestmark = pytest.mark.slow

REQUESTS = 2_000
CLIENTS = 16


@pytest.fixture
def app():
    app = App()

    @app.get("/")
    def home(ctx):
        return "hello"

    @app.get("/stream")
    def stream(ctx):
        yield from (b"one,", b"two")

    @app.post("/")
    def post(ctx):
        return str(len(ctx.body))

    return app


@pytest.fixture
def server(app, engine, serve_outside):
    return serve_outside(app, engine)


@pytest.fixture
def tool(needs, tmp_path):
    """Runs a load tool at home in a folder of its own, and gives what it printed."""

    def run(name, *options):
        said = subprocess.run(
            [needs(name), *options], cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return said.stdout

    return run


def h2load(tool, *options):
    counts = re.search(r"requests: (.*)\nstatus codes: (.*)\n", tool("h2load", "--h1", *options))
    return {
        word: int(number) for number, word in re.findall(r"(\d+) (\w+)", " ".join(counts.groups()))
    }


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_h2load_gets_every_answer(server, tool, path):
    counts = h2load(tool, f"-n{REQUESTS}", f"-c{CLIENTS}", server.url + path)
    assert (counts["succeeded"], counts["2xx"]) == (REQUESTS, REQUESTS)
    assert (counts["failed"], counts["errored"], counts["timeout"]) == (0, 0, 0)


def test_h2load_pipelines_and_gets_every_answer(server, tool):
    counts = h2load(tool, f"-n{REQUESTS}", f"-c{CLIENTS}", "-m8", server.url)
    assert (counts["succeeded"], counts["2xx"]) == (REQUESTS, REQUESTS)


def test_h2load_posts_bodies_and_gets_every_answer(server, tool, tmp_path):
    body = tmp_path / "body"
    body.write_bytes(b"b" * 20_000)
    counts = h2load(tool, f"-n{REQUESTS // 4}", f"-c{CLIENTS}", "-d", str(body), server.url)
    assert (counts["succeeded"], counts["2xx"]) == (REQUESTS // 4, REQUESTS // 4)


@pytest.mark.parametrize("keeps", ["keep-alive", "close"])
def test_siege_gets_every_answer(server, tool, tmp_path, keeps):
    settings = tmp_path / "siege.conf"
    settings.write_text(f"connection = {keeps}\nprotocol = HTTP/1.1\nparser = false\n")
    options = ("-R", str(settings), "-b", "-j", f"-c{CLIENTS}", "-r50", "--no-parser")
    found = json.loads(re.search(r"\{.*\}", tool("siege", *options, server.url), re.DOTALL)[0])
    assert found["failed_transactions"] == 0
    assert found["successful_transactions"] == found["transactions"] == CLIENTS * 50


def test_wrk_meets_no_error(server, tool):
    said = tool("wrk", "-t1", f"-c{CLIENTS}", "-d2s", "--timeout", "10s", server.url)
    assert "Socket errors" not in said and "Non-2xx" not in said
    assert int(re.search(r"(\d+) requests in", said)[1]) > 100
