"""A bare ASGI application: no framework, no more than the answers need."""

import asyncio
import json

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

LARGE = b"x" * LARGE_BYTES


async def body_of(receive):
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message["body"])
        more = message.get("more_body", False)
    return b"".join(pieces)


async def answer(scope, receive):
    match scope["path"]:
        case "/":
            return b"text/plain", b"Hello World"
        case "/task":
            await asyncio.sleep(0)
            return b"text/plain", b"Hello World"
        case "/json":
            text = json.dumps({"message": "Hello World"}, separators=(",", ":"))
            return b"application/json", text.encode()
        case "/upload":
            return b"text/plain", b"%d" % len(await body_of(receive))
        case "/large":
            return b"application/octet-stream", LARGE
        case "/wait":
            await asyncio.sleep(WAIT_S)
            return b"text/plain", b"Hello World"
        case path:
            return b"text/plain", b"user %d" % int(path.removeprefix("/users/"))


async def app(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError(scope["type"])
    kind, body = await answer(scope, receive)
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
