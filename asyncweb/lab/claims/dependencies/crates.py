"""Crates of a program in Rust, as cargo resolves them for this machine, and their `unsafe`.

Rule: what the program and its build need counts; what only tests or other systems need does not.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.dependencies.tree import CannotCount, Graph
from asyncweb.lab.claims.peers.workshop import BuildFailed, run

MANIFEST, LOCK = "Cargo.toml", "Cargo.lock"
HOST = re.compile(r"^host: (\S+)$", re.MULTILINE)
RUST_COMES_FROM = "Rust comes with rustup, from the page of the Rust project"
# What looks like code and is none: comments, strings (raw ones too) and characters.
NO_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|r(\#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\[^']+|[^'\\])'""", re.DOTALL
)
UNSAFE = re.compile(r"\bunsafe\b")
NOT_BUILT_IN = {"tests", "benches", "examples"}  # folders that a crate's users do not compile


@dataclass(frozen=True)
class Crates:
    """All crates of one program, where the source of each lies, and who has written it."""

    graph: Graph
    folders: dict[str, Path]
    authors: dict[str, frozenset[str]]

    def named(self, names: Collection[str]) -> set[str]:
        """The crates of those names, in all their versions."""
        return {crate for crate in self.graph if crate.partition(" ")[0] in names}

    def by_authors_of(self, names: Collection[str]) -> set[str]:
        """The crates of those names, and all that share an author with one of them."""
        named = self.named(names)
        people = frozenset[str]().union(*(self.authors[crate] for crate in named))
        return named | {crate for crate, who in self.authors.items() if who & people}


def crates_of(package: Path) -> Crates:
    """Of the package in that folder, which cargo may write its lock into.

    Raises CannotCount when cargo is missing or fails.
    """
    if shutil.which("cargo") is None:
        raise CannotCount(f"cargo is not installed; {RUST_COMES_FROM}")
    try:
        host = HOST.search(run(["rustc", "-vV"], package))
        only = ["--filter-platform", host[1]] if host else []
        told = run(["cargo", "metadata", "--format-version", "1", *only], package)
    except BuildFailed as error:
        raise CannotCount(str(error)) from None
    # What cargo does meanwhile is told before it, on lines of their own.
    return read(json.loads(next(line for line in told.splitlines() if line.startswith("{"))))


def read(metadata: dict[str, Any]) -> Crates:
    """What `cargo metadata` tells."""
    labels = {crate["id"]: f"{crate['name']} {crate['version']}" for crate in metadata["packages"]}
    graph = {
        labels[node["id"]]: {labels[link["pkg"]] for link in node["deps"] if _is_built(link)}
        for node in metadata["resolve"]["nodes"]
    }
    folders, authors = {}, {}
    for crate in metadata["packages"]:
        label = labels[crate["id"]]
        folders[label] = Path(crate["manifest_path"]).parent
        authors[label] = frozenset(crate["authors"])
    return Crates(graph, folders, authors)


def unsafes(folder: Path) -> int:
    """How often the source of the crate in `folder` says `unsafe`, its tests left out."""
    files = (file for file in folder.rglob("*.rs") if _is_source(file.relative_to(folder)))
    return sum(unsafes_in(file.read_text(errors="replace")) for file in files)


def unsafes_in(source: str) -> int:
    """How often the word stands in code.

    >>> unsafes_in('// unsafe\\nunsafe fn f() { print("unsafe"); unsafe { g() } }')
    2
    """
    return len(UNSAFE.findall(NO_CODE.sub(" ", source)))


def _is_source(file: Path) -> bool:
    return not NOT_BUILT_IN & set(file.parts)


def _is_built(link: dict[str, Any]) -> bool:
    return any(kind["kind"] in (None, "build") for kind in link["dep_kinds"])
