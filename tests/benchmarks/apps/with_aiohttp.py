"""aiohttp's own server: `python with_aiohttp.py PORT`."""

import asyncio
import json
import sys
from functools import partial

import uvloop
from aiohttp import web

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

LARGE = b"x" * LARGE_BYTES
routes = web.RouteTableDef()
compact = partial(json.dumps, separators=(",", ":"))


@routes.get("/")
async def hello(request):
    return web.Response(text="Hello World")


@routes.get("/task")
async def task(request):
    await asyncio.sleep(0)
    return web.Response(text="Hello World")


@routes.get("/users/{id:\\d+}")
async def user(request):
    return web.Response(text=f"user {int(request.match_info['id'])}")


@routes.get("/json")
async def as_json(request):
    return web.json_response({"message": "Hello World"}, dumps=compact)


@routes.post("/upload")
async def upload(request):
    return web.Response(text=str(len(await request.read())))


@routes.get("/large")
async def large(request):
    return web.Response(body=LARGE)


@routes.get("/wait")
async def wait(request):
    await asyncio.sleep(WAIT_S)
    return web.Response(text="Hello World")


app = web.Application()
app.add_routes(routes)
web.run_app(
    app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None,
    loop=uvloop.new_event_loop(),
)  # fmt: skip
