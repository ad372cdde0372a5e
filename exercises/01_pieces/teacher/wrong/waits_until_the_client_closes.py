"""Reads on until nothing comes any more."""


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
