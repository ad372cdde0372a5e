"""What a machine lacks is named, and with it the way to get it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asyncweb.lab.claims.material import Material
from asyncweb.lab.claims.peers import apache, node, python
from asyncweb.lab.claims.peers.peer import Seat
from asyncweb.lab.claims.peers.workshop import BuildFailed

NODE = node.PEERS[0]


@pytest.fixture
def has_apache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with all that Apache needs; the folder of its modules."""
    (tmp_path / "mod_lua.so").touch()
    monkeypatch.setattr(apache, "MODULES", tmp_path)
    monkeypatch.setattr(apache, "LIBRARIES", tmp_path)
    driver = tmp_path / "some-architecture" / apache.DRIVER
    driver.parent.mkdir(parents=True)
    driver.touch()
    monkeypatch.setattr(apache.shutil, "which", lambda name, path=None: f"/usr/sbin/{name}")
    monkeypatch.setattr(apache, "_is_root", lambda: False)
    return tmp_path


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(8000, Material(tmp_path / "file", tmp_path / "database"), tmp_path)


@pytest.mark.parametrize("peer", apache.PEERS, ids=lambda peer: peer.mpm)
def test_apache_names_the_package_that_is_missing(has_apache, monkeypatch, peer):
    assert peer.missing() == ""
    (has_apache / "some-architecture" / apache.DRIVER).unlink()
    assert "libaprutil1-dbd-sqlite3" in peer.missing()
    (has_apache / "mod_lua.so").unlink()
    assert "mod_lua.so; on Debian" in peer.missing()
    monkeypatch.setattr(apache.shutil, "which", lambda name, path=None: None)
    assert peer.missing().startswith("apache2 is not installed; on Debian")


def test_root_needs_setpriv_to_start_apache_as_nobody(has_apache, monkeypatch, seat):
    peer = apache.PEERS[0]
    assert peer.command(None, seat)[0] == "/usr/sbin/apache2"
    monkeypatch.setattr(apache, "_is_root", lambda: True)
    assert peer.command(None, seat)[:2] == ["setpriv", "--reuid=65534"]
    monkeypatch.setattr(
        apache.shutil, "which", lambda name, path=None: None if name == "setpriv" else name
    )
    assert "apt install util-linux" in peer.missing()


@pytest.mark.parametrize(
    ("peer", "sizes"), list(zip(apache.PEERS, [(4000, 1), (79, 64), (1, 64)], strict=True))
)
def test_apache_is_given_what_the_crowd_needs_and_a_machine_can_bear(peer, sizes, seat):
    assert peer.sizes(seat) == sizes
    at_once = int(peer.environment(None, seat)["CLAIMS_AT_ONCE"])
    assert at_once == sizes[0] * sizes[1]


@pytest.mark.parametrize("peer", python.PEERS, ids=lambda peer: peer.name)
def test_a_server_in_python_names_the_extra_that_has_it(monkeypatch, peer):
    monkeypatch.setattr(python, "find_spec", lambda name: None)
    assert peer.missing() == f'{peer.package} is not installed; pip install "asyncweb[claims]"'


def test_gunicorn_says_that_it_does_not_run_on_windows(monkeypatch):
    monkeypatch.setattr(python.sys, "platform", "win32")
    (gunicorn,) = (peer for peer in python.PEERS if peer.package == "gunicorn")
    assert "does not run on Windows" in gunicorn.missing()


def test_node_that_is_too_old_says_which_is_not(monkeypatch):
    monkeypatch.setattr(type(NODE), "tools", {})
    monkeypatch.setattr(type(NODE), "version", lambda self, built: "18.19.0")
    assert NODE.missing().startswith("Node.js 18.19.0 is too old; install Node.js 20 or newer")


def test_node_pins_what_it_needs_and_has_no_lock_file():
    manifest = json.loads((node.HERE / "package.json").read_text())
    assert all(version[0].isdigit() for version in manifest["dependencies"].values())
    assert manifest["dependencies"]["better-sqlite3"] in NODE.settings
    assert not list(node.HERE.glob("*lock*"))


def test_a_build_that_fails_says_what_npm_said(monkeypatch, tmp_path):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'gyp ERR! not ok'\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(node.shutil, "which", lambda name: str(npm))
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(BuildFailed, match="gyp ERR! not ok"):
        NODE.build(into)
    assert not list(into.iterdir())
