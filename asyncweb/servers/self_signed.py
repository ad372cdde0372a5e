"""A certificate that a server signs for itself: encrypted like any other, trusted by nobody.

Rule: one pair of files for each set of names, in a folder that only its user can open, made anew
when its time is nearly over. So nothing piles up, and the key is never readable by others.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from asyncweb.errors import ServerError

if TYPE_CHECKING:
    from cryptography import x509

VALID = timedelta(days=30)
RENEWED_BEFORE = timedelta(days=2)
DEFAULT_HOSTS = ("localhost", "127.0.0.1", "::1")


def certificate(hosts: Sequence[str] = (), folder: Path | None = None) -> tuple[Path, Path]:
    """The files (certificate, key) for `hosts`, by default this very machine.

    Raises ServerError when the library is missing or the folder is not ours.
    """
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise ServerError(
            'a self-signed certificate needs the library cryptography: pip install "asyncweb[tls]"'
        ) from None
    hosts = tuple(hosts) or DEFAULT_HOSTS
    folder = own_folder() if folder is None else folder
    place = folder / hashlib.sha256("\n".join(hosts).encode()).hexdigest()[:16]
    pair = place / "cert.pem", place / "key.pem"
    if not _is_fresh(*pair):
        _make(hosts, place)
    return pair


def own_folder() -> Path:
    """A folder for temporary files that only this user can open."""
    user = str(os.getuid()) if hasattr(os, "getuid") else "own"  # Windows' own is the user's own
    folder = Path(tempfile.gettempdir()) / f"asyncweb-{user}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if hasattr(os, "getuid") and (
        not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077
    ):
        # Another user may have put it there, to read the keys we would write into it.
        raise ServerError(f"{folder} is not a folder of yours alone: remove it, or chmod 700 it")
    return folder


def _is_fresh(cert: Path, key: Path) -> bool:
    from cryptography import x509

    try:
        made = x509.load_pem_x509_certificate(cert.read_bytes())
    except (OSError, ValueError):
        return False
    return key.exists() and made.not_valid_after_utc - datetime.now(UTC) > RENEWED_BEFORE


def _make(hosts: Sequence[str], place: Path) -> None:
    """Writes both files beside their place first: others see the whole pair, or none."""
    cert, key = _sign(hosts)
    made = Path(tempfile.mkdtemp(dir=place.parent))  # which only its owner can open
    try:
        (made / "cert.pem").write_bytes(cert)
        with open(made / "key.pem", "wb", opener=_for_owner) as file:
            file.write(key)
        shutil.rmtree(place, ignore_errors=True)
        with contextlib.suppress(OSError):  # another process was faster: its pair is as good
            made.rename(place)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sign(hosts: Sequence[str]) -> tuple[bytes, bytes]:
    """A new certificate and its key, as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "asyncweb, self-signed")])
    now = datetime.now(UTC)
    identity = x509.SubjectKeyIdentifier.from_public_key(public)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    names = x509.SubjectAlternativeName([_name(host) for host in hosts])
    signed = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # the clients' clocks may be late
        .not_valid_after(now + VALID)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(purpose, critical=False)
        .add_extension(identity, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signed.public_bytes(serialization.Encoding.PEM), secret


def _name(host: str) -> x509.GeneralName:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)
