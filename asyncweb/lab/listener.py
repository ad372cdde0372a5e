"""A client of a chat that hears when it is told to, and otherwise sleeps with its ears shut.

Rule: what it has not been told to hear stays in the network, where it holds up whoever sends.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import Self
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from asyncweb.errors import LessonError

PATIENCE_S = 5.0
EAR_BYTES = 4096  # what the kernel holds for it; its own idea is several MB
GOODBYE_S = 0.2
WORDS_BYTES = 16 * 1024 * 1024  # of one message


class Listener:
    """One client at a WebSocket, "ws://..." or "http://..."; its first message is its welcome.

    >>> from asyncweb import App, AsyncServer
    >>> app = App()
    >>> @app.websocket("/echo")
    ... async def echo(ws):
    ...     await ws.send("welcome")
    ...     async for message in ws:
    ...         await ws.send(message)
    >>> with AsyncServer(app) as server, Listener(server.url + "/echo") as ann:
    ...     ann.say("hello")
    ...     ann.welcome, ann.hear()
    ('welcome', 'hello')

    Raises LessonError when nobody lets it in, or says welcome.
    """

    def __init__(self, url: str):
        where = urlsplit(url)
        self._stack = ExitStack()
        self._close_code: int | None = None
        try:
            # The lines are TCP's: small ears are to be had before it connects, and never after.
            ears = self._stack.enter_context(socket.socket())
            ears.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, EAR_BYTES)
            ears.settimeout(PATIENCE_S)
            ears.connect((where.hostname, where.port))
            door = connect(
                url.replace("http://", "ws://", 1), sock=ears, compression=None,
                max_queue=1, max_size=WORDS_BYTES, close_timeout=GOODBYE_S,
            )  # fmt: skip
            self._ws = self._stack.enter_context(door)
        except Exception as error:
            self._stack.close()
            raise LessonError(
                f"nobody lets a client in at {url}: {error}; expected the URL of a server that "
                'runs, and a path with a WebSocket: server.url + "/chat"'
            ) from None
        self.welcome = self.hear()
        if self.welcome is None:
            self.leave()
            raise LessonError(
                f"{url} says nothing to who comes in; expected a first message, so that one knows "
                'that one is in: await ws.send("welcome")'
            )

    def say(self, text: str) -> None:
        """Sends `text`."""
        self._ws.send(text)

    def hear(self, patience_s: float = PATIENCE_S) -> str | None:
        """The next message; None when none came in time, or the server has said goodbye."""
        try:
            return str(self._ws.recv(patience_s))
        except TimeoutError:
            return None
        except ConnectionClosed:
            self._close_code = self._ws.close_code
            return None

    def hear_all(self, patience_s: float = 0.5) -> list[str]:
        """All messages until it is silent for so long, or the server has said goodbye."""
        return list(iter(lambda: self.hear(patience_s), None))

    @property
    def close_code(self) -> int | None:
        """With which code the server has said goodbye, once that has been heard."""
        return self._close_code

    def leave(self) -> None:
        """Goes, whatever it has not heard."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()
