"""What a request is for: the forms of its target, and the host it names.

Rule: a target that could be read in two ways is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

from asyncweb.errors import BadRequest, ProtocolError

_ABSOLUTE_FORM = rb"(?i)(https?)://([^/?#]*)([/?][!-\"$-~]*)?"
_HOST = re.compile(
    rb"(?:\[([0-9A-Fa-f:.]+)\]|((?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*))(?::([0-9]*))?"
)
_BROKEN_PERCENT = rb"%(?![0-9A-Fa-f]{2})"
HIGHEST_PORT = 65535
_OTHER_SCHEME = {
    "http": "https was asked for over a connection that is not encrypted",
    "https": "http was asked for over a connection that is encrypted: ask for https://",
}


def read_target(method: str, target: bytes, scheme: str = "http") -> tuple[str, bytes | None]:
    """The path and query that `target` asks for, and the host it names; None where it names none.

    `target` is printable ASCII without a space, as the request line has proved; `scheme` is the
    one that the connection keeps.
    Raises ProtocolError for a form this server does not answer. Source: RFC 9112, 3.2 and, for a
    scheme that the connection does not keep, RFC 9110, 7.4.
    """
    if b"%" in target and re.search(_BROKEN_PERCENT, target):
        raise ProtocolError(400, "a % in the request target is not followed by two hexadecimals")
    if target.startswith(b"/") and b"#" not in target:
        return target.decode("ascii"), None
    if target == b"*" and method == "OPTIONS":
        return "*", None
    absolute = re.fullmatch(_ABSOLUTE_FORM, target)
    if absolute and absolute[2] and is_host(absolute[2]):
        if absolute[1].lower() != scheme.encode():
            raise ProtocolError(421, _OTHER_SCHEME[scheme])
        rest = (absolute[3] or (b"*" if method == "OPTIONS" else b"/")).decode("ascii")
        return f"/{rest}" if rest.startswith("?") else rest, absolute[2]
    raise ProtocolError(400, "the request target is neither /path, http://host/path nor *")


@lru_cache(maxsize=1024)  # clients name few hosts, many times
def is_host(value: bytes) -> bool:
    """Whether `value` is a host name or address with an optional port, or nothing.

    Source: RFC 9110, 7.2 and RFC 3986, 3.2.2. A port without a host names nothing.
    """
    match = _HOST.fullmatch(value)
    if match is None:
        return False
    address, name, port = match.groups()
    if address is not None and not _is_ipv6(address.decode("ascii")):
        return False
    if port is not None and not (name or address):
        return False
    return not port or (len(port) <= 5 and int(port) <= HIGHEST_PORT)


def _is_ipv6(text: str) -> bool:
    from ipaddress import IPv6Address  # loaded when somebody names such a host

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def percent_decode(text: str) -> str:
    """`text` with its %XX decoded as UTF-8. Raises BadRequest when the bytes are not UTF-8."""
    if "%" not in text:
        return text
    from urllib.parse import unquote  # loaded when somebody sends one

    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise BadRequest(f"{text!r} decodes to bytes that are not UTF-8") from None
