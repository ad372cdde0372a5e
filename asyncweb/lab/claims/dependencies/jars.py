"""Libraries of a program in Java, as Maven resolves them.

Rule: what the program is compiled or started with counts; what only its tests need does not.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from asyncweb.lab.claims.dependencies.tree import CannotCount, Graph
from asyncweb.lab.claims.peers.workshop import BuildFailed, run

MANIFEST = "pom.xml"
MAVEN_COMES_FROM = "install Maven, e.g. apt-get install maven"
# "|  +- (group:name:jar:1.0:compile - omitted for duplicate)": depth, group, name, version, scope
LINE = re.compile(r"^([|+\\ -]*)\(?([\w.-]+):([\w.-]+):[\w-]+:([\w.-]+)(?::(\w+))?")
INDENT = 3
WITH_TESTS_ONLY = "test"


def libraries_of(project: Path) -> Graph:
    """Of the project in that folder, which Maven may write into.

    Raises CannotCount when Maven is missing or fails.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotCount(f"mvn is not installed; {MAVEN_COMES_FROM}")
    told = project / "tree.txt"
    wish = ["dependency:tree", "-Dverbose", f"-DoutputFile={told}"]
    try:
        run([maven, "--batch-mode", "--quiet", *wish], project)
    except BuildFailed as error:
        raise CannotCount(str(error)) from None
    return read(told.read_text())


def read(told: str) -> Graph:
    r"""What `mvn dependency:tree -Dverbose` tells; the names are group:artifact.

    >>> read("me:app:jar:1\n+- a:b:jar:2:compile\n|  \\- (c:d:jar:3:runtime - omitted)")
    {'me:app 1': {'a:b 2'}, 'a:b 2': {'c:d 3'}, 'c:d 3': set()}
    """
    graph: dict[str, set[str]] = {}
    above: list[str] = []
    for line in told.splitlines():
        found = LINE.match(line)
        if not found or found[5] == WITH_TESTS_ONLY:
            continue
        depth = len(found[1]) // INDENT
        library = f"{found[2]}:{found[3]} {found[4]}"
        graph.setdefault(library, set())
        del above[depth:]
        if above:
            graph[above[-1]].add(library)
        above.append(library)
    return graph
