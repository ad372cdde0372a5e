"""One small application, as each framework has it: hello, form, upload, stream, error, WebSocket.

Rule: they answer alike, so that one test asks all of them.
"""

import asyncio
import contextlib
from typing import Annotated, Any

from tests.ecosystem.conftest import library

PIECES = [b"one ", b"two ", b"three"]


async def slow_pieces():
    for piece in PIECES:
        yield piece
        await asyncio.sleep(0.001)


def starlette() -> Any:
    library("python_multipart")
    applications, responses = library("starlette.applications"), library("starlette.responses")
    routing = library("starlette.routing")

    async def hello(request):
        return responses.JSONResponse({"hello": request.path_params["name"]})

    async def form(request):
        async with request.form() as form:
            photo = form["photo"]
            size = len(await photo.read())
            return responses.JSONResponse([form["title"], photo.filename, size])

    async def upload(request):
        size = 0
        async for piece in request.stream():
            size += len(piece)
        return responses.PlainTextResponse(str(size))

    async def stream(request):
        return responses.StreamingResponse(slow_pieces())

    async def boom(request):
        raise LookupError("on purpose")

    async def state(request):
        return responses.PlainTextResponse(request.state.db)

    async def echo(websocket):
        await websocket.accept(subprotocol="chat")
        async for message in websocket.iter_text():
            await websocket.send_text(message.upper())

    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield {"db": "open"}

    routes = [
        routing.Route("/hello/{name}", hello),
        routing.Route("/form", form, methods=["POST"]),
        routing.Route("/upload", upload, methods=["POST"]),
        routing.Route("/stream", stream),
        routing.Route("/boom", boom),
        routing.Route("/state", state),
        routing.WebSocketRoute("/echo", echo),
    ]
    return applications.Starlette(routes=routes, lifespan=lifespan)


def fastapi() -> Any:
    library("python_multipart")
    api, responses = library("fastapi"), library("fastapi.responses")

    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield {"db": "open"}

    app = api.FastAPI(lifespan=lifespan)

    @app.get("/hello/{name}")
    def hello(name: str):
        return {"hello": name}

    @app.post("/form")
    async def form(title: Annotated[str, api.Form()], photo: api.UploadFile):
        return [title, photo.filename, len(await photo.read())]

    @app.post("/upload")
    async def upload(request: api.Request):
        size = 0
        async for piece in request.stream():
            size += len(piece)
        return responses.PlainTextResponse(str(size))

    @app.get("/stream")
    def stream():
        return responses.StreamingResponse(slow_pieces())

    @app.get("/boom")
    async def boom():
        raise LookupError("on purpose")

    @app.get("/state")
    async def state(request: api.Request):
        return responses.PlainTextResponse(request.state.db)

    @app.websocket("/echo")
    async def echo(websocket: api.WebSocket):
        await websocket.accept(subprotocol="chat")
        async for message in websocket.iter_text():
            await websocket.send_text(message.upper())

    return app


def flask() -> Any:
    flask = library("flask")
    app = flask.Flask("hello")
    app.config["PROPAGATE_EXCEPTIONS"] = True

    @app.get("/hello/<name>")
    def hello(name):
        return {"hello": name}

    @app.post("/form")
    def form():
        photo = flask.request.files["photo"]
        return [flask.request.form["title"], photo.filename, len(photo.read())]

    @app.post("/upload")
    def upload():
        size = 0
        while piece := flask.request.stream.read(10_000):
            size += len(piece)
        return str(size)

    @app.get("/stream")
    def stream():
        return flask.Response(iter(PIECES))

    @app.get("/boom")
    def boom():
        raise LookupError("on purpose")

    return app


def _django(kind: str) -> Any:
    django, conf = library("django"), library("django.conf")
    http, urls = library("django.http"), library("django.urls")

    def hello(request, name):
        return http.JsonResponse({"hello": name})

    def form(request):
        photo = request.FILES["photo"]
        told = [request.POST["title"], photo.name, photo.size]
        return http.JsonResponse(told, safe=False)

    def upload(request):
        size = 0
        while piece := request.read(10_000):
            size += len(piece)
        return http.HttpResponse(str(size))

    def stream(request):
        pieces = slow_pieces() if kind == "asgi" else iter(PIECES)
        return http.StreamingHttpResponse(pieces)

    def boom(request):
        raise LookupError("on purpose")

    if not conf.settings.configured:
        conf.settings.configure(SECRET_KEY="for a test", ALLOWED_HOSTS=["*"], MIDDLEWARE=[],
                                ROOT_URLCONF=(), LOGGING_CONFIG=None)  # fmt: skip
        django.setup()
    paths = [("hello/<name>", hello), ("form", form), ("upload", upload), ("stream", stream),
             ("boom", boom)]  # fmt: skip
    conf.settings.ROOT_URLCONF = tuple(urls.path(path, view) for path, view in paths)
    urls.clear_url_caches()
    urls.set_urlconf(None)
    return library(f"django.core.{kind}")


def django_asgi() -> Any:
    return _django("asgi").get_asgi_application()


def django_wsgi() -> Any:
    return _django("wsgi").get_wsgi_application()


ASGI = {"starlette": starlette, "fastapi": fastapi, "django asgi": django_asgi}
WSGI = {"flask": flask, "django wsgi": django_wsgi}
