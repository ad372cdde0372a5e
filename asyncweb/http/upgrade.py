"""From HTTP to another protocol, on the same connection (RFC 9110, 7.8).

Rule: nothing is switched to that the client has not asked for.
"""

from __future__ import annotations

from asyncweb.errors import HTTPError
from asyncweb.http.messages import Request


def asks_for(request: Request, protocol: str) -> bool:
    """Whether the client offers to go on in `protocol`; names compare without case."""
    if not request.upgrades:
        return False
    names = request.headers.get("upgrade", "").lower().split(",")
    return protocol.lower() in (name.strip() for name in names)


def check_upgrade(request: Request, protocol: str) -> None:
    """Raises HTTPError 426, which says what to ask for, when the client does not ask for it."""
    if not asks_for(request, protocol):
        raise HTTPError(
            426,
            f"this place speaks {protocol}: ask for it with HTTP/1.1, "
            f"`Connection: upgrade` and `Upgrade: {protocol}`",
            {"upgrade": protocol},
        )
