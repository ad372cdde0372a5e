"""Where the collections come from: a folder the user gives, or a package by its name.

Rule: what a registry has is fetched by the package's name and version into a temporary folder;
nothing is ever kept in this repository.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.judges.cases import Case
from tests.judges.shelf import (
    aiohttp,
    apache,
    desync,
    gunicorn,
    h1spec,
    h11,
    house,
    http11probe,
    httparse,
    llhttp,
    mutants,
    payloads,
    picohttpparser,
    smuggler,
    sweeps,
    waitress,
)

DOWNLOAD_S = 240


class NotAvailable(Exception):
    """A collection cannot be had here; the message says why."""


@dataclass(frozen=True)
class Source:
    """One collection: what reads it, and the package that carries it, if one does."""

    name: str
    read: Callable[[Path], Iterator[Case]]
    unread: Callable[[Path], list[str]] | None = None  # names of cases that cannot be read
    package: str = ""  # "name==version" of a source distribution
    inside: str = ""  # the folder in it that is the collection's own
    is_ours: bool = False  # written here, no files needed
    origin: str = ""  # the public repository whose files go into the fixtures folder

    def folder(self, fixtures: Path | None, scratch: Path) -> Path:
        """Where the files are. Raises NotAvailable when they are neither given nor to be had."""
        given = fixtures / self.name if fixtures else None
        if self.is_ours or (given and given.is_dir()):
            return given or scratch
        if not self.package:
            raise NotAvailable(f"needs --fixtures DIR/{self.name}, a copy of {self.origin}")
        return unpacked(self.package, scratch) / self.inside


SOURCES = (
    Source("house", house.cases, is_ours=True),
    Source("sweeps", sweeps.cases, is_ours=True),
    Source("desync", desync.cases, is_ours=True),
    Source("mutants", mutants.cases, is_ours=True),
    Source("llhttp", llhttp.cases, package="aiohttp==3.14.5", inside="vendor/llhttp"),
    Source("gunicorn", gunicorn.cases, package="gunicorn==27.0.1"),
    Source("aiohttp", aiohttp.cases, aiohttp.unread, package="aiohttp==3.14.5"),
    Source("h11", h11.cases, package="h11==0.16.0"),
    Source("waitress", waitress.cases, waitress.unread, package="waitress==3.0.2"),
    Source("h1spec", h1spec.cases, origin="uNetworking/h1spec"),
    Source("http11probe", http11probe.cases, http11probe.unread, origin="MDA2AV/Http11Probe"),
    Source("apache", apache.cases, origin="apache/httpd"),
    Source("httparse", httparse.cases, httparse.unread, origin="seanmonstar/httparse"),
    Source("picohttpparser", picohttpparser.cases, origin="h2o/picohttpparser"),
    Source("smuggler", smuggler.cases, origin="defparam/smuggler"),
    Source("payloads", payloads.cases, origin="anshumanpattnaik/http-request-smuggling"),
)


def unpacked(package: str, scratch: Path) -> Path:
    """The folder of the package's source distribution, fetched into `scratch` once."""
    name, _, version = package.partition("==")
    folder = scratch / f"{name}-{version}"
    if folder.is_dir():
        return folder
    command = ["download", "--no-binary", ":all:", "--no-deps", "--dest", str(scratch), package]
    try:
        said = subprocess.run(
            [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *command],
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_S,
        )
    except subprocess.TimeoutExpired:
        raise NotAvailable(f"{package} did not come within {DOWNLOAD_S} s") from None
    archives = list(scratch.glob(f"{name}-{version}.tar.gz"))
    if said.returncode or not archives:
        raise NotAvailable(f"{package} cannot be fetched: {said.stderr.strip()[-300:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(scratch, filter="data")
    return folder
