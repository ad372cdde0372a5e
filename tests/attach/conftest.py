"""What the tests of attaching share: a place of their own for the doors."""

import pytest

from asyncweb.attach import attachment


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """The user's runtime folder, for this test alone and for the processes that it starts."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


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
