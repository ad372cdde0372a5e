"""A request to a server on this machine goes there, whatever proxy the environment names."""

from urllib.error import HTTPError
from urllib.request import Request

import pytest

from asyncweb import App
from asyncweb.lab.direct import urlopen


@pytest.fixture
def server(serve):
    app = App()
    app.get("/")(lambda ctx: ctx.headers.get("x-said", "Hello"))
    return serve(app)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_asked(server, variable, monkeypatch):
    for named in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(named, raising=False)
    monkeypatch.setenv(variable, "http://proxy.invalid:3128")
    with urlopen(server.url) as answer:
        assert answer.read() == b"Hello"


def test_a_request_may_say_more_than_its_address(server):
    with urlopen(Request(server.url, headers={"X-Said": "Hi"})) as answer:
        assert answer.read() == b"Hi"


def test_a_status_of_an_error_is_raised(server):
    with pytest.raises(HTTPError, match="404"):
        urlopen(server.url + "/nowhere")
