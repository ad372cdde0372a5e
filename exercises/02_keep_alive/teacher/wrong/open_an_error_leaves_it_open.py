"""Closes only when everything went well."""


def request_length(received):
    """How many bytes of `received` are its first request; 0 while that is not whole."""
    head, blank_line, rest = received.partition(b"\r\n\r\n")
    length = int(header(head, b"content-length") or 0)
    return len(head) + len(blank_line) + length if blank_line and len(rest) >= length else 0


def keeps_alive(request):
    """Whether the client wants the connection to stay open after this request."""
    return header(request.partition(b"\r\n\r\n")[0], b"connection").lower() != b"close"


def header(head, name):
    """The value of the header `name`, which is given in lower case; b"" when there is none."""
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name + b":"):
            return line.partition(b":")[2].strip()
    return b""


def next_request(connection, received):
    """The next whole request; b"" when the client has closed after a whole one.

    `received` is a bytearray: what was read and not given out yet. It is the same for all requests
    of a connection, and empty at first. Raises EOFError when the client closes within a request.
    """
    while not (length := request_length(received)):
        piece = connection.recv(1024)
        if not piece and received:
            raise EOFError("the client has closed in the middle of a request")
        if not piece:
            return b""
        received += piece
    request = bytes(received[:length])
    del received[:length]
    return request


def serve(connection, answer):
    """Sends `answer(request)` for each request, and closes the connection in the end.

    The end is when the client has closed, or does not want to keep the connection alive. It is
    closed as well when EOFError comes out of next_request, which is passed on.
    """
    received = bytearray()
    while request := next_request(connection, received):
        connection.sendall(answer(request))
        if not keeps_alive(request):
            break
    connection.close()


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
        in_turn = b""
        while self._next in self._waiting:
            in_turn += self._waiting.pop(self._next)
            self._next += 1
        return in_turn
