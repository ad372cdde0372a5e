"""Keys, read one by one as they are pressed, from a thread of their own.

Rule: the terminal is lent, not owned: it is given back as it was, and nothing is read where
nobody sits, where somebody else reads, or from behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from select import select
from typing import Protocol

from asyncweb.dashboard.key_names import KeyNames

POLL_S = 0.1  # how soon a reader sees that it is over, and that the terminal is ours again
OnKey = Callable[[str], None]


class Keyboard(Protocol):
    """Something that reads keys until it is closed."""

    def close(self) -> None:
        """Reads no more and gives the terminal back. Can be called twice."""


def open_keyboard(on_key: OnKey) -> Keyboard | None:
    """Calls `on_key` with the name of each key from now on; None where there is none to read.

    That is so without a terminal on standard input, in the background, and at a prompt of
    Python, whose keys these are. `on_key` is called from another thread.
    """
    if hasattr(sys, "ps1") or not _is_terminal():
        return None
    if sys.platform == "win32":
        return _WindowsKeyboard(on_key)
    fd = sys.stdin.fileno()
    return _PosixKeyboard(fd, on_key) if _in_front(fd) else None


def interrupt() -> None:
    """Does what Ctrl-C does, from any thread."""
    if sys.platform == "win32":
        import _thread

        _thread.interrupt_main()
    else:
        # Sent to the main thread itself, so that whatever it waits in ends at once.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def _is_terminal() -> bool:
    try:
        return sys.stdin is not None and os.isatty(sys.stdin.fileno())
    except (OSError, ValueError):  # closed, or no file at all, as under pytest
        return False


def _in_front(fd: int) -> bool:
    """Whether we may touch the terminal: one who does from the background is stopped."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        return False  # it is not the terminal of this session


class _PosixKeyboard:
    """Waits for keys with `select`; only the reading changes, and Ctrl-C stays a signal."""

    def __init__(self, fd: int, on_key: OnKey):
        import termios

        self._fd = fd
        self._on_key = on_key
        self._names = KeyNames()
        self._before = termios.tcgetattr(fd)
        self._take()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, name="asyncweb-keys", daemon=True)
        self._thread.start()

    def close(self) -> None:
        import termios

        # Whole when it is called again: Ctrl-C may have cut the first call short.
        self._over.set()
        self._thread.join()
        with contextlib.suppress(termios.error):  # it is gone
            if _in_front(self._fd):
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def _take(self) -> None:
        """Lets keys come at once and unseen, unless they do already."""
        import termios
        import tty

        if termios.tcgetattr(self._fd)[tty.LFLAG] & termios.ICANON:
            tty.setcbreak(self._fd, termios.TCSADRAIN)  # keys that wait are not thrown away

    def _read(self) -> None:
        import termios

        with contextlib.suppress(OSError, termios.error):  # the terminal is gone
            while not self._over.is_set():
                if not _in_front(self._fd):
                    self._over.wait(POLL_S)
                    continue
                self._take()  # again and again: after Ctrl-Z the shell has had it in between
                if select([self._fd], [], [], POLL_S)[0] and not self._read_some():
                    return

    def _read_some(self) -> bool:
        """Tells of the keys that wait; False when nobody will press any more."""
        data = os.read(self._fd, 1024)
        for name in self._names.receive(data):
            self._on_key(name)
        return bool(data)


class _WindowsKeyboard:
    """Asks msvcrt again and again; the console's mode is never changed."""

    def __init__(self, on_key: OnKey):
        self._on_key = on_key
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, name="asyncweb-keys", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        if sys.platform != "win32":
            return
        import msvcrt

        names = KeyNames()
        while not self._over.wait(POLL_S):
            while msvcrt.kbhit():
                character = msvcrt.getwch()
                if character in "\x00\xe0":  # an arrow or its like; a second one says which
                    msvcrt.getwch()
                    continue
                for name in names.receive(character.encode("utf-8", "ignore")):
                    self._on_key(name)
