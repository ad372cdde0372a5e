"""Cookies: what a client sends back, and what it is told to keep.

Rule: reading is lenient, for nobody can ask a browser to repair its cookies; writing is strict, so
that neither a name, a value nor an attribute can smuggle in another (RFC 6265).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from datetime import datetime

COOKIE_BYTES = 4096  # of name, value and attributes: browsers drop what is larger
_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_UNSAFE_IN_VALUE = r"[^!#-+\--:<-\[\]-~]"  # all but RFC 6265's cookie-octets
_UNSAFE_IN_ATTRIBUTE = r"[^ -:<-~]"  # controls, the semicolon, what is not ASCII
_SAMESITE = {"lax": "Lax", "strict": "Strict", "none": "None"}
_SAMESITE |= {spelled: spelled for spelled in _SAMESITE.values()}


class CookieAttributes(TypedDict, total=False):
    """What `set_cookie` may say of a cookie beside its name and value."""

    max_age: int | None  # seconds
    expires: datetime | None  # with a time zone
    path: str | None  # "/" unless told otherwise
    domain: str | None  # this host alone unless told otherwise
    secure: bool  # sent over TLS only
    httponly: bool  # hidden from scripts
    samesite: Literal["Lax", "Strict", "None"] | None  # "Lax" unless told otherwise
    partitioned: bool  # one jar for each site that embeds this one


def parse_cookies(fields: Iterable[str]) -> dict[str, str]:
    """The cookies of the Cookie `fields`, by name.

    Of several with one name the first is kept: clients send the one of the most specific path
    first (RFC 6265, 5.4). Quotes around a value are taken off; what has no name is left out.

    >>> parse_cookies(['a=1; b="2"; a=3'])
    {'a': '1', 'b': '2'}
    """
    cookies: dict[str, str] = {}
    for pair in ";".join(fields).split(";"):
        name, equals, value = (part.strip(" \t") for part in pair.partition("="))
        if not (name and equals):
            continue
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        cookies.setdefault(name, value)
    return cookies


def spell_cookie(name: str, value: str, attributes: CookieAttributes) -> str:
    """The Set-Cookie field's value. Raises ValueError or TypeError for what no client would take.

    >>> spell_cookie("id", "7", {"max_age": 60, "httponly": True})
    'id=7; Max-Age=60; Path=/; HttpOnly; SameSite=Lax'
    """
    if not re.fullmatch(_NAME, name):
        raise ValueError(f"{name!r} is no cookie name: letters, digits and !#$%&'*+-.^_`|~")
    if re.search(_UNSAFE_IN_VALUE, value):
        raise ValueError(f"cookie {name}: {value!r} must be encoded, e.g. urllib.parse.quote")
    unknown = sorted(set(attributes) - CookieAttributes.__annotations__.keys())
    if unknown:
        known = ", ".join(CookieAttributes.__annotations__)
        raise TypeError(f"cookie {name}: unknown attribute {unknown[0]!r}; known: {known}")
    full: dict[str, Any] = {"path": "/", "samesite": "Lax", **attributes}
    _check_together(name, full)
    text = "; ".join([f"{name}={value}", *_spelled(name, full)])
    if len(text) > COOKIE_BYTES:
        raise ValueError(f"cookie {name}: {len(text)} bytes; clients keep at most {COOKIE_BYTES}")
    return text


def _spelled(name: str, attributes: dict[str, Any]) -> Iterator[str]:
    expires, max_age = attributes.get("expires"), attributes.get("max_age")
    if expires is not None:
        yield f"Expires={_date(name, expires)}"
    if max_age is not None:
        yield f"Max-Age={_seconds(name, max_age)}"
    for attribute in ("domain", "path"):
        setting = attributes.get(attribute)
        if setting is not None:
            if re.search(_UNSAFE_IN_ATTRIBUTE, setting):
                raise ValueError(f"cookie {name}: {attribute} {setting!r} must be ASCII without ;")
            yield f"{attribute.capitalize()}={setting}"
    if attributes.get("secure"):
        yield "Secure"
    if attributes.get("httponly"):
        yield "HttpOnly"
    if attributes["samesite"] is not None:
        yield f"SameSite={_samesite(name, attributes['samesite'])}"
    if attributes.get("partitioned"):
        yield "Partitioned"


def _check_together(name: str, attributes: dict[str, Any]) -> None:
    """Refuses what clients drop without a word."""
    needs = [
        ("samesite='None'", attributes["samesite"] in ("None", "none")),
        ("partitioned=True", attributes.get("partitioned")),
        ("a name that begins with __Secure-", name.startswith("__Secure-")),
        ("a name that begins with __Host-", name.startswith("__Host-")),
    ]
    for what, is_so in needs:
        if is_so and not attributes.get("secure"):
            raise ValueError(f"cookie {name}: {what} needs secure=True, or clients drop the cookie")
    if name.startswith("__Host-") and (attributes["path"] != "/" or attributes.get("domain")):
        raise ValueError(f"cookie {name}: a __Host- cookie has path='/' and no domain")


def _date(name: str, expires: Any) -> str:
    from datetime import datetime  # loaded by those whose cookies end at a moment

    from asyncweb.http.dates import http_date

    if not isinstance(expires, datetime) or expires.tzinfo is None:
        raise TypeError(
            f"cookie {name}: expires={expires!r}; expected a datetime with a time zone, e.g. "
            "datetime.now(UTC) + timedelta(days=1)"
        )
    return http_date(expires.timestamp())


def _seconds(name: str, max_age: Any) -> int:
    if not isinstance(max_age, int) or isinstance(max_age, bool):
        raise TypeError(f"cookie {name}: max_age={max_age!r}; expected whole seconds")
    return max_age


def _samesite(name: str, samesite: Any) -> str:
    spelled = _SAMESITE.get(samesite)
    if spelled is None:
        raise ValueError(f"cookie {name}: samesite={samesite!r}; known: Lax, Strict, None")
    return spelled
