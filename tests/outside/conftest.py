"""What the tests against other people's programs share."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from asyncweb import App
from asyncweb.servers.base import Server
from tests.callers import tls as tls
from tests.outside import programs
from tests.outside.witness import ENGINES

collect_ignore = ["locust_master.py"]  # no tests in there, and imports of an extra


@pytest.fixture(scope="session")
def needs():
    """`needs("nginx")` is the program's place; without it the test is skipped, or fails in CI."""
    return programs.needs


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each kind of server, by name."""
    return str(request.param)


@pytest.fixture
def serve_outside() -> Iterator[Callable[..., Server]]:
    """Starts a server of an engine, by its name; it is stopped after the test."""
    with contextlib.ExitStack() as running:

        def start(app: App, engine: str, **settings: object) -> Server:
            make, defaults = ENGINES[engine]
            return running.enter_context(make(app, **{**defaults, **settings}))

        yield start
