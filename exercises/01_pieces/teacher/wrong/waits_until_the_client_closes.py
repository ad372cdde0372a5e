"""Reads on until nothing comes any more."""

END_OF_HEAD = b"\r\n\r\n"


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    received = b""
    while piece := connection.recv(1024):
        received += piece
    if END_OF_HEAD not in received:
        raise EOFError("the client has closed in the middle of the head")
    head, _, rest = received.partition(END_OF_HEAD)
    return head, rest


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def read_request(connection):
    """The head and the body of the next request: of the body as many bytes as its head announces.

    Raises EOFError when the client closes before the request is whole.
    """
    head, body = read_head(connection)
    length = body_length(head)
    while len(body) < length:
        piece = connection.recv(length - len(body))
        if not piece:
            raise EOFError("the client has closed in the middle of the body")
        body += piece
    return head, body[:length]
