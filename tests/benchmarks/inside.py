"""What a request costs inside our server, without sockets: from its bytes to those of its answer.

Rule: every cost is the least of many short looks, taken in turns with a piece of plain Python that
never changes. So the ratio of the two says the same on every machine, however busy it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from asyncweb import AsyncServer
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.aio_client import Client
from tests.benchmarks.apps.serve import app
from tests.benchmarks.shapes import UPLOAD_BYTES

LOOKS, AT_ONCE = 150, 200
HEAD = "{} {} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\nUser-Agent: inside\r\nAccept: */*\r\n{}\r\n"
_number = 0


def same(path: str) -> Callable[[], bytes]:
    """The same request again."""
    data = HEAD.format("GET", path, "").encode()
    return lambda: data


def varied() -> bytes:
    """No two requests alike."""
    global _number
    _number += 1
    return HEAD.format("GET", f"/?number={_number}", "").encode()


def upload() -> bytes:
    """A body of 10 KiB."""
    head = HEAD.format("POST", "/upload", f"content-length: {UPLOAD_BYTES}\r\n")
    return head.encode() + b"x" * UPLOAD_BYTES


REQUESTS: dict[str, Callable[[], bytes]] = {
    "hello": same("/"),
    "varied": varied,
    "route": same("/users/42"),
    "json": same("/json"),
    "upload": upload,
}


class Nowhere(asyncio.Transport):
    """A transport that sends nothing; it stands for a client that reads everything at once."""

    def write(self, data: bytes) -> None:
        assert data.startswith(b"HTTP/1.1 200 ")

    def get_extra_info(self, name: str, default: object = None) -> object:
        return ("127.0.0.1", 1) if name == "peername" else default

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False


def plain(data: bytes) -> str:
    """Work of the same kind, which no change of ours can make faster or slower."""
    lines = data.decode().split("\r\n")
    method, target, _ = lines[0].split(" ")
    fields = {
        name.lower(): value.strip()
        for name, _, value in (one.partition(":") for one in lines[1:-2])
    }
    answer = {"content-type": "text/plain", "content-length": str(len(target)), "date": method}
    return "".join([f"{name}: {value}\r\n" for name, value in answer.items()]) + fields["host"]


def ratios() -> dict[str, float]:
    """The cost of each kind of request, as a multiple of `plain`."""
    reference, least_plain = same("/")(), float("inf")
    least = dict.fromkeys(REQUESTS, float("inf"))
    with AsyncServer(app, observer=Recorder()) as server:
        for _ in range(LOOKS):
            least_plain = min(least_plain, _took(plain, [reference] * AT_ONCE))
            for name, request in REQUESTS.items():
                client = Client(server._running)
                client.connection_made(Nowhere())
                asked = [request() for _ in range(AT_ONCE)]
                least[name] = min(least[name], _took(client.data_received, asked))
                client.connection_lost(None)
    return {name: took / least_plain for name, took in least.items()}


def _took(function: Callable[[bytes], object], asked: list[bytes]) -> float:
    began = time.perf_counter()
    for data in asked:
        function(data)
    return time.perf_counter() - began
