"""Goes on reading from a client that has closed."""


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    received = b""
    while END_OF_HEAD not in received:
        piece = connection.recv(1024)
        received += piece
    head, _, rest = received.partition(END_OF_HEAD)
    return head, rest
