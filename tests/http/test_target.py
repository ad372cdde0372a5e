"""What a request is for: every form of a target, and what is a host."""

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http.target import is_host, read_target


@pytest.mark.parametrize(
    ("method", "target", "form", "host"),
    [
        ("GET", b"/", "/", None),
        ("GET", b"/a%20b?c=d", "/a%20b?c=d", None),
        ("GET", b"//a", "//a", None),
        ("OPTIONS", b"*", "*", None),
        ("OPTIONS", b"http://host", "*", b"host"),
        ("OPTIONS", b"http://host/", "/", b"host"),
        ("GET", b"http://host", "/", b"host"),
        ("GET", b"HTTP://host:8/a?b", "/a?b", b"host:8"),
        ("GET", b"http://[::1]:8/a", "/a", b"[::1]:8"),
        ("GET", b"http://host?a=b", "/?a=b", b"host"),
    ],
)
def test_a_target_is_taken_as_path_and_query(method, target, form, host):
    assert read_target(method, target) == (form, host)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", b""),
        ("GET", b"*"),
        ("GET", b"a"),
        ("GET", b"/a#b"),
        ("GET", b"ftp://host/"),
        ("GET", b"http:///a"),
        ("GET", b"http://user@host/"),
        ("GET", b"http://host/a#b"),
        ("CONNECT", b"host:443"),
    ],
)
def test_a_target_of_another_form_is_400(method, target):
    with pytest.raises(ProtocolError, match="the request target is neither /path") as caught:
        read_target(method, target)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "value", [b"host", b"a.b-c:80", b"127.0.0.1:", b"[::1]", b"[::1]:80", b"", b"a:65535", b"%41"]
)
def test_a_host_is_a_name_or_an_address_with_an_optional_port(value):
    assert is_host(value)


@pytest.mark.parametrize(
    "value",
    [
        b"a b",
        b"a/b",
        b"a:b",
        b"a:1:2",
        b"::1",
        b"[x]",
        b"[::1",
        b"a@b",
        b"\xc3\xa9",
        b"a,b c",
        b" a",
        b":80",
        b"a:65536",
        b"a:-1",
        b"[::1%25eth0]",
        b"%4",
        b"%zz",
    ],
)
def test_a_host_is_nothing_else(value):
    assert not is_host(value)
