"""Clients that come by another way than a plain connection to a port of 127.0.0.1.

Rule: on the wire they are the same Peer; only the way differs.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asyncweb import Tls
from asyncweb.instruments.scripted_end import ScriptedEnd
from asyncweb.servers.base import Server
from tests.conftest import PATIENCE_S, Peer


def trusting(tls: Tls) -> ssl.SSLContext:
    """A client's context that trusts the certificate of `tls`, as strictly as it can."""
    context = ssl.create_default_context(cafile=str(tls.cert))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


class Caller(Peer):
    """A Peer over a socket that is connected already."""

    def __init__(self, connected: socket.socket):
        ScriptedEnd.__init__(self, connected)

    def says_no_more(self) -> Caller:
        socket.socket.shutdown(self.socket, socket.SHUT_WR)  # an SSLSocket would forget its TLS
        return self


def call_tcp(server: Server, host: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((host, server.port), PATIENCE_S)


def call_unix(path: str | Path) -> socket.socket:
    calling = socket.socket(socket.AF_UNIX)
    calling.settimeout(PATIENCE_S)
    calling.connect(str(path))
    return calling


def call_tls(server: Server, context: ssl.SSLContext | None = None) -> ssl.SSLSocket:
    """An end without the goodbye of TLS is an error here."""
    if context is None:
        assert isinstance(server.tls, Tls)
        context = trusting(server.tls)
    return context.wrap_socket(
        call_tcp(server), server_hostname="localhost", suppress_ragged_eofs=False
    )


@pytest.fixture(scope="session")
def tls() -> Tls:
    """A certificate of our own, for localhost."""
    return Tls.self_signed()


@pytest.fixture
def caller() -> Iterator[Callable[[socket.socket], Caller]]:
    """Makes a Peer of a connected socket, and closes it after the test."""
    callers: list[Caller] = []

    def make(connected: Any) -> Caller:
        callers.append(Caller(connected))
        return callers[-1]

    yield make
    for one in callers:
        one.leave()


def accepted(link: Any) -> Any:
    """The server's own socket of a request, of whichever engine: for its options."""
    transport = getattr(link, "_transport", None)
    return transport.get_extra_info("socket") if transport is not None else link._socket
