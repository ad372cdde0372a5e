"""The JDKs of this machine, in the places where systems and their users keep them.

Rule: nothing is started to find one; a JDK tells its version in its file `release`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

VARIABLES = ("JAVA_HOME", "JDK_HOME")
PLACES = (
    "/usr/lib/jvm/*", "/usr/java/*", "/opt/java/*", "/opt/jdk*",  # Linux
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",  # macOS, then Homebrew's
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "C:/Program Files/Java/*", "C:/Program Files/Eclipse Adoptium/*",
    "C:/Program Files/Microsoft/jdk*",
    "~/.sdkman/candidates/java/*", "~/.jdks/*",  # those of users
)  # fmt: skip
WAY_OUT = (
    "install one (`apt-get install openjdk-{least}-jdk`, `brew install openjdk`, or an archive of"
    " Eclipse Temurin), or let JAVA_HOME name its folder"
)


@dataclass(frozen=True, order=True)
class Jdk:
    """One of them; the newer is the greater."""

    version: tuple[int, ...]
    home: Path

    @property
    def java(self) -> str:
        """The program that runs a jar."""
        return str(self.home / "bin" / "java")

    @property
    def number(self) -> str:
        """Its version in the usual spelling: "25.0.3"."""
        return ".".join(map(str, self.version))


def newest(homes: Iterable[Path] | None = None) -> Jdk | None:
    """The newest JDK among `homes`, or of this machine; None where there is none."""
    return max(filter(None, map(_jdk, _homes() if homes is None else homes)), default=None)


def lacking(least: int, found: Jdk | None) -> str:
    """Why `found` does not do where Java `least` is needed, and the way out; "" when it does.

    >>> lacking(21, Jdk((25, 0, 3), Path("/usr/lib/jvm/jdk-25")))
    ''
    >>> lacking(21, Jdk((17, 0, 15), Path("/usr/lib/jvm/jdk-17"))).split(";")[0]
    'it needs a JDK of 21 or newer, and the newest one found is 17.0.15'
    """
    if found and found.version >= (least,):
        return ""
    best = f"the newest one found is {found.number}" if found else "none was found"
    return f"it needs a JDK of {least} or newer, and {best}; {WAY_OUT.format(least=least)}"


def _homes() -> Iterator[Path]:
    """Where one may be; the same place may come twice."""
    yield from (Path(os.environ[name]) for name in VARIABLES if os.environ.get(name))
    if compiler := shutil.which("javac"):
        yield Path(compiler).resolve().parent.parent
    for pattern in PLACES:
        yield from map(Path, sorted(glob(os.path.expanduser(pattern))))


def _jdk(home: Path) -> Jdk | None:
    """What lies in `home`; None unless it can compile and says its version."""
    if not shutil.which("javac", path=str(home / "bin")):
        return None
    try:
        told = (home / "release").read_text(errors="replace")
    except OSError:
        return None
    said = re.search(r'^JAVA_VERSION="(\d+(?:\.\d+)*)', told, re.MULTILINE)
    return Jdk(tuple(map(int, said[1].split("."))), home) if said else None
