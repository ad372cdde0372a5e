"""The type of a file, by its name."""

import mimetypes

import pytest

from asyncweb.http.media import content_type_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("A.TXT", "text/plain; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.woff2", "font/woff2"),
        ("a.tar.gz", "application/gzip"),
        ("a.b/c", "application/octet-stream"),
        ("", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("html", "application/octet-stream"),
    ],
)
def test_a_name_has_its_type(name, kind):
    assert content_type_of(name) == kind


def test_what_a_system_believes_changes_nothing(monkeypatch):
    monkeypatch.setitem(mimetypes.types_map, ".js", "text/plain")
    assert content_type_of("a.js") == "text/javascript; charset=utf-8"
