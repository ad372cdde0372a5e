"""A database of the lesson's own: made, filled, and gone when it is closed.

Rule: nothing that was there before is touched. SQLite gets a temporary folder; on a PostgreSQL
server a new database is made, and dropped again.
"""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
import weakref
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from asyncweb.errors import LessonError
from asyncweb.lab.database.drivers import SQLITE, driver, kind_of
from asyncweb.lab.database.users import TABLE, TEMPLATE, users

USERS = 50


class UserDatabase:
    """A database with a table `users`, and a file with the template of their page.

    In a temporary folder, or on the PostgreSQL server that `url` names, whose user must be allowed
    to create databases. `url` is then that of the new database. It all goes with `close`, or when
    the program ends. Raises LessonError when `url` is no server's, or its driver is not installed.

    >>> from contextlib import closing
    >>> with UserDatabase(users=3) as database, closing(sqlite3.connect(database.path)) as sqlite:
    ...     [user[1] for user in sqlite.execute("SELECT * FROM users")]
    ['Ada Byron', 'Alan Curie', 'Barbara Goldberg']
    >>> database.path.exists(), database.kind
    (False, 'SQLite')
    """

    def __init__(self, url: str | None = None, users: int = USERS):
        self.users = users
        self._folder = tempfile.TemporaryDirectory(
            prefix="asyncweb-users-", ignore_cleanup_errors=True
        )
        self.folder = Path(self._folder.name)
        self.template = self.folder / "template.html"
        self.template.write_text(TEMPLATE, encoding="utf-8")
        self._drop: weakref.finalize[..., UserDatabase] | None = None
        try:
            self.url = self._fill_sqlite() if url is None else self._fill_postgresql(url)
        except BaseException:
            self.close()
            raise

    @property
    def kind(self) -> str:
        """ "SQLite" or "PostgreSQL"."""
        return kind_of(self.url)

    @property
    def path(self) -> Path:
        """The file of the SQLite database; there is none on a PostgreSQL server."""
        return self.folder / "users.db"

    def close(self) -> None:
        """Removes all of it. Can be called twice."""
        if self._drop is not None:
            self._drop()
        self._folder.cleanup()

    def _fill_sqlite(self) -> str:
        sqlite = sqlite3.connect(self.path)
        try:
            sqlite.execute(TABLE)
            sqlite.executemany("INSERT INTO users VALUES (?, ?, ?)", users(self.users))
            sqlite.commit()
        finally:
            sqlite.close()
        return SQLITE + self.path.as_posix()

    def _fill_postgresql(self, url: str) -> str:
        if kind_of(url) != "PostgreSQL":
            raise LessonError(
                f"{url!r} is no server that could make a database: expected "
                "postgresql://user:password@host/name, or none, for SQLite"
            )
        name = f"asyncweb_users_{uuid.uuid4().hex[:12]}"
        _run(url, f"CREATE DATABASE {name}")
        self._drop = weakref.finalize(self, _run, url, f"DROP DATABASE {name} WITH (FORCE)")
        own = urlsplit(url)._replace(path=f"/{name}").geturl()
        with driver("psycopg").connect(own, autocommit=True) as postgres:
            postgres.execute(TABLE)
            rows = users(self.users)
            postgres.cursor().executemany("INSERT INTO users VALUES (%s, %s, %s)", rows)
        return own

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<UserDatabase, {self.kind}, {self.users} users>"


def _run(url: str, sql: str) -> None:
    """One statement that cannot be part of a transaction."""
    with driver("psycopg").connect(url, autocommit=True) as postgres:
        postgres.execute(sql)
