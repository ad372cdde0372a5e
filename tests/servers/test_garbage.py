"""The collector of garbage is a dedicated process's own; in a shared one it is left alone."""

import gc
import json

from asyncweb import App
from asyncweb.servers.garbage import ALL, MIDDLE, YOUNG


def make_app():
    app = App()

    @app.get("/")
    def collector(ctx):
        return {"threshold": gc.get_threshold(), "is_frozen": gc.get_freeze_count() > 0}

    return app


def asked(client):
    client.send(b"GET / HTTP/1.1\r\nHost: t\r\n\r\n")
    return json.loads(client.answer().text)


def test_a_server_in_a_process_of_its_own_collects_rarely(serve, peer):
    told = asked(peer(serve(make_app(), process=True)))
    assert told == {"threshold": [YOUNG, MIDDLE, ALL], "is_frozen": True}


def test_a_server_in_this_process_leaves_its_collector_alone(serve, peer):
    before = gc.get_threshold(), gc.get_freeze_count()
    asked(peer(serve(make_app())))
    assert (gc.get_threshold(), gc.get_freeze_count()) == before
