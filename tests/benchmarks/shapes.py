"""What is asked: each shape is one kind of request, and the answer it must get.

Rule: every server answers every shape of its row in the way its own users would write it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

CONNECTIONS = 64
UPLOAD_BYTES = 10 * 1024
PIPELINED = 16


@dataclass(frozen=True)
class Shape:
    """One kind of request; `name` is what the tables and the files call it."""

    name: str
    about: str
    path: str = "/"
    method: str = "GET"
    body_bytes: int = 0
    pipelined: int = 1
    closes: bool = False
    connections: int = CONNECTIONS
    answer: bytes = b"Hello World"
    wait_s: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        """What is asked with."""
        length = {"content-length": str(self.body_bytes)} if self.body_bytes else {}
        return {**length, **({"connection": "close"} if self.closes else {})}


HELLO = Shape("hello", "a constant answer by a plain function")
SHAPES = {
    shape.name: shape
    for shape in (
        HELLO,
        Shape("varied", "the same, no two requests alike", path="/?number=NUMBER"),
        Shape("task", "the same by a handler that suspends once", path="/task"),
        Shape("route", "a route with a parameter", path="/users/42", answer=b"user 42"),
        Shape("json", "a small JSON answer", path="/json", answer=b'{"message":"Hello World"}'),
        Shape(
            "upload", "a body of 10 KiB in", "/upload", "POST", UPLOAD_BYTES,
            answer=str(UPLOAD_BYTES).encode(),
        ),
        Shape("large", "an answer of 64 KiB", path="/large", answer=b"x" * LARGE_BYTES),
        Shape("pipelined", "16 requests at once", pipelined=PIPELINED),
        Shape("close", "a connection for each request", closes=True),
        Shape(
            "wait", "1,000 connections whose handlers wait 10 ms", path="/wait",
            connections=1000, wait_s=WAIT_S,
        ),
    )
}  # fmt: skip
