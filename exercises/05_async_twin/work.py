"""Exercise 05: the server with a thread for each client, once more, on one event loop.

`reader` and `writer` are the two sides of a connection, as `asyncio.start_server` hands them out.
`handle(request)` is an ordinary function, the very same that a threaded server would call: it may
block, and gives an answer in pieces, a list of bytes.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

END_OF_HEAD = b"\r\n\r\n"


async def serve_client(reader, writer, handle):
    """Reads one request up to its blank line, sends what `handle(request)` gives, and closes.

    While `handle` blocks, the loop does not. Never much more of the answer is in memory than one
    piece. A client that closes within its request gets nothing, and that is no error.
    """
    raise NotImplementedError("Task 5.1: serve one client, and never block the loop")


async def start(handle):
    """An asyncio server that serves each of its clients by serve_client, and has begun to.

    It listens on 127.0.0.1, on a port that the system chooses: that is what port 0 means.
    """
    raise NotImplementedError("Task 5.2: start a server for every client")


def run_anywhere(main):
    """What the coroutine `main()` returns when it has run to its end; raises what it raises.

    Works in a script, and also where a loop is running already, as in a cell of a notebook.
    """
    raise NotImplementedError("Task 5.3: run a coroutine where a loop runs already")
