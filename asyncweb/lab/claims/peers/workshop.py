"""Where peers are built: once, and kept in a folder of the user's caches.

Rule: what is kept was built from these very sources by these very tools; half of a build is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from asyncweb.errors import LessonError
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.loadtest.cache import cache_folder

LAST_LINES = 12
OURS = ("*.py", "*.pyc", "__pycache__")  # beside the sources: who builds, and is not built
BUILD_S = 1800.0


class BuildFailed(LessonError):
    """A peer could not be built; the message ends with what the tool said last."""


def built(peer: Peer, say: Callable[[str], object] = lambda line: None) -> Path | None:
    """The folder that `peer` was built into, which is built now if need be; None if it needs none.

    Raises BuildFailed. Two who build at once do not disturb each other: the first one's is kept.
    """
    if peer.sources is None:
        return None
    place = _place(peer, peer.sources)
    if not place.exists():
        say(f"building {peer.name}; this takes minutes, once")
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".") as folder:
            fresh = Path(folder, "built")
            fresh.mkdir()
            peer.build(fresh)
            with contextlib.suppress(OSError):  # somebody else has built it meanwhile
                fresh.rename(place)
    return place


def kept(peer: Peer) -> Path | None:
    """The folder that `peer` was built into before; None if it was not, or needs no building."""
    place = peer.sources and _place(peer, peer.sources)
    return place if place and place.exists() else None


@contextlib.contextmanager
def workbench(sources: Path) -> Iterator[Path]:
    """A copy of `sources` that a tool may write into; gone after the with."""
    with tempfile.TemporaryDirectory(prefix="asyncweb-build-") as folder:
        bench = Path(folder, sources.name)
        shutil.copytree(sources, bench, ignore=shutil.ignore_patterns(*OURS))
        yield bench


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """What `command`, run in `folder`, says. Raises BuildFailed when it fails or takes too long."""
    try:
        told = subprocess.run(
            command, cwd=folder, env=environment, timeout=BUILD_S, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BuildFailed(f"{' '.join(command)}: {error}") from None
    if told.returncode:
        last = "\n".join(told.stdout.strip().splitlines()[-LAST_LINES:])
        raise BuildFailed(f"{' '.join(command)} ended with {told.returncode}:\n{last}")
    return told.stdout


def _place(peer: Peer, sources: Path) -> Path:
    """Named after what is built, and a digest of what it is built from and how."""
    digest = hashlib.sha256(inspect.getsource(type(peer).build).encode())
    for file in sorted(path for path in sources.rglob("*") if path.is_file()):
        if not any(file.match(name) for name in OURS):
            digest.update(file.relative_to(sources).as_posix().encode() + file.read_bytes())
    built_as = (peer.built_as or peer.name).lower()
    word = "".join(letter if letter.isalnum() else "-" for letter in built_as)
    return cache_folder() / "peers" / f"{word}-{digest.hexdigest()[:12]}"
