"""A server as small as one can be, which behaves as it is told: `small_server.py HOST PORT MANNER`.

"right" answers all three questions, "wrong" answers them with something else, "mortal" ends after
so many requests that a trial is in the middle of them, and leaves a child of its own behind; "deaf"
hears nobody any more who asks after so many.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from asyncweb.lab.claims.material import BODIES, WAIT, WAIT_MS

LAST_REQUEST = 30
DEAF_FROM = 51  # the first question of all, and those of a warm-up before very many
ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n"
CHILD = "child.txt"  # where its process id is, in the folder that it runs in
_number = 0


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, manner: str) -> None:
    global _number
    while head := await reader.readline():
        path = head.split()[1].decode()
        while (await reader.readline()).strip():
            pass
        _number += 1
        if manner == "deaf" and _number > DEAF_FROM:
            await asyncio.Event().wait()
        if manner == "mortal" and _number > LAST_REQUEST:
            die()
        if path == WAIT:
            await asyncio.sleep(WAIT_MS / 1000)
        body = b"Good Morning" if manner == "wrong" else BODIES[path]
        writer.write(ANSWER.format(len(body)).encode() + body)


def die() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(CHILD).write_text(str(child.pid))
    print("the heap is exhausted", flush=True)
    os._exit(3)


async def main(host: str, port: int, manner: str) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: serve(reader, writer, manner), host, port
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
