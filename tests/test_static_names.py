"""Whatever is asked for, nothing outside of the folder is answered."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asyncweb import App
from asyncweb.coroutine import run_to_end
from asyncweb.http.messages import Request

WORDS = [
    "/", "/", "..", ".", "%2e", "%2E%2e", "%2f", "%5c", "\\", "%00", "a.txt", "sub", "link", "up",
    "secret.txt", "inside", ":", "~", "%", "%c0%af", "%ff", " ", "C:", "NUL", ".hidden", "?", ";a",
]  # fmt: skip
INSIDE = {b"a", b"sub a", b"<p>"}


class FakeEngine:
    def failed(self, request, error):
        raise error


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS) | st.text("./%\\2eEfF5cC", max_size=6), max_size=10))
@pytest.mark.skipif(os.name == "nt", reason="Windows lets only some users make links")
def test_no_path_leads_out(tmp_path, words):
    inside = tmp_path / "inside"
    if not inside.exists():
        (inside / "sub").mkdir(parents=True)
        (tmp_path / "secret.txt").write_text("secret")
        (inside / ".hidden").write_text("secret")
        (inside / "a.txt").write_text("a")
        (inside / "sub" / "a.txt").write_text("sub a")
        (inside / "sub" / "index.html").write_text("<p>")
        (inside / "link").symlink_to("sub")
        (inside / "up").symlink_to("..")
    app = App()
    app.static("/", inside)
    ctx = app.context(Request("GET", "/" + "".join(words)), FakeEngine())
    response = run_to_end(app.respond(ctx), "")
    assert response.status in (200, 307, 400, 404)
    if response.status == 200:
        assert response.body in INSIDE
