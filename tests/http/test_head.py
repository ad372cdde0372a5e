"""The head of a request: white space that means nothing, and what another reader lets through."""

import pytest

from asyncweb.errors import ProtocolError
from asyncweb.http import head
from asyncweb.http.head import Head, read_fields
from asyncweb.http.limits import Limits


def read(*fields):
    lines = b"".join(line + b"\r\n" for line in (b"POST / HTTP/1.1", *fields, b""))
    return Head(lines, Limits())


def status(*fields):
    with pytest.raises(ProtocolError) as caught:
        read(*fields)
    return caught.value.status


@pytest.mark.parametrize("space", [b" ", b"\t", b" \t "])
def test_white_space_around_a_value_means_nothing(space):
    around = [
        b"Host:%bt%b" % (space, space),
        b"Content-Length:%b5%b" % (space, space),
        b"Expect:%b100-continue%b" % (space, space),
        b"Connection:%bclose%b" % (space, space),
    ]
    here = read(*around)
    assert (here.length, here.expects_continue, here.keep_alive) == (5, True, False)


def test_a_space_around_chunked_means_nothing():
    assert read(b"Host: t", b"Transfer-Encoding:  chunked ").length is None


@pytest.mark.parametrize(
    "field",
    [
        (b"content-length", b"+5"),
        (b"content-length", b"5,5"),
        (b"content-length", b""),
        (b"transfer-encoding", b"gzip"),
        (b"transfer-encoding", b"chunked, chunked"),
        (b"transfer-encoding", b"chunked, gzip"),
    ],
)
def test_what_httptools_might_let_through_is_refused_here_too(monkeypatch, field):
    monkeypatch.setattr(head, "read_fields", lambda block: [(b"host", b"t"), field])
    assert status() == 400


@pytest.mark.parametrize("block", [b"A: b", b"A: b\r\n", b""])
def test_fields_without_an_end_are_no_fields(block):
    with pytest.raises(ProtocolError, match="have no end"):
        read_fields(block)


@pytest.mark.parametrize("host", [b"[::1", b"[1.2.3.4]", b"[:::]", b"[g::]", b":80", b"[]"])
def test_a_host_that_is_none_is_refused(host):
    assert status(b"Host: " + host) == 400


def test_an_address_of_ipv6_is_a_host():
    assert read(b"Host: [::1]:80").length == 0
