"""The three questions of the trial, answered by an App; and a handler that does it wrong."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.lab.claims.material import HELLO, HELLO_BODY, QUERY, READ, ROW_ID, WAIT, WAIT_MS
from asyncweb.lab.claims.peers.ours import BLOCK

app = App()
_TEXT = HELLO_BODY.decode()


@app.get(HELLO)
def hello(ctx: Context) -> str:
    """Answers at once."""
    return _TEXT


@app.get(WAIT)
async def wait(ctx: Context) -> str:
    """Waits first, in the way of the server it runs on."""
    await ctx.sleep(WAIT_MS / 1000)
    return _TEXT


@app.get(BLOCK)
async def block(ctx: Context) -> str:
    """Waits as long in the wrong way, and everybody with it."""
    time.sleep(WAIT_MS / 1000)
    return _TEXT


@app.get(READ)
async def read(ctx: Context) -> str:
    """Reads the file, and the row of the database."""
    answer: str = await ctx.offload(_read)
    return answer


def _read() -> str:
    text = Path(os.environ["CLAIMS_FILE"]).read_text()
    with closing(sqlite3.connect(os.environ["CLAIMS_DATABASE"])) as database:
        (name,) = database.execute(QUERY, (ROW_ID,)).fetchone()
    return f"{text}{name}"
