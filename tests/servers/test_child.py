"""A process of our own: what it says is heard, whatever becomes of it."""

import subprocess
import sys
import threading

import pytest

from asyncweb.errors import ServerError
from asyncweb.servers.child import Child
from tests.conftest import PATIENCE_S

LAST_WORDS = "all is well"


def speaks_and_ends(pipe):
    """The process's side."""
    pipe.send(LAST_WORDS)


def test_what_it_says_last_is_heard_before_its_end(monkeypatch):
    """Its end may be known before its words are read."""
    may_read = threading.Event()
    monkeypatch.setattr(Child, "_read", slow_to_read(Child._read, may_read))
    child = Child(f"{__name__}:speaks_and_ends")
    child.process.wait(PATIENCE_S)
    waits = threading.Thread(target=child.wait)
    waits.start()
    may_read.set()
    waits.join(PATIENCE_S)
    assert child.receive(PATIENCE_S) == LAST_WORDS
    with pytest.raises(ServerError, match="has ended: exit code 0"):
        child.receive(PATIENCE_S)
    child.stop()


def slow_to_read(read, may_read):
    """`read`, which waits until it may."""

    def reads(self):
        may_read.wait(PATIENCE_S)
        read(self)

    return reads


def test_files_that_are_named_like_modules_of_python_do_not_end_it(tmp_path, monkeypatch):
    """A notebook's path begins with its own folder."""
    for name in ("http", "queue", "select", "ssl"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    child = Child(f"{__name__}:speaks_and_ends")
    assert child.receive(PATIENCE_S) == LAST_WORDS
    child.stop()


class NotStarted(Exception):
    """Instead of a process."""


def test_in_a_virtual_environment_on_windows_its_pid_is_that_of_the_real_python(monkeypatch):
    """There the python.exe of the environment launches another one, under a pid of its own."""
    started = {}

    def note(command, env, **settings):
        started.update(python=command[0], launcher=env.get("__PYVENV_LAUNCHER__"))
        raise NotStarted

    monkeypatch.setattr(subprocess, "Popen", note)
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"C:\class\venv\Scripts\python.exe")
    monkeypatch.setattr(sys, "_base_executable", r"C:\Python\python.exe")
    with pytest.raises(NotStarted):
        Child(f"{__name__}:speaks_and_ends")
    monkeypatch.undo()
    assert started == {
        "python": r"C:\Python\python.exe",
        "launcher": r"C:\class\venv\Scripts\python.exe",
    }
