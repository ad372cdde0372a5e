"""Which apps of others which server takes, and that they travel to other processes."""

import json
import re
import sys
from functools import partial, wraps

import pytest

from asyncweb import App, AsyncServer, ThreadServer
from asyncweb.errors import ServerError
from asyncweb.guests.guest import kinds_of
from tests.conftest import WHERE

MODULE = """
async def asgi(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"asgi"})


class Wsgi:
    def __reduce__(self):
        raise TypeError("not to be sent")

    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        return [b"wsgi"]


wsgi = Wsgi()
"""


async def asgi(scope, receive, send):
    pass


def wsgi(environ, start_response):
    return []


async def handler(ctx):
    pass


@wraps(handler)
async def decorated(*arguments):
    pass


def configured(settings, environ, start_response):
    return []


class Asgi2:
    def __init__(self, scope):
        pass


class Called:
    async def __call__(self, scope, receive, send):
        pass


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (asgi, ("asgi",)),
        (Called(), ("asgi",)),
        (App(), ("asgi",)),
        (wsgi, ("wsgi",)),
        (App().wsgi, ("wsgi",)),
        (lambda scope, receive, send: None, ("asgi",)),
        (lambda *arguments: None, ("asgi", "wsgi")),
        (partial(configured, "settings"), ("wsgi",)),
        (partial(asgi), ("asgi",)),
        (lambda environ, start_response, trace=None: [], ("wsgi",)),
        (decorated, ("asgi",)),
        (lambda ctx: None, ()),
        (handler, ()),
        (re.compile, ()),
        (json.dumps, ()),
        (open, ()),
        (Asgi2, ()),
        ("main:app", ()),
    ],
)
def test_the_kind_of_an_app_is_seen_by_how_it_is_called(value, kinds):
    assert kinds_of(value) == kinds


@pytest.mark.parametrize(
    ("server", "value", "told"),
    [
        (ThreadServer, asgi, r"ThreadServer\(asgi\): that is ASGI; serve it with AsyncServer"),
        (AsyncServer, wsgi, r"AsyncServer\(wsgi\): that is WSGI; serve it with ThreadServer"),
        (AsyncServer, Asgi2, r"this is a class: pass Asgi2\(\), or for ASGI 2 what asgiref"),
        (AsyncServer, "main:app", "'main:app'.: expected an asyncweb.App, or an app of the kind"),
        (ThreadServer, lambda ctx: "x", "expected an asyncweb.App, or an app of the kind WSGI"),
    ],
)
def test_a_server_that_does_not_take_an_app_says_which_does(server, value, told):
    with pytest.raises(TypeError, match=told):
        server(value)


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "guests_of_a_test.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    import guests_of_a_test as module

    yield module
    del sys.modules["guests_of_a_test"]


@pytest.mark.parametrize("where", WHERE[1:])
@pytest.mark.parametrize("server", [AsyncServer, ThreadServer])
def test_an_app_in_a_module_is_served_from_other_processes(server, module, peer, where):
    app = module.asgi if server is AsyncServer else module.wsgi
    running = server(app).start(**where)
    try:
        assert peer(running).get("/any").text == server.guests
        assert running.stats()["statuses"] == {200: 1}
    finally:
        running.stop()


def test_an_app_that_cannot_travel_says_what_to_do(module):
    app = type(module.wsgi)()
    with pytest.raises(ServerError, match="put it into a module and import it from there"):
        ThreadServer(app).start(process=True)


def test_a_server_shows_its_guest_and_makes_a_twin(module):
    server = AsyncServer(module.asgi)
    assert "asgi" in repr(server.app) and server.app.guest is module.asgi
    assert server.twin().app.guest is module.asgi
