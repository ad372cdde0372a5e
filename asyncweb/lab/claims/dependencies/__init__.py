"""The dependencies of each system, counted by the tool that its users install them with.

Rule: what is counted was resolved here for this machine; what cannot be counted says why.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from asyncweb.lab.claims.dependencies import jars
from asyncweb.lab.claims.dependencies.crates import LOCK, MANIFEST, crates_of, unsafes
from asyncweb.lab.claims.dependencies.distributions import distributions_of
from asyncweb.lab.claims.dependencies.frameworks import (
    C_FOLDERS,
    C_PROGRAMS,
    FOR_THE_TRIAL,
    FRAMEWORKS,
    IN_C,
    IN_RUST,
    IN_THE_RUNTIME,
    Framework,
)
from asyncweb.lab.claims.dependencies.objects import shared_objects
from asyncweb.lab.claims.dependencies.tree import CannotCount, Graph, Tree, tree
from asyncweb.lab.claims.figures import Figure
from asyncweb.lab.claims.peers.peer import Peer
from asyncweb.lab.claims.peers.workshop import workbench

LOADED = re.compile(r"^\s*LoadModule\s+\w+\s+\S*/(mod_\w+\.so)", re.MULTILINE)


def dependencies_of(peer: Peer, built: Path | None) -> Figure:
    """How many packages are beneath `peer`: `direct`, `all`, and `beyond_runtime`.

    Raises CannotCount, with the reason. `tree_of` names them.
    """
    return tree_of(peer, built).figure()


def tree_of(peer: Peer, built: Path | None) -> Tree:
    """The packages beneath `peer`, which was built into that folder. Raises CannotCount."""
    if peer.name in IN_THE_RUNTIME:
        return Tree((), (), ())
    if peer.name in IN_C:
        return shared_objects(*_objects(peer))
    framework = FRAMEWORKS.get(peer.name)
    if framework is None:
        known = ", ".join([*FRAMEWORKS, *IN_C, *IN_THE_RUNTIME])
        raise CannotCount(f"nobody has said what {peer.name}'s framework is; known: {known}")
    if peer.name in IN_RUST:
        return _tree_of_crates(peer, framework, built)
    return tree(_graph(peer, framework), framework.roots)


def unsafe_of(peer: Peer, built: Path | None) -> Figure:
    """How often a framework in Rust says `unsafe`, as in UNSAFE of names.py.

    Raises CannotCount when cargo is missing, and for what is not written in Rust.
    """
    if peer.name not in IN_RUST:
        raise CannotCount(f"{peer.name} is not written in Rust")
    framework = FRAMEWORKS[peer.name]
    with _cargo_bench(peer, framework, built) as package:
        found = crates_of(package)
        every = [*found.named(framework.roots), *tree(found.graph, framework.roots).all]
        counts = {crate: unsafes(found.folders[crate]) for crate in every}
    own = found.by_authors_of(framework.roots).intersection(every)
    return {
        "own": float(sum(counts[crate] for crate in own)),
        "own_crates": float(len(own)),
        "all": float(sum(counts.values())),
        "crates": float(len(counts)),
    }


def _tree_of_crates(peer: Peer, framework: Framework, built: Path | None) -> Tree:
    with _cargo_bench(peer, framework, built) as package:
        found = crates_of(package)
    own = found.by_authors_of(framework.roots) - found.named(framework.roots)
    return tree(found.graph, framework.roots, framework.runtime, own)


def _graph(peer: Peer, framework: Framework) -> Graph:
    if peer.sources is not None and (peer.sources / jars.MANIFEST).exists():
        return _libraries(peer.sources)
    return distributions_of(framework.roots[0])


@lru_cache(maxsize=1)  # Spring Boot with and without virtual threads are one project
def _libraries(sources: Path) -> Graph:
    with workbench(sources) as bench:
        return jars.libraries_of(bench)


@contextlib.contextmanager
def _cargo_bench(peer: Peer, framework: Framework, built: Path | None) -> Iterator[Path]:
    """A copy of the peer's package, with the lock that its build has made."""
    if peer.sources is None:
        raise CannotCount(f"{peer.name} has no sources, and so no {MANIFEST}")
    with workbench(peer.sources) as bench:
        package = bench / framework.folder if (bench / framework.folder).is_dir() else bench
        if not (package / MANIFEST).exists():
            raise CannotCount(f"{peer.name}: no {MANIFEST} in its folder {framework.folder}")
        if built is not None and (built / LOCK).exists():
            shutil.copy(built / LOCK, package)
        yield package


def _objects(peer: Peer) -> tuple[Path, list[Path]]:
    """Apache's program, and the modules that a configuration of the peer's loads."""
    program = next(filter(None, map(shutil.which, C_PROGRAMS)), None)
    if program is None:
        raise CannotCount("apache2 is not installed; apt-get install apache2-bin")
    configurations = Path(inspect.getfile(type(peer))).parent.glob("*.conf")
    told = "\n".join(file.read_text() for file in configurations)
    wanted = sorted(set(LOADED.findall(told)).difference(FOR_THE_TRIAL))
    places = [Path(folder, module) for folder in C_FOLDERS for module in wanted]
    return Path(program), [place for place in places if place.exists()]
