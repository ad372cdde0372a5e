"""BlackSheep, which needs an ASGI server: `uvicorn tests.benchmarks.apps.with_blacksheep:app`."""

import asyncio

from blacksheep import Application, Content, Request, Response, get, json, post, text

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

LARGE = b"x" * LARGE_BYTES
app = Application()


@get("/")
async def hello():
    return text("Hello World")


@get("/task")
async def task():
    await asyncio.sleep(0)
    return text("Hello World")


@get("/users/{int:id}")
async def user(id: int):
    return text(f"user {id}")


@get("/json")
async def as_json():
    return json({"message": "Hello World"})


@post("/upload")
async def upload(request: Request):
    return text(str(len(await request.read())))


@get("/large")
async def large():
    return Response(200, content=Content(b"application/octet-stream", LARGE))


@get("/wait")
async def wait():
    await asyncio.sleep(WAIT_S)
    return text("Hello World")
