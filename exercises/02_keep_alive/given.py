"""A client in the hands of a test: its pieces are known, and what it gets is kept."""

from asyncweb.grading import Mistake, same

PATIENCE = 3  # so often recv says that the client has closed, until it is clear nobody listens


def get(path, *headers):
    """A request for `path`, as bytes."""
    return b"\r\n".join([b"GET %b HTTP/1.1" % path, b"Host: test", *headers, b"", b""])


class Connection:
    """A client that sends these pieces, then waits for its answer, or closes.

    A client that `asks` sends each piece only when it has an answer to the one before.
    """

    def __init__(self, *pieces, closes=False, asks=False):
        self.left = list(pieces)
        self.sent = []
        self.is_open = True
        self._closes = closes
        self._asks = asks
        self._came = 0
        self._ended = 0

    def recv(self, limit):
        """The next piece, or as much of it as `limit` allows; b"" when the client has closed."""
        if self._asks and len(self.sent) < self._came:
            raise Mistake("batch")
        if not self.left:
            return self._end()
        piece, self.left[0] = self.left[0][:limit], self.left[0][limit:]
        if not self.left[0]:
            del self.left[0]
            self._came += 1
        return piece

    def sendall(self, data):
        """Keeps what the client gets."""
        self.sent.append(bytes(data))

    def close(self):
        """Says goodbye."""
        self.is_open = False

    def _end(self):
        if not self._closes:
            raise Mistake("waits")
        if self._ended == PATIENCE:
            raise Mistake("closed", came="and recv gave b'' again and again")
        self._ended += 1
        return b""


def echo(request):
    """An answer by which one sees what was asked."""
    return b"[" + request.split(b" ")[1] + b"]"


def take(work, connection, received, request, requests="two requests", pieces="one piece"):
    """Takes the next request, which has to be `request`; nothing behind it must be lost."""
    had = bytes(received)
    before = had + b"".join(connection.left)
    got = work.next_request(connection, received)
    if type(got) is bytes and len(got) != len(request):
        raise Mistake("M14", requests=requests, pieces=pieces, got=f"one of {len(got)} bytes")
    same(got, request)
    rest, left = before[len(request) :], b"".join(connection.left)
    kept = bytes(received) + left
    if kept != rest and (kept == before or (had and received == had)):
        should = rest[: len(rest) - len(left)]
        raise Mistake("rebound", holds=len(received), should=len(should))
    if kept != rest:
        raise Mistake("M14", requests=requests, pieces=pieces, got="one, and lost the rest")
