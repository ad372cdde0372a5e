"""Looks for the blank line in the newest piece only."""


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    received = piece = connection.recv(1024)
    while END_OF_HEAD not in piece:
        piece = connection.recv(1024)
        if not piece:
            raise EOFError("the client has closed in the middle of the head")
        received += piece
    head, _, rest = received.partition(END_OF_HEAD)
    return head, rest
