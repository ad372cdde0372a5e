"""Whom a load trusts: the client's side of TLS, and what is said of a certificate that fails.

Rule: a server's certificate is checked unless the plan says otherwise, and by the files the plan
names alone, when it names one.
"""

from __future__ import annotations

import ssl

from asyncweb.errors import LoadError
from asyncweb.loadtest.plan import Plan


def client_context(plan: Plan) -> ssl.SSLContext | None:
    """The context to connect with; None for a URL that does not encrypt.

    Raises LoadError for a `ca` that is no PEM file.
    """
    if not plan.is_secure:
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
    return context


def distrusted(plan: Plan, error: ssl.SSLCertVerificationError) -> LoadError:
    """What is said of a server whose certificate is not trusted."""
    why = error.verify_message.rstrip(".")
    return LoadError(
        f"the certificate of {plan.url} is not trusted ({why}): name a PEM file to trust with "
        "ca=, or load it unchecked with insecure=True"
    )
