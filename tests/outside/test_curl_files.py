"""curl fetches files: in parts, again, onward where it broke off, and compressed."""

import filecmp
import os
import subprocess

import pytest

from asyncweb import App

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "large.bin").write_bytes(os.urandom(3 * MEGABYTE + 7))
    (folder / "text.txt").write_text("the same again, " * 20_000)
    return folder


@pytest.fixture
def curl(needs, engine, folder, tmp_path, serve_outside):
    """`curl(options..., path)` gives the status, the bytes that came, and the file `got`."""
    app = App()
    app.compress()
    app.static("/files", folder)
    server = serve_outside(app, engine)
    program = needs("curl")

    def run(*options, path):
        told = "%{http_code} %{size_download}"
        command = [program, "-q", "-sS", "--noproxy", "*", "-o", "got", "-w", told, *options]
        said = subprocess.run(
            [*command, f"{server.url}/files/{path}"],
            cwd=tmp_path, capture_output=True, timeout=30, check=True,
        )  # fmt: skip
        status, size = said.stdout.split()
        got = tmp_path / "got"
        return int(status), int(size), got.read_bytes() if got.exists() else b""

    return run


def test_a_file_is_fetched(curl, folder, tmp_path):
    assert curl(path="large.bin")[0] == 200
    assert filecmp.cmp(tmp_path / "got", folder / "large.bin", shallow=False)


def test_a_part_is_fetched(curl, folder):
    content = (folder / "large.bin").read_bytes()
    assert curl("-r", "100-199", path="large.bin") == (206, 100, content[100:200])
    assert curl("-r", "-5", path="large.bin") == (206, 5, content[-5:])


def test_a_fetch_that_broke_off_goes_on(curl, folder, tmp_path):
    content = (folder / "large.bin").read_bytes()
    (tmp_path / "got").write_bytes(content[:MEGABYTE])
    status, size, got = curl("-C", "-", path="large.bin")
    assert (status, size, got) == (206, len(content) - MEGABYTE, content)


def test_a_file_that_has_not_changed_is_not_sent_again(curl):
    save = ("--etag-save", "tag", "--etag-compare", "tag")
    assert curl(*save, path="large.bin")[0] == 200
    assert curl(*save, path="large.bin")[:2] == (304, 0)
    assert curl("-z", "got", path="large.bin")[:2] == (304, 0)


def test_a_text_comes_compressed(curl, folder):
    status, size, got = curl("--compressed", path="text.txt")
    assert (status, got) == (200, (folder / "text.txt").read_bytes())
    assert size < len(got) / 10
