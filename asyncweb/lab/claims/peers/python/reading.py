"""What both applications read for `/read`.

Rule: the file and the row are read anew each time, on a connection of their own.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from asyncweb.lab.claims.material import QUERY, ROW_ID


def read() -> bytes:
    """The text of the file, then the name in the row."""
    text = Path(os.environ["CLAIMS_FILE"]).read_bytes()
    with closing(sqlite3.connect(os.environ["CLAIMS_DATABASE"])) as database:
        name: str
        (name,) = database.execute(QUERY, (ROW_ID,)).fetchone()
    return text + name.encode()
