"""What the tests of attaching share: a place of their own for the doors."""

import tempfile

import pytest

from asyncweb.attach import attachment


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """The user's runtime folder, for this test alone and for the processes that it starts.

    The temporary folder, where doors may be too, is another and empty one.
    """
    runtime, temporary = tmp_path / "runtime", tmp_path / "temporary"
    for folder, name in ((runtime, "XDG_RUNTIME_DIR"), (temporary, "TMPDIR")):
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    return runtime


@pytest.fixture
def door(monkeypatch):
    """Opens doors that are closed after the test."""
    opened = []

    def open_door(tell):
        opened.append(attachment.Attachment(tell))
        return opened[-1]

    yield open_door
    for one in opened:
        one.close()
