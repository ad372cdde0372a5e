"""The clients that people use, on both our servers: httpx, requests, aiohttp, curl."""

import asyncio
import json
import subprocess

import pytest

from asyncweb import App
from tests.outside.programs import needs as program

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
BODY = b"x" * 1_000_000


@pytest.fixture
def url(serve):
    app = App()

    @app.get("/hello/{name}")
    async def hello(ctx):
        ctx.response.set_cookie("seen", "yes")
        return {"hello": ctx.params["name"], "query": dict(ctx.query), "cookies": ctx.cookies}

    @app.post("/form", stream=True)
    async def form(ctx):
        form = await ctx.form()
        return [form["title"], form.files["photo"].filename, form.files["photo"].size]

    @app.post("/upper", stream=True)
    async def upper(ctx):
        async for piece in ctx.stream:
            yield piece.upper()

    @app.get("/stream")
    async def stream(ctx):
        for number in range(100):
            yield f"{number}\n"

    return serve(app).url


LINES = [str(number) for number in range(100)]
HELLO = {"hello": "Ada", "query": {"a": "é"}, "cookies": {"seen": "yes"}}
FILES = {"photo": ("a.png", b"x" * 100_000, "image/png")}
TOLD = ["é", "a.png", 100_000]


def test_httpx(url, needs):
    httpx = needs("httpx")
    with httpx.Client(base_url=url) as client:
        for _ in range(2):
            answer = client.get("/hello/Ada", params={"a": "é"})
        assert answer.json() == HELLO
        assert client.post("/form", data={"title": "é"}, files=FILES).json() == TOLD
        assert client.post("/upper", content=BODY).content == BODY.upper()
        assert client.post("/upper", content=iter([BODY, BODY])).content == 2 * BODY.upper()
        with client.stream("GET", "/stream") as answer:
            assert list(answer.iter_lines()) == LINES


def test_requests(url, needs):
    with needs("requests").Session() as client:
        for _ in range(2):
            answer = client.get(f"{url}/hello/Ada", params={"a": "é"})
        assert answer.json() == HELLO
        assert client.post(f"{url}/form", data={"title": "é"}, files=FILES).json() == TOLD
        assert client.post(f"{url}/upper", data=BODY).content == BODY.upper()
        assert client.post(f"{url}/upper", data=iter([BODY, BODY])).content == 2 * BODY.upper()
        with client.get(f"{url}/stream", stream=True) as answer:
            assert [line.decode() for line in answer.iter_lines()] == LINES


def test_aiohttp(url, needs):
    aiohttp = needs("aiohttp")

    async def ask():
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(url, cookie_jar=jar) as client:
            for _ in range(2):
                async with client.get("/hello/Ada", params={"a": "é"}) as answer:
                    told = await answer.json()
            assert told == HELLO
            form = aiohttp.FormData({"title": "é"})
            form.add_field("photo", b"x" * 100_000, filename="a.png", content_type="image/png")
            async with client.post("/form", data=form) as answer:
                assert await answer.json() == TOLD
            async with client.post("/upper", data=BODY) as answer:
                assert await answer.read() == BODY.upper()
            async with client.get("/stream") as answer:
                assert [line.decode().strip() async for line in answer.content] == LINES

    asyncio.run(ask())


def test_curl(url, tmp_path):
    (tmp_path / "a.png").write_bytes(b"x" * 100_000)
    jar = tmp_path / "jar"

    def curl(*arguments, data=None):
        command = [program("curl"), "--silent", "--fail", "--max-time", "20", *arguments]
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout

    for _ in range(2):
        told = curl("-c", jar, "-b", jar, f"{url}/hello/Ada?a=%C3%A9")
    assert json.loads(told) == HELLO
    photo = f"photo=@{tmp_path / 'a.png'}"
    assert json.loads(curl("-F", "title=é", "-F", photo, f"{url}/form")) == TOLD
    assert curl("--data-binary", "@-", f"{url}/upper", data=BODY) == BODY.upper()
    chunked = ("-H", "Transfer-Encoding: chunked", "-H", "Expect: 100-continue")
    assert curl(*chunked, "--data-binary", "@-", f"{url}/upper", data=BODY) == BODY.upper()
    assert curl(f"{url}/stream").decode().split() == LINES
