"""A server's arguments are checked where they are written: nothing starts that would then hang."""

import pytest

from asyncweb import App, AsyncServer, Limits, ThreadServer
from asyncweb.metrics.recorder import Recorder
from tests.conftest import ONE_OF_EACH

EACH = pytest.mark.parametrize("make", ONE_OF_EACH.values(), ids=ONE_OF_EACH)


@EACH
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("limits", 5, r"limits=5: expected Limits\(\.\.\.\)"),
        ("limits", {"idle_s": 1}, r"limits=\{'idle_s': 1\}: expected Limits\(\.\.\.\)"),
        ("limits", {}, r"expected Limits\(\.\.\.\)"),
        ("limits", "strict", r"or Limits\.strict\(\)"),
        ("limits", Limits, r"expected Limits\(\.\.\.\)"),
        ("observer", 5, "observer=5: expected an Observer"),
        ("observer", Recorder, r"such as Recorder\(\)"),
        ("tls", 5, "tls=5: expected .'cert.pem', 'key.pem'."),
        ("access_log", 5, "access_log=5: expected True, a path or an open text file"),
        ("name", 5, "name=5: expected text"),
        ("host", 5, "host=5: expected text"),
        ("port", "x", "port='x': expected 0 .any free port. to 65535"),
        ("port", True, "port=True: expected 0"),
        ("port", None, "port=None: expected 0"),
        ("keep_alive", "no", "keep_alive='no': expected True or False"),
        ("settings", {}, r"write Settings\.read\(\.\.\.\)\.server\(app\)"),
    ],
)
def test_an_argument_of_another_kind_is_refused_with_what_was_expected(make, name, value, expected):
    with pytest.raises(TypeError, match=expected):
        make(App(), **{name: value})


@pytest.mark.parametrize("name", ["max_threads", "queue"])
@pytest.mark.parametrize("value", ["4", 1.5, True])
def test_a_pool_is_measured_in_whole_numbers(name, value):
    with pytest.raises(TypeError, match=f"{name}={value!r}: expected at least 1"):
        ThreadServer(App(), **{name: value})


@EACH
@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_out_of_range_is_refused(make, port):
    with pytest.raises(ValueError, match=f"port={port}: expected 0 .any free port. to 65535"):
        make(App(), port=port)


def test_what_is_right_is_taken():
    server = AsyncServer(App(), name="a", limits=Limits.strict(), keep_alive=False, port=65535)
    assert (server.name, server.limits, server.keep_alive) == ("a", Limits.strict(), False)
    assert ThreadServer(App(), max_threads=None, queue=1, limits=None).limits == Limits()
