"""Whether there is anybody to be loaded, asked once before a load begins.

Rule: who listens nowhere is told at once; who is only slow gets the load, and that tells.
"""

from __future__ import annotations

import socket
import ssl
import threading
from concurrent.futures import Future
from typing import Any

from asyncweb.errors import LoadError
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.trust import client_context, distrusted, is_turned_away, turned_away

LOOK_UP_S = 1.0
CONNECT_S = 0.5


def check_reachable(plan: Plan) -> None:
    """Returns when somebody listens where `plan` goes, or may do so. Raises LoadError otherwise.

    Over TLS it shakes hands once, and raises LoadError for a certificate that is not trusted.
    """
    refusal: OSError | None = None
    context = client_context(plan)
    for family, kind, protocol, _, address in _looked_up(plan.host, plan.port):
        try:
            with socket.socket(family, kind, protocol) as knocking:
                knocking.settimeout(CONNECT_S)
                knocking.connect(address)
                return _shake_hands(knocking, context, plan)
        except TimeoutError:
            return  # a server under load may take its time
        except OSError as error:
            refusal = error
    host = f"[{plan.host}]" if ":" in plan.host else plan.host
    why = refusal.strerror if refusal else "it has no address"
    raise LoadError(
        f"nobody listens at {host}:{plan.port} ({why}): check the address, or start the server "
        f"first, e.g. `asyncweb serve module:app --port {plan.port}`"
    )


def _shake_hands(connected: socket.socket, context: ssl.SSLContext | None, plan: Plan) -> None:
    if context is None:
        return
    try:
        context.wrap_socket(connected, server_hostname=plan.host).close()
    except ssl.SSLCertVerificationError as error:
        raise distrusted(plan, error) from None
    except ssl.SSLError as error:
        if is_turned_away(error):
            raise turned_away(plan, error) from None
        why = (error.reason or str(error)).lower().replace("_", " ")
        raise LoadError(
            f"{plan.url} does not speak TLS as was expected ({why}): without TLS it is "
            f"{plan.scheme.removesuffix('s')}://"
        ) from None
    except OSError:
        return  # it hung up, or was too slow: the load will tell


def _looked_up(host: str, port: int) -> list[tuple[Any, ...]]:
    """The addresses of `host`. Raises LoadError when it has none, or nobody says so in time."""
    found: Future[list[tuple[Any, ...]]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:
            found.set_exception(error)

    # The look-up itself knows no timeout, and one thread that is left waiting does no harm.
    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        return found.result(LOOK_UP_S)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "nobody could say in time"
        raise LoadError(
            f"there is no host {host!r} ({why}): check the name; this machine is 127.0.0.1"
        ) from None
