"""How long one request takes while another is being answered."""

import threading

import pytest

from asyncweb import App
from asyncweb.errors import LessonError
from asyncweb.lab.meanwhile import meanwhile
from tests.conftest import PATIENCE_S


@pytest.fixture
def app():
    """An app whose slow answer waits for the quick one: so the two have overlapped."""
    app, asked = App(), threading.Event()

    @app.get("/slow")
    async def slow(ctx):
        assert await ctx.offload(asked.wait, PATIENCE_S)

    @app.get("/quick")
    def quick(ctx):
        asked.set()

    return app


def test_the_second_is_asked_while_the_first_is_under_way(serve, app):
    assert 0 < meanwhile(serve(app), "/slow", "/quick") < PATIENCE_S


def test_an_answer_that_is_an_error_is_told(serve, app):
    with pytest.raises(LessonError, match="/nowhere was answered with 404"):
        meanwhile(serve(app), "/quick", "/nowhere")
    with pytest.raises(LessonError, match="/none was answered with 404"):
        meanwhile(serve(app), "/none", "/quick")
