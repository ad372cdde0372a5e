"""Certificates: what is wrong with a file is told by its name, and a class gets one for nothing."""

import os
import ssl
import stat
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from asyncweb import App, AsyncServer, ThreadServer, Tls
from asyncweb.errors import ServerError
from asyncweb.servers import self_signed
from tests.callers import call_tls, trusting

PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
BOTH = pytest.mark.parametrize("make", [AsyncServer, ThreadServer])


def written(folder, name, password=None):
    """A certificate that signs itself and may be anything, and its key, as two files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.NoEncryption()
    if password is not None:
        lock = serialization.BestAvailableEncryption(password)
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(cert.public_bytes(PEM))
    files[1].write_bytes(key.private_bytes(PEM, PKCS8, lock))
    return files


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir(mode=0o700)
    return folder


# ---------------------------------------------------------------------- files that are wrong


def refusal(make, tls):
    with pytest.raises(ServerError) as caught:
        make(App(), tls=tls).start()
    return str(caught.value)


@BOTH
def test_a_file_that_is_not_there_is_named(make, folder):
    cert, key = written(folder, "mine")
    assert f"cannot read {folder / 'no.pem'}" in refusal(make, Tls(folder / "no.pem", key))
    assert f"cannot read {folder / 'no.key'}" in refusal(make, Tls(cert, folder / "no.key"))
    assert f"cannot read {folder / 'ca'}" in refusal(make, Tls(cert, key, ca=folder / "ca"))


@BOTH
def test_a_key_of_another_certificate_is_told(make, folder):
    cert, _ = written(folder, "mine")
    _, key = written(folder, "other")
    assert f"the key in {key} is not that of the certificate in {cert}" in refusal(
        make, Tls(cert, key)
    )


@BOTH
def test_files_in_each_others_place_are_told(make, folder):
    cert, key = written(folder, "mine")
    assert "holds no PEM" in refusal(make, Tls(key, cert))


@BOTH
def test_files_that_are_something_else_are_told(make, folder):
    cert, key = written(folder, "mine")
    other = folder / "other"
    other.write_bytes(b"\x00\xff")
    assert f"{other} holds no PEM certificate" in refusal(make, Tls(other, key))
    assert f"{other} holds no PEM private key" in refusal(make, Tls(cert, other))
    assert f"{other} holds no PEM certificate" in refusal(make, Tls(cert, key, ca=other))


@BOTH
def test_an_encrypted_key_needs_its_password_and_nobody_is_asked_for_it(make, folder, caller):
    cert, key = written(folder, "mine", b"secret")
    assert "it needs a password" in refusal(make, Tls(cert, key))
    assert "that password does not open it" in refusal(make, Tls(cert, key, password="guess"))
    with make(App(), tls=Tls(cert, key, password="secret")) as server:
        assert caller(call_tls(server, trusting(server.tls))).get().status == 404


def test_a_wrong_file_is_told_from_the_other_process_too(folder):
    with pytest.raises(ServerError, match=r"cannot read"):
        AsyncServer(App(), tls=Tls(folder / "no", folder / "no")).start(process=True)


def test_a_password_is_never_shown():
    assert "secret" not in repr(Tls("cert.pem", "key.pem", password="secret"))


def test_something_else_than_a_path_is_refused():
    with pytest.raises(TypeError, match=r"key=None\): expected the path"):
        Tls("cert.pem", None)


# ---------------------------------------------------------------------- clients that show theirs


def test_with_a_ca_only_clients_come_in_that_show_a_certificate(serve, folder, caller):
    cert, key = written(folder, "server")
    ca, client_key = written(folder, "client")
    server = serve(App(), tls=Tls(cert, key, ca=ca))
    known = ssl.create_default_context(cafile=str(cert))
    known.load_cert_chain(ca, client_key)
    assert caller(call_tls(server, known)).get().status == 404
    unknown = ssl.create_default_context(cafile=str(cert))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        caller(call_tls(server, unknown)).get()


# ---------------------------------------------------------------------- one for class


def test_a_self_signed_certificate_is_made_once_and_its_key_is_nobody_elses(folder):
    cert, key = self_signed.certificate(folder=folder)
    assert self_signed.certificate(folder=folder) == (cert, key)
    assert len(list(folder.iterdir())) == 1  # nothing else is left
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert stat.S_IMODE(self_signed.own_folder().stat().st_mode) == 0o700


def test_a_certificate_that_is_nearly_over_is_made_anew(folder, monkeypatch):
    cert, key = self_signed.certificate(folder=folder)
    before = cert.read_bytes()
    monkeypatch.setattr(self_signed, "RENEWED_BEFORE", self_signed.VALID + timedelta(days=1))
    assert self_signed.certificate(folder=folder) == (cert, key)
    assert cert.read_bytes() != before
    Tls(cert, key).context()
    assert len(list(folder.iterdir())) == 1


def test_a_certificate_that_was_spoilt_is_made_anew(folder):
    cert, key = self_signed.certificate(folder=folder)
    cert.write_text("spoilt")
    self_signed.certificate(folder=folder)
    Tls(cert, key).context()


def test_it_is_for_the_names_that_were_asked_for(folder):
    cert, _ = self_signed.certificate(("class.example", "192.0.2.7"), folder)
    names = x509.load_pem_x509_certificate(cert.read_bytes()).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    assert found.get_values_for_type(x509.DNSName) == ["class.example"]
    assert [str(one) for one in found.get_values_for_type(x509.IPAddress)] == ["192.0.2.7"]
    assert self_signed.certificate(folder=folder)[0] != cert


def test_when_another_process_is_faster_its_pair_is_taken(folder, monkeypatch):
    theirs = self_signed.certificate(folder=folder)
    made = theirs[0].read_bytes()
    monkeypatch.setattr(self_signed, "_is_fresh", lambda *pair: False)
    monkeypatch.setattr(self_signed.shutil, "rmtree", lambda place, **how: None)
    assert self_signed.certificate(folder=folder) == theirs
    assert theirs[0].read_bytes() == made


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows' folder is the user's own")
def test_a_folder_that_others_can_read_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(self_signed.tempfile, "gettempdir", lambda: str(tmp_path))
    self_signed.own_folder().chmod(0o755)
    with pytest.raises(ServerError, match="not a folder of yours alone"):
        self_signed.own_folder()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows' folder is the user's own")
def test_a_link_that_was_laid_there_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(self_signed.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / f"asyncweb-{os.getuid()}").symlink_to(tmp_path)
    with pytest.raises(ServerError, match="not a folder of yours alone"):
        self_signed.own_folder()


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ServerError, match=r'pip install "asyncweb\[tls\]"'):
        Tls.self_signed()
