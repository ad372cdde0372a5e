"""A slow query that is as slow as a test wants: it sleeps until it is let through."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from asyncweb.lab.database import sqlite
from tests.conftest import PATIENCE_S, eventually


class Gate:
    """Takes the place of `time.sleep` in SQLite, and counts who is inside."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self._open = threading.Event()
        self._counting = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._counting:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self._open.wait(PATIENCE_S)
        with self._counting:
            self.inside -= 1

    def await_inside(self, count: int) -> None:
        eventually(lambda: self.inside == count)

    def let_through(self) -> None:
        self._open.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(sqlite, "time", SimpleNamespace(sleep=made.sleep))
    return made
