"""Why a connection was not made, by the kinds of error that a result counts.

Rule: what this machine could not do is never told as a fault of the server.
"""

from __future__ import annotations

import errno
import ssl

from asyncweb.loadtest.answers import NoAnswer

OWN_FAULTS = {
    errno.EMFILE: "own files",
    errno.ENFILE: "own files",
    errno.EADDRNOTAVAIL: "own ports",
}


def kind_of(error: OSError | NoAnswer) -> str:
    """The kind of what went wrong while a connection was made.

    >>> kind_of(ConnectionRefusedError()), kind_of(OSError(errno.EMFILE, "too many open files"))
    ('connect', 'own files')
    """
    if isinstance(error, NoAnswer):
        return error.kind
    if isinstance(error, ssl.SSLError):  # its numbers are not those of the system
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls"
    return OWN_FAULTS.get(error.errno or 0, "connect")
