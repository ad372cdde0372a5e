"""The addresses under which others find this machine.

Rule: no packet is sent to find out; what the machine's own interfaces say is told.
"""

from __future__ import annotations

import ipaddress
import socket

import psutil

from asyncweb.servers.address import url_of

EVERYWHERE = ("", "0.0.0.0", "::")
MOST = 3


def places(host: str, port: int) -> list[str]:
    """The URLs of a server that listens on `host` and `port`, the most useful first; at least one.

    >>> places("127.0.0.1", 8000)
    ['http://127.0.0.1:8000/']
    """
    hosts = (_outward() or [host]) if host in EVERYWHERE else [host]
    return [f"{url_of('http', one, port)}/" for one in hosts[:MOST]]


def is_private(host: str) -> bool:
    """Whether only this machine reaches a server on `host`.

    >>> is_private("127.0.0.1"), is_private("localhost"), is_private("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _outward() -> list[str]:
    """This machine's IPv4 addresses in its networks."""
    running = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        address.address
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
        if name in running and address.family == socket.AF_INET
    ]
    return [address for address in found if not ipaddress.ip_address(address).is_loopback]
