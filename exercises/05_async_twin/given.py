"""A client on a loop, in the hands of a test, and an eye on what is called and not awaited."""

import asyncio
import inspect
import re
import traceback
import warnings
from contextlib import contextmanager

from asyncweb.grading import Mistake, same

HIGH_WATER_BYTES = 64 * 1024  # more than that must not wait for a client
GIVE_UP_S = 1  # on what does not come; only who is wrong waits so long
_FORGOTTEN = re.compile(r"coroutine '(?:.*\.)?(\w+)' was never awaited")


class Writer:
    """The side of a connection that writes; its client takes bytes only while somebody drains."""

    def __init__(self):
        self.sent = b""
        self.is_open = True
        self._waiting = 0

    def write(self, data):
        """Takes `data` at once, as a StreamWriter does: into memory."""
        self.sent += bytes(data)
        self._waiting += len(data)
        if self._waiting > HIGH_WATER_BYTES:
            raise Mistake("M15", waiting=self._waiting)

    def writelines(self, pieces):
        """Takes them all at once."""
        for piece in pieces:
            self.write(piece)

    async def drain(self):
        """Waits until the client has taken everything."""
        await asyncio.sleep(0)
        self._waiting = 0

    def close(self):
        """Says goodbye."""
        self.is_open = False

    async def wait_closed(self):
        """Waits until that is said."""
        await asyncio.sleep(0)

    def is_closing(self):
        """Whether it is."""
        return not self.is_open


async def converse(work, *pieces, handle, closes=False, writer=None):
    """What a client has got that sends these pieces, one at a time, then waits, or closes."""
    reader, writer = asyncio.StreamReader(), writer or Writer()

    async def send():
        for piece in pieces:
            reader.feed_data(piece)
            for _ in range(3):  # turns of the loop, so that each is read alone
                await asyncio.sleep(0)
        if closes:
            reader.feed_eof()

    sending = asyncio.create_task(send())
    with all_awaited():
        await work.serve_client(reader, writer, handle)
    sending.cancel()
    return writer


@contextmanager
def all_awaited():
    """Raises the mistake M02 when a coroutine was made in here and not awaited."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except Exception as error:
            _blame(_dropped(caught) + _held(error), error)
            raise
    _blame(_dropped(caught))


def _blame(forgotten, error=None):
    for name in forgotten:
        raise Mistake("M02", at=f"{name}(", call=name) from error


def _dropped(caught):
    """The names of coroutines that Python has thrown away, and warned of."""
    found = [_FORGOTTEN.search(str(warning.message)) for warning in caught]
    return [match[1] for match in found if match]


def _held(error):
    """The names of coroutines that the lines still hold which `error` has come through."""
    held = []
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == "CORO_CREATED":
                held.append(value.__name__)
                value.close()
    return held


async def ask(server, request):
    """What a real client gets from `server`; None when nothing comes."""
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), 2 * GIVE_UP_S)
    except TimeoutError:
        return None
    finally:
        writer.close()


async def started(work, handle):
    """The server that the student's code has started."""
    server = await work.start(handle)
    if inspect.iscoroutine(server):
        server.close()
        raise Mistake("M02", at=f"{server.__name__}(", call=server.__name__)
    return server


def same_result(got, expected):
    """As `same`; but not to have waited for the result is a belief of its own."""
    if isinstance(got, asyncio.Future):
        raise Mistake("promise", at="create_task(", got="a Task")
    if got is None:
        raise Mistake("promise", got="None")
    same(got, expected)


def get(path):
    """A request for `path`, as bytes."""
    return b"GET %b HTTP/1.1\r\nHost: test\r\n\r\n" % path


def echo(request):
    """An answer in three pieces, by which one sees what was asked."""
    return [b"[", bytes(request).split(b" ")[1], b"]"]
