"""What a server needs to speak TLS: its certificate, its key, and safe settings for the rest.

Rule: only values that can travel to another process; the ssl.SSLContext is made where it is used.
What is wrong with a file is told with its name and with the way out.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from asyncweb.errors import ServerError

PROTOCOLS = ["http/1.1"]  # what a client is told that we speak after the handshake (ALPN)


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate and its key, as two PEM files: `tls=Tls("cert.pem", "key.pem")`.

    `cert` holds the server's certificate and after it those that lead to a root the clients know.
    `password` opens an encrypted key. With `ca`, a PEM file, only clients come in that show a
    certificate signed by one of those in it. TLS 1.2 and 1.3 are spoken, nothing older.

    >>> Tls("cert.pem", "key.pem", password="secret")
    Tls(cert='cert.pem', key='key.pem', ca=None)
    >>> Tls("no such.pem", "key.pem").context()
    Traceback (most recent call last):
    asyncweb.errors.ServerError: tls: cannot read no such.pem: No such file or directory; ...
    """

    cert: str | Path
    key: str | Path
    password: str | None = field(default=None, repr=False)
    ca: str | Path | None = None

    def __post_init__(self) -> None:
        for name in ("cert", "key", "ca"):
            value = getattr(self, name)
            if not isinstance(value, str | Path) and not (name == "ca" and value is None):
                raise TypeError(f"Tls({name}={value!r}): expected the path of a PEM file")

    @classmethod
    def self_signed(cls, *hosts: str) -> Tls:
        """A certificate for this machine that no client trusts unless told to: for class.

        `hosts` are the names and addresses it is for; by default those of this very machine.
        It is made once and kept for some weeks, so a browser has to be told only once. A client
        trusts it by its file: `curl --cacert CERT`, `ssl.create_default_context(cafile=tls.cert)`.
        Raises ServerError when the library `cryptography` is missing.

        >>> from asyncweb import App, AsyncServer
        >>> tls = Tls.self_signed("localhost")
        >>> with AsyncServer(App(), tls=tls) as server:
        ...     server.url
        'https://127.0.0.1:...'
        >>> tls.context().minimum_version
        <TLSVersion.TLSv1_2: 771>
        """
        from asyncweb.servers.self_signed import certificate  # loaded by those who need one

        cert, key = certificate(hosts)
        return cls(cert, key)

    def context(self) -> ssl.SSLContext:
        """A fresh context for the server's side. Raises ServerError that names the wrong file."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= getattr(ssl, "OP_NO_RENEGOTIATION", 0)
        context.set_alpn_protocols(PROTOCOLS)
        self.show_in(context)
        if self.ca is not None:
            _check_readable(self.ca)
            try:
                context.load_verify_locations(self.ca)
            except ssl.SSLError as error:
                raise ServerError(f"tls: {self.ca} holds no PEM certificate") from error
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def show_in(self, context: ssl.SSLContext) -> None:
        """Lets `context`, of either side, show the certificate. Raises ServerError as `context`.

        >>> Tls("no such.pem", "key.pem").show_in(ssl.create_default_context())
        Traceback (most recent call last):
        asyncweb.errors.ServerError: tls: cannot read no such.pem: No such file or directory; ...
        """
        for path in (self.cert, self.key):
            _check_readable(path)
        asked: list[bool] = []

        def password() -> str:
            asked.append(True)
            return self.password or ""  # never OpenSSL's own question in a terminal

        try:
            context.load_cert_chain(self.cert, self.key, password)
        except (ssl.SSLError, ValueError) as error:
            raise ServerError(f"tls: {self._fault(error, bool(asked))}") from error

    def _fault(self, error: Exception, was_asked: bool) -> str:
        if was_asked:
            wrong = "that password does not open it" if self.password else "it needs a password"
            return f"the key in {self.key} is encrypted, and {wrong}: Tls(..., password=...)"
        if "KEY_VALUES_MISMATCH" in str(error):
            return f"the key in {self.key} is not that of the certificate in {self.cert}"
        for path, what in ((self.cert, "CERTIFICATE"), (self.key, "PRIVATE KEY")):
            if f"{what}-----" not in Path(path).read_text(errors="replace"):
                return f"{path} holds no PEM {what.lower()}: a line '-----BEGIN {what}-----'"
        return f"{self.cert} and {self.key} cannot be used: {error}"


def _check_readable(path: str | Path) -> None:
    try:
        with open(path, "rb"):
            return
    except OSError as error:
        raise ServerError(
            f"tls: cannot read {path}: {error.strerror}; "
            f"expected a PEM file, looked for in {os.getcwd()}"
        ) from None
