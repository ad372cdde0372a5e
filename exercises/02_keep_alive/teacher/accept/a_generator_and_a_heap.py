"""Requests by a generator, answers by a heap."""

import heapq


def serve(connection, answer):
    """Sends `answer(request)` for each request, and closes the connection in the end.

    The end is when the client has closed, or does not want to keep the connection alive. It is
    closed as well when EOFError comes out of next_request, which is passed on.
    """
    try:
        for request in requests_of(connection):
            connection.sendall(answer(request))
            if not keeps_alive(request):
                return
    finally:
        connection.close()


def requests_of(connection):
    """Each request, until the client has closed."""
    received = bytearray()
    yield from iter(lambda: next_request(connection, received), b"")


class Replies:
    """Lets answers out in the order of their requests, in whatever order they are ready."""

    def __init__(self):
        self._waiting = []  # a heap of numbers and answers
        self._next = 0  # the number whose turn it is

    def ready(self, number, answer):
        """The bytes that can be sent, now that answer `number` is ready: from none to many answers.

        The first request has the number 0, the next one 1.
        """
        heapq.heappush(self._waiting, (number, answer))
        parts = []
        while self._waiting and self._waiting[0][0] == self._next:
            parts.append(heapq.heappop(self._waiting)[1])
            self._next += 1
        return b"".join(parts)
