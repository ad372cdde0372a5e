"""What every system of the trial is asked for, and what it reads to answer.

Rule: each system answers the same bytes to the same three questions, in its own users' way.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

HELLO, WAIT, READ = "/", "/wait", "/read"
WAIT_MS = 10
HELLO_BODY = WAIT_BODY = b"Hello World"
FILE_TEXT = "A template of a page, as a server may read it for each request.\n" * 16  # 1 KiB
ROW_ID, ROW_NAME = 42, "Ada Lovelace"
QUERY = "SELECT name FROM users WHERE id = ?"
READ_BODY = FILE_TEXT.encode() + ROW_NAME.encode()
BODIES = {HELLO: HELLO_BODY, WAIT: WAIT_BODY, READ: READ_BODY}


@dataclass(frozen=True)
class Material:
    """A file and a SQLite database: `/read` answers the text of the one, then a name of the other.

    Both are read anew for each request: the whole file, and the row by its id.
    """

    file: Path
    database: Path

    @classmethod
    def written(cls, folder: Path) -> Material:
        """Writes both into `folder`, which is there.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     material = Material.written(Path(folder))
        ...     len(material.file.read_bytes()), material.database.exists()
        (1024, True)
        """
        material = cls(folder / "template.txt", folder / "users.sqlite")
        material.file.write_bytes(FILE_TEXT.encode())
        material.database.unlink(missing_ok=True)
        with closing(sqlite3.connect(material.database)) as database, database:
            database.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
            users = [(number, f"user {number}") for number in range(1, 101) if number != ROW_ID]
            database.executemany("INSERT INTO users VALUES (?, ?)", [*users, (ROW_ID, ROW_NAME)])
        return material
