"""Takes what one recv gives for the whole request."""


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    received = connection.recv(1024)
    if not received:
        raise EOFError("the client has closed")
    head, _, rest = received.partition(END_OF_HEAD)
    return head, rest
