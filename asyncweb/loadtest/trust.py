"""Whom a load trusts, and who it says it is: the client's side of TLS, and what is said of a
certificate that fails.

Rule: a server's certificate is checked unless the plan says otherwise, and by the files the plan
names alone, when it names one.
"""

from __future__ import annotations

import ssl

from asyncweb.errors import LoadError, ServerError
from asyncweb.loadtest.plan import Plan


def client_context(plan: Plan) -> ssl.SSLContext | None:
    """The context to connect with; None for a URL that does not encrypt.

    Raises LoadError for a `ca` that is no PEM file, and for an `identity` that is none.
    """
    if not plan.is_secure:
        if plan.identity is not None:
            raise LoadError(
                f"{plan.url} asks nobody for a certificate: expected https:// or wss://"
            )
        return None
    try:
        context = ssl.create_default_context(cafile=plan.ca or None)
    except ssl.SSLError:
        raise LoadError(f"ca={plan.ca!r} holds no PEM certificate") from None
    except OSError as error:
        why = error.strerror
        raise LoadError(f"ca={plan.ca!r} cannot be read ({why}): expected a PEM file") from None
    context.set_alpn_protocols(["http/1.1"])
    # A file may hold a server's own certificate instead of the root that signed it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if plan.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if plan.identity is not None:
        try:
            plan.identity.show_in(context)
        except ServerError as error:
            raise LoadError(f"the load's own certificate: {error}") from None
    return context


def is_turned_away(error: Exception | None) -> bool:
    """Whether it was for our own certificate, or for want of one, that the other side hung up.

    In TLS 1.3 that comes after our side has taken the handshake for done.
    """
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    return "ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason)


def turned_away(plan: Plan, error: Exception | None) -> LoadError:
    """What is said of a server that does not let us in."""
    why = (getattr(error, "reason", None) or "").rpartition("ALERT_")[2].lower().replace("_", " ")
    shown = f"the one shown, {plan.identity.cert}, is not trusted there" if plan.identity else ""
    return LoadError(
        f"{plan.url} wants to know who asks ({why}): "
        f"{shown or 'show a certificate with identity=Tls(cert, key), or --cert and --key'}"
    )


def distrusted(plan: Plan, error: ssl.SSLCertVerificationError) -> LoadError:
    """What is said of a server whose certificate is not trusted."""
    why = error.verify_message.rstrip(".")
    return LoadError(
        f"the certificate of {plan.url} is not trusted ({why}): name a PEM file to trust with "
        "ca=, or load it unchecked with insecure=True"
    )
