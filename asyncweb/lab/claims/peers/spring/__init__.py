"""Spring Boot with its embedded Tomcat: one jar, started with and without virtual threads.

Rule: both run on the same JVM, the newest here; what differs between them is one setting.
"""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from asyncweb.lab.claims import names
from asyncweb.lab.claims.peers.peer import Peer, Seat
from asyncweb.lab.claims.peers.spring import jdk
from asyncweb.lab.claims.peers.workshop import BuildFailed, run, workbench

JAR = "claims.jar"
TOMCAT = re.compile(r"BOOT-INF/lib/tomcat-embed-core-(.+)\.jar")
BOOT = re.compile(r"^Spring-Boot-Version: (\S+)", re.MULTILINE)
FLAGS = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
GIVEN = (
    "`java -jar` with the JVM's own defaults: on one core that is the serial collector, and a heap"
    " that may grow to a quarter of the machine's memory (a limit of 64 MB, -Xmx64m, cut what it"
    " held to little more than half where we tried it); no CDS archive and no AOT cache, which"
    " would start it sooner; in its favour: connections are kept for ten minutes and any number of"
    " requests (Tomcat's own: one minute and 100), as many are let in as the trial asks for, only"
    " warnings are logged, and a JVM that compiles while it runs has answered the warm-up first;"
    " against it: on the one core that it is kept to, it compiles and collects beside its answers"
)


class Spring(Peer):
    """What both have in common."""

    language = "Java"
    licence = "Apache-2.0"
    tools: ClassVar[Mapping[str, str]] = {
        "mvn": "`apt-get install maven`, `brew install maven`, or Apache Maven 3.6.3 or newer"
    }
    sources = Path(__file__).parent
    built_as = "spring"
    java: ClassVar[int]  # the oldest that will do
    virtual: ClassVar[bool]

    def missing(self) -> str:
        return super().missing() or jdk.lacking(self.java, jdk.newest())

    def version(self, built: Path | None) -> str:
        with zipfile.ZipFile(_jar(built)) as jar:
            boot = BOOT.search(jar.read("META-INF/MANIFEST.MF").decode())
            tomcat = TOMCAT.search("\n".join(jar.namelist()))
        parts = boot and boot[1], tomcat and f"Tomcat {tomcat[1]}", f"Java {_jdk().number}"
        return ", ".join(filter(None, parts))

    def build(self, into: Path) -> None:
        maven = shutil.which("mvn") or "mvn"  # by its place: on Windows it is a script
        # Two builds may fill Maven's cache at once: from 3.9 on it can be told to take turns.
        turns = "-Daether.syncContext.named.factory=file-lock"
        with workbench(self.sources) as bench:
            command = [maven, "--batch-mode", "--quiet", turns, "package"]
            run(command, bench, {**os.environ, "JAVA_HOME": str(_jdk().home)})
            shutil.copy(bench / "target" / JAR, into / JAR)

    def command(self, built: Path | None, seat: Seat) -> Sequence[str]:
        # Tomcat and the database's driver unpack files, which shall go when the seat goes.
        return [_jdk().java, f"-Djava.io.tmpdir={seat.folder}", "-jar", str(_jar(built))]

    def environment(self, built: Path | None, seat: Seat) -> Mapping[str, str]:
        most = str(2 * seat.connections)
        return {
            **{name: "" for name in FLAGS if name in os.environ},
            "SERVER_ADDRESS": seat.host,
            "SERVER_PORT": str(seat.port),
            "SERVER_TOMCAT_MAX_CONNECTIONS": most,
            "SERVER_TOMCAT_ACCEPT_COUNT": most,
            "SPRING_THREADS_VIRTUAL_ENABLED": str(self.virtual).lower(),
        }


class SpringThreads(Spring):
    """As it comes: requests are answered by a pool of threads."""

    name = names.SPRING
    model = "threads"
    java = 17
    virtual = False
    settings = f"Tomcat's pool of 200 threads, its default; {GIVEN}"


class SpringVirtual(Spring):
    """A virtual thread for each request."""

    name = names.SPRING_VIRTUAL
    model = "runtime"
    java = 21
    virtual = True
    settings = (
        "spring.threads.virtual.enabled=true, a virtual thread for each request; it holds its"
        f" carrier, one real thread for each core, while it is in the database's driver; {GIVEN}"
    )


def _jdk() -> jdk.Jdk:
    """The one that builds and runs both."""
    found = jdk.newest()
    if found is None:
        raise BuildFailed(jdk.lacking(SpringThreads.java, None))
    return found


def _jar(built: Path | None) -> Path:
    if built is None:
        raise BuildFailed(f"{JAR} is not built; `built` of the workshop builds it")
    return built / JAR


PEERS = (SpringThreads(), SpringVirtual())
