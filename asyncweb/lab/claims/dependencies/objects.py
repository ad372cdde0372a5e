"""Shared libraries that a program in C is linked with, as the system's linker finds them.

Rule: the C library and the linker itself are the runtime of C, and do not count.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from asyncweb.lab.claims.dependencies.tree import CannotCount, Tree
from asyncweb.lab.claims.peers.workshop import BuildFailed, run

LINKED = re.compile(r"^\s*(\S+\.so[.\d]*)(?: =>| \()", re.MULTILINE)
NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")
C_RUNTIME = re.compile(r"(?:.*/)?(?:linux-vdso|linux-gate|ld-linux.*|ld-musl.*|lib(?:c|m|dl|rt|"
                       r"pthread|resolv|util|gcc_s))\.so[.\d]*")  # fmt: skip
TOOLS = {"ldd": "it is a part of Linux", "readelf": "apt-get install binutils"}


def shared_objects(program: Path, modules: Iterable[Path] = ()) -> Tree:
    """What `program` and its `modules` are linked with. Raises CannotCount without the tools."""
    for tool, way_out in TOOLS.items():
        if shutil.which(tool) is None:
            raise CannotCount(f"{tool} is not here: {way_out}")
    direct: set[str] = set()
    every: set[str] = set()
    try:
        for file in (program, *modules):
            direct |= needed(run(["readelf", "--wide", "--dynamic", str(file)], file.parent))
            every |= linked(run(["ldd", str(file)], file.parent))
    except BuildFailed as error:
        raise CannotCount(str(error)) from None
    return Tree(tuple(sorted(direct)), tuple(sorted(every)), tuple(sorted(every)))


def linked(told: str) -> set[str]:
    """The libraries that `ldd` tells of, the runtime of C left out.

    >>> linked("  libc.so.6 => /lib/libc.so.6 (0x7f)\\n  libapr-1.so.0 => /lib/libapr-1.so.0 (0x7)")
    {'libapr-1.so.0'}
    """
    return {name for name in LINKED.findall(told) if not C_RUNTIME.fullmatch(name)}


def needed(told: str) -> set[str]:
    """The libraries that `readelf --dynamic` tells of, the runtime of C left out."""
    return {name for name in NEEDED.findall(told) if not C_RUNTIME.fullmatch(name)}
