"""Apps of others under servers of others, looked at by `asyncweb top` and by nobody else."""

import http.client
import json

import pytest

from asyncweb.attach.process_target import ProcessTarget
from asyncweb.attach.url_target import UrlTarget
from tests.conftest import PATIENCE_S, eventually
from tests.ecosystem.conftest import library
from tests.outside.programs import free_ports, running
from tests.outside.programs import needs as program

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
MODULE = """
import time
from asyncweb import observe
from {framework} import app

app = observe(app, name="{framework}")
"""
FASTAPI = """
import time
from fastapi import APIRouter, FastAPI, WebSocket

app, api, inner = FastAPI(), APIRouter(prefix="/api"), FastAPI()

@api.get("/users/{number}")
async def user(number: int):
    return {"id": number}

@api.get("/boom")
async def boom():
    raise LookupError("on purpose")

@api.get("/block")
async def block():
    time.sleep(0.5)

@inner.get("/users/{number}")
def inner_user(number: int):
    return {"id": number}

@app.websocket("/echo")
async def echo(websocket: WebSocket):
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())

app.include_router(api)
app.mount("/inner", inner)
"""
STARLETTE = """
import time
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

async def user(request):
    return JSONResponse({"id": request.path_params["number"]})

async def boom(request):
    raise LookupError("on purpose")

async def block(request):
    time.sleep(0.5)
    return JSONResponse(None)

users = Route("/users/{number:int}", user)
api = [users, Route("/boom", boom), Route("/block", block)]
app = Starlette(routes=[Mount("/api", routes=api), Mount("/inner", routes=[users])])
"""
DJANGO = """
import time
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import JsonResponse
from django.urls import path

async def user(request, number):
    return JsonResponse({"id": number})

async def boom(request):
    raise LookupError("on purpose")

async def block(request):
    time.sleep(0.5)
    return JsonResponse({})

urlpatterns = [
    path("api/users/<int:number>", user), path("inner/users/<int:number>", user),
    path("api/boom", boom), path("api/block", block),
]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
app = get_asgi_application()
"""
APPS = {"with_fastapi": FASTAPI, "with_starlette": STARLETTE, "with_django": DJANGO}
NAMES = {
    "with_fastapi": {"/api/users/{number}", "/inner/users/{number}"},
    "with_starlette": {"/api/users/{number:int}", "/inner/users/{number:int}"},
    "with_django": {"/api/users/...", "/inner/users/..."},  # it keeps its patterns to itself
}
HOSTS = {
    "uvicorn": ["uvicorn", "main:app", "--port", "{port}"],
    "uvicorn, two workers": ["uvicorn", "main:app", "--port", "{port}", "--workers", "2"],
    "hypercorn": ["hypercorn", "main:app", "--bind", "127.0.0.1:{port}"],
    "granian": ["granian", "--interface", "asgi", "main:app", "--port", "{port}"],
}
TOGETHER = [(host, "with_fastapi") for host in HOSTS]
TOGETHER += [("uvicorn", "with_starlette"), ("uvicorn", "with_django")]


@pytest.fixture(params=TOGETHER, ids=": ".join)
def observed(request, tmp_path, monkeypatch):
    """The port where an observed app is served, and the framework's name."""
    host, framework = request.param
    library(framework.removeprefix("with_"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"{framework}.py").write_text(APPS[framework])
    (tmp_path / "main.py").write_text(MODULE.format(framework=framework))
    (port,) = free_ports(1)
    first, *rest = [word.format(port=port) for word in HOSTS[host]]
    with running([program(first), *rest], tmp_path, [port]):
        yield port, framework


def get(port, path):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read()
    client.close()
    return answer.status, body


def test_an_observed_app_is_shown_under_any_server(observed):
    port, framework = observed
    for number in range(20):  # so that each worker has had some
        status, body = get(port, f"/api/users/{number}")
        assert (status, json.loads(body)) == (200, {"id": number})
    get(port, "/inner/users/7")
    assert get(port, "/api/boom")[0] == 500
    assert get(port, "/nowhere")[0] == 404
    probe = UrlTarget(f"http://127.0.0.1:{port}/api/users/1")
    probe.close()
    target = probe.process
    eventually(lambda: target.counts()["requests"] is not None)
    counts = target.counts()
    assert counts["statuses"][200] >= 21
    assert (counts["statuses"][404], counts["statuses"][500]) == (1, 1)
    assert NAMES[framework] <= set(counts["routes"])
    eventually(lambda: target.counts()["loop_lag"].count)
    assert target.use().rss_bytes > 0
    get(port, "/api/block")
    eventually(lambda: target.counts()["blocks"])
    (block,) = target.counts()["blocks"]
    assert (block["function"], block["code"]) == ("block", "time.sleep(0.5)")
    assert ProcessTarget(target.pid).name == f"{framework} {target.pid}"
