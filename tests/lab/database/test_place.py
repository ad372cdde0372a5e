"""The lesson's own database: it is filled, it is gone afterwards, and it touches nothing else."""

import asyncio
import sqlite3
import sys

import pytest

from asyncweb.errors import LessonError
from asyncweb.lab.database.drivers import connect, connect_async
from asyncweb.lab.database.place import UserDatabase
from asyncweb.lab.database.pool import Pool
from asyncweb.lab.database.users import ALL_USERS, users
from tests.ecosystem.conftest import library


def rows(database):
    pool = Pool(database.url, 1)
    found = pool.fetch(ALL_USERS)
    pool.close()
    return found


def test_the_users_are_the_same_each_time(database):
    assert rows(database) == users(50)
    assert len({email for _, _, email in users(50)}) == 50


def test_it_has_as_many_users_as_asked_for():
    with UserDatabase(users=3) as database:
        assert rows(database) == users(3)


def test_closing_removes_the_folder_and_can_be_done_twice(sqlite):
    assert sqlite.path.exists() and sqlite.template.exists()
    sqlite.close()
    sqlite.close()
    assert not sqlite.folder.exists()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        rows(sqlite)


def test_one_that_is_forgotten_is_removed_too():
    database = UserDatabase()
    folder = database.folder
    with pytest.warns(ResourceWarning):
        del database
    assert not folder.exists()


@pytest.mark.slow
def test_on_a_server_it_makes_a_database_of_its_own_and_drops_it(postgresql_url):
    psycopg = library("psycopg")

    def there():
        with psycopg.connect(postgresql_url) as postgres:
            names = postgres.execute("SELECT datname FROM pg_database").fetchall()
        return {name for (name,) in names}

    before = there()
    with UserDatabase(postgresql_url) as database:
        assert database.kind == "PostgreSQL"
        assert len(there() - before) == 1
        left_open = connect(database.url)  # it is dropped all the same
        assert left_open.fetch("SELECT count(*) FROM users") == [(50,)]
    assert there() == before
    left_open.close()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite:///users.db", "users.db", ""])
def test_a_url_of_something_else_is_refused(url):
    with pytest.raises(LessonError, match=r" is no .*: expected postgresql://user:password@host"):
        UserDatabase(url)


@pytest.mark.parametrize(
    ("driver", "url"), [("aiosqlite", "sqlite://x"), ("asyncpg", "postgresql://nowhere/x")]
)
def test_a_driver_that_is_missing_is_named_with_the_way_out(monkeypatch, driver, url):
    monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(LessonError, match=f'{driver} is not installed here; run: pip install "asy'):
        asyncio.run(connect_async(url))


def test_psycopg_that_is_missing_is_named_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LessonError, match="psycopg is not installed here"):
        UserDatabase("postgresql://nowhere/x")
