"""Where a process that may be looked at leaves its door: a file that only its user can read.

Rule: a folder that others can write to, or read, is never trusted. It is left alone, and told.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

OTHERS = stat.S_IRWXG | stat.S_IRWXO

_left: dict[str, Door] = {}  # by its file: what this process has left and not taken back


class Door(NamedTuple):
    """How a process is asked: at a port of this machine, with what only its user can know."""

    port: int
    token: str


def leave(pid: int, door: Door) -> str:
    """Makes `door` the one by which process `pid` is asked, whichever it had before; its file.

    Raises OSError when there is no folder that is this user's alone.
    """
    folder = next(_folders())
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    _check_private(folder)
    file = os.path.join(folder, str(pid))
    _remove(file)  # of a process that was killed and had the same number
    # Made for its user alone from the first moment on; O_EXCL also follows no link.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as text:
        text.write(f"{door.port} {door.token}\n")
    _left[file] = door
    return file


def take_back(file: str, door: Door) -> None:
    """Removes `file`, if it is `door` that this process has last left there.

    It opens nothing: a server that ends because it has no files left takes back its own as well.
    """
    if _left.get(file) == door:
        del _left[file]
        _remove(file)


def find(pid: int) -> Door | None:
    """The door of process `pid`; None when it has none that this user may read."""
    for folder in _folders():
        with contextlib.suppress(OSError, ValueError):
            _check_private(folder)
            with open(os.path.join(folder, str(pid))) as text:
                port, token = text.read().split()
                return Door(int(port), token)
    return None


def pids() -> list[int]:
    """The processes of this user that have left a door; some of them may have ended since."""
    names: set[str] = set()
    for folder in _folders():
        with contextlib.suppress(OSError):
            _check_private(folder)
            names.update(os.listdir(folder))
    return sorted(int(name) for name in names if name.isdecimal())


def forget(pid: int) -> None:
    """Removes what process `pid` has left."""
    for folder in _folders():
        _remove(os.path.join(folder, str(pid)))


def _folders() -> Iterator[str]:
    """Where the files may be, the best place first: a server's environment may be a poorer one."""
    owner = f"-{os.getuid()}" if hasattr(os, "getuid") else ""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if owner and os.path.isdir(runtime) and os.stat(runtime).st_uid == os.getuid():
        yield os.path.join(runtime, f"asyncweb-attach{owner}")
    import tempfile  # loaded by those who have no better place

    # On Windows and macOS this folder is the user's own; elsewhere all share it.
    yield os.path.join(tempfile.gettempdir(), f"asyncweb-attach{owner}")


def _check_private(folder: str) -> None:
    """Raises OSError when `folder` is not this user's alone."""
    found = os.lstat(folder)  # of a link somebody else says where it leads
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(f"{folder} is no folder; remove it")
    if not hasattr(os, "getuid"):
        return  # Windows: it inherits from the user's profile who may come in
    if found.st_uid != os.getuid() or found.st_mode & OTHERS:
        raise PermissionError(
            f"{folder} is not yours alone; remove it, or set XDG_RUNTIME_DIR to a folder that is"
        )


def _remove(file: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(file)
