"""Goes round without end, and leaves by return; closes by `closing`."""

from contextlib import closing


def next_request(connection, received):
    """The next whole request; b"" when the client has closed after a whole one.

    `received` is a bytearray: what was read and not given out yet. It is the same for all requests
    of a connection, and empty at first. Raises EOFError when the client closes within a request.
    """
    while True:
        length = request_length(received)
        if length > 0:
            request, received[:] = bytes(received[:length]), received[length:]
            return request
        piece = connection.recv(1)
        if piece == b"":
            break
        received.extend(piece)
    if len(received) > 0:
        raise EOFError
    return b""


def serve(connection, answer):
    """Sends `answer(request)` for each request, and closes the connection in the end.

    The end is when the client has closed, or does not want to keep the connection alive. It is
    closed as well when EOFError comes out of next_request, which is passed on.
    """
    with closing(connection):
        received = bytearray()
        goes_on = True
        while goes_on:
            request = next_request(connection, received)
            if request:
                connection.sendall(answer(request))
            goes_on = request != b"" and keeps_alive(request)


class Replies:
    """Lets answers out in the order of their requests, in whatever order they are ready."""

    def __init__(self):
        self._waiting = {}  # by number: answers that are too early
        self._next = 0  # the number whose turn it is

    def ready(self, number, answer):
        """The bytes that can be sent, now that answer `number` is ready: from none to many answers.

        The first request has the number 0, the next one 1.
        """
        self._waiting[number] = answer
        first = self._next
        while self._next in self._waiting:
            self._next += 1
        return b"".join(self._waiting.pop(turn) for turn in range(first, self._next))
