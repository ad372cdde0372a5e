"""Sanic's own server: `sanic tests.benchmarks.apps.with_sanic:app`."""

import asyncio
import json as standard
from functools import partial

from sanic import Sanic
from sanic.response import json, raw, text

from tests.benchmarks.apps.sizes import LARGE_BYTES, WAIT_S

LARGE = b"x" * LARGE_BYTES
app = Sanic("benchmark", dumps=partial(standard.dumps, separators=(",", ":")))


@app.get("/")
async def hello(request):
    return text("Hello World")


@app.get("/task")
async def task(request):
    await asyncio.sleep(0)
    return text("Hello World")


@app.get("/users/<id:int>")
async def user(request, id):
    return text(f"user {id}")


@app.get("/json")
async def as_json(request):
    return json({"message": "Hello World"})


@app.post("/upload")
async def upload(request):
    return text(str(len(request.body)))


@app.get("/large")
async def large(request):
    return raw(LARGE)


@app.get("/wait")
async def wait(request):
    await asyncio.sleep(WAIT_S)
    return text("Hello World")
