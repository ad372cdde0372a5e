"""Which packages of a system are the framework whose dependencies are counted.

Rule: what a system needs only for the trial's database is not beneath its framework, and does not
count: neither a driver nor Apache's module for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asyncweb.lab.claims import names


@dataclass(frozen=True)
class Framework:
    """The packages by name; what runs their tasks, by name; the folder of its manifest."""

    roots: tuple[str, ...]
    runtime: tuple[str, ...] = ()
    folder: str = ""


TASKS = ("tokio",)
_SPRING = Framework(("org.springframework.boot:spring-boot-starter-webmvc",))
_OURS = Framework(("asyncweb",))
FRAMEWORKS: Mapping[str, Framework] = {
    names.HYPERLANE: Framework(("hyperlane",), TASKS, "hyperlane"),
    names.HYPERLANE_NOW: Framework(("hyperlane",), TASKS, "hyperlane_today"),
    names.TOKIO: Framework(("hyper", "hyper-util"), TASKS, "tokio"),
    names.SPRING: _SPRING,
    names.SPRING_VIRTUAL: _SPRING,
    names.WAITRESS: Framework(("waitress",)),
    names.GUNICORN: Framework(("gunicorn",)),
    names.UVICORN: Framework(("uvicorn",)),
    names.GRANIAN: Framework(("granian",)),
    names.OUR_LOOP: _OURS,
    names.OUR_THREADS: _OURS,
}
IN_RUST = (names.HYPERLANE, names.HYPERLANE_NOW, names.TOKIO)
IN_THE_RUNTIME = (names.NODE,)  # a server that comes with its language: nothing is beneath it
IN_C = names.APACHE
C_PROGRAMS = ("apache2", "httpd")
C_FOLDERS = ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules")
FOR_THE_TRIAL = ("mod_dbd.so", "mod_lua.so")
