"""An ASGI host in memory, for one request: what it says to an app, and what it hears.

Rule: it says what it was given, one message for each `receive`, and then nothing more.
"""

import asyncio

from tests.conftest import PATIENCE_S


class Conversation:
    """A host in memory: `asks` are the messages it has; the app's are kept in `said`."""

    def __init__(self, *asks):
        self.asks = list(asks)
        self.said = []

    async def receive(self):
        if not self.asks:
            await asyncio.Event().wait()
        return self.asks.pop(0)

    async def send(self, message):
        self.said.append(message)

    @property
    def status(self):
        return self.said[0]["status"]

    @property
    def headers(self):
        return dict(self.said[0]["headers"])

    @property
    def body(self):
        return b"".join(message["body"] for message in self.said[1:])


def scope(path="/", kind="http", **more):
    return {"type": kind, "method": "GET", "path": path, "headers": [], **more}


def ask(app, asked, *asks):
    return hold(Conversation(*(asks or [{"type": "http.request"}])), app, asked)


def hold(conversation, app, asked):
    """The conversation, when the app has come to its end."""
    call = app(asked, conversation.receive, conversation.send)
    asyncio.run(asyncio.wait_for(call, PATIENCE_S))
    return conversation
