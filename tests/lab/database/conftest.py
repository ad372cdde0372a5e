"""What the tests of databases share: one of each kind, gone after the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from asyncweb.lab.database.place import UserDatabase
from tests.ecosystem.conftest import library
from tests.lab.database.cluster import cluster

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server, for all tests that want one."""
    for driver in ("psycopg", "asyncpg"):
        library(driver)
    with cluster() as url:
        yield url


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[UserDatabase]:
    """A database with fifty users, of each kind."""
    library("aiosqlite")
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    with UserDatabase(url) as made:
        yield made


@pytest.fixture
def sqlite() -> Iterator[UserDatabase]:
    """A database with fifty users, in a file."""
    library("aiosqlite")
    with UserDatabase() as made:
        yield made
