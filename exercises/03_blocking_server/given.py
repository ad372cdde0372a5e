"""Clients in the hands of a test, and a listener that lets them in.

A server catches what goes wrong with its clients, and so it would catch the Mistake as well that
such a client raises: it is kept, and raised again by `serve`.
"""

from contextlib import suppress

from asyncweb.grading import Mistake

PATIENCE_S = 5  # so long a client may say nothing
TELLINGS = 3  # so often we say that it is over, until it is clear that nobody listens
BUFFER_BYTES = 1000  # what a single send takes


class Connection:
    """A client that sends these pieces and then closes, waits, is silent, or resets."""

    def __init__(self, *pieces, then="waits"):
        self.left = list(pieces)
        self.sent = b""
        self.is_open = True
        self.mistake = None
        self._then = then
        self._ended = 0
        self._timeout_s = None

    def settimeout(self, seconds):
        """Says how long recv may wait; None is for ever."""
        self._timeout_s = None if seconds is None else float(seconds)

    def recv(self, limit):
        """The next piece, or as much of it as `limit` allows; then what the client does then."""
        if not self.left:
            return self._end()
        piece, self.left[0] = self.left[0][:limit], self.left[0][limit:]
        if not self.left[0]:
            del self.left[0]
        return piece

    def send(self, data):
        """Takes what fits, and says how much that was."""
        taken = bytes(data)[:BUFFER_BYTES]
        self.sent += taken
        return len(taken)

    def sendall(self, data):
        """Takes everything."""
        self.sent += bytes(data)

    def close(self):
        """Says goodbye."""
        self.is_open = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _end(self):
        if self._then == "waits":
            raise self._remember(Mistake("waits"))
        if self._then == "resets":
            raise ConnectionResetError("the client has reset the connection")
        if self._then == "silent":
            if self._timeout_s is None:
                raise self._remember(Mistake("silent"))
            if self._timeout_s != PATIENCE_S:
                raise self._remember(
                    Mistake("patience", at="settimeout", asked=PATIENCE_S, waits=self._timeout_s)
                )
            raise TimeoutError("timed out")
        self._ended += 1
        if self._ended > TELLINGS:
            raise self._remember(Mistake("gone", what="You call it again and again."))
        return b""

    def _remember(self, mistake):
        self.mistake = self.mistake or mistake
        return mistake


class Endless(BaseException):
    """Ends a server that does not take accept's word for it; no `except Exception` stops it."""


class Listener:
    """Lets in those who are `accepted`, one at each accept; then it is closed."""

    def __init__(self, accepted):
        self._accepted = iter(accepted)
        self._refused = 0

    def accept(self):
        """The next connection, and where it comes from."""
        for connection, address in self._accepted:
            return connection, address
        self._refused += 1
        if self._refused > TELLINGS:
            raise Endless
        raise OSError("the listener is closed")


def let_serve(work, accepted, answer):
    """Lets the student's server serve; None when it returns, or which of our errors has ended it.

    Ours come from accept, from a client or from a handler; any other is the student's own.
    """
    try:
        work.serve(Listener(accepted), answer, PATIENCE_S)
    except Endless as error:
        raise Mistake("endless") from error
    except (OSError, ZeroDivisionError) as error:
        return error
    return None


def serve(work, *clients, answer):
    """The same for clients of ours, which tell what they have seen."""
    ended = let_serve(work, [(client, ("127.0.0.1", 50_000)) for client in clients], answer)
    for client in clients:
        if client.mistake:
            raise client.mistake
    return ended


def serve_one(work, connection, answer):
    """Lets the student's code serve one client; an error that it may raise is no matter here."""
    with suppress(OSError, EOFError):
        work.serve_one(connection, answer)


def get(path):
    """A request for `path`, as bytes."""
    return b"GET %b HTTP/1.1\r\nHost: test\r\n\r\n" % path


def echo(request):
    """An answer by which one sees what was asked."""
    return b"[" + request.split(b" ")[1] + b"]"
