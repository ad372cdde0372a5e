"""What a client is told to keep, and what it would drop or misread."""

from datetime import UTC, datetime

import pytest

from asyncweb.http.cookies import spell_cookie
from asyncweb.http.messages import Response


def test_a_cookie_has_every_attribute():
    spelled = spell_cookie(
        "id",
        "7",
        {
            "expires": datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
            "max_age": 60,
            "domain": "e.example",
            "path": "/x",
            "secure": True,
            "httponly": True,
            "samesite": "None",
            "partitioned": True,
        },
    )
    assert spelled == (
        "id=7; Expires=Wed, 02 Jan 2030 03:04:05 GMT; Max-Age=60; Domain=e.example; Path=/x; "
        "Secure; HttpOnly; SameSite=None; Partitioned"
    )


def test_an_attribute_that_is_none_or_false_is_not_said():
    nothing = {"path": None, "samesite": None, "secure": False, "max_age": None, "expires": None}
    assert spell_cookie("id", "", nothing) == "id="


def test_a_cookie_is_deleted_where_it_was_set():
    response = Response()
    response.delete_cookie("id", path="/x", domain="e.example")
    assert response.headers["set-cookie"] == (
        "id=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Domain=e.example; Path=/x; "
        "SameSite=Lax"
    )


@pytest.mark.parametrize(
    ("name", "value", "attributes", "told"),
    [
        ("", "7", {}, "is no cookie name"),
        ("a;b", "7", {}, "is no cookie name"),
        ("id", "7; Domain=elsewhere", {}, "must be encoded"),
        ("id", "\u20ac", {}, "must be encoded"),
        ("id", "7", {"path": "/; Secure"}, "must be ASCII without ;"),
        ("id", "7", {"domain": "a\r\nb: c"}, "must be ASCII without ;"),
        ("id", "7", {"samesite": "Loose"}, "known: Lax, Strict, None"),
        ("id", "7", {"samesite": "None"}, "needs secure=True"),
        ("id", "7", {"partitioned": True}, "needs secure=True"),
        ("__Secure-id", "7", {}, "needs secure=True"),
        ("__Host-id", "7", {"secure": True, "path": "/x"}, "path='/' and no domain"),
        ("id", "x" * 5000, {}, "clients keep at most 4096"),
    ],
)
def test_a_cookie_that_a_client_would_misread_is_refused(name, value, attributes, told):
    with pytest.raises(ValueError, match=told):
        spell_cookie(name, value, attributes)


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"max_age": "60"}, "expected whole seconds"),
        ({"max_age": True}, "expected whole seconds"),
        ({"expires": datetime(2030, 1, 1)}, "a datetime with a time zone"),
        ({"expires": 7}, "a datetime with a time zone"),
        ({"http_only": True}, "unknown attribute 'http_only'; known: max_age, expires"),
    ],
)
def test_an_attribute_of_another_kind_is_refused(attributes, told):
    with pytest.raises(TypeError, match=told):
        spell_cookie("id", "7", attributes)
