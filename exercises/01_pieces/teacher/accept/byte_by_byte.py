"""Reads the head one byte at a time: slow, and right."""


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    received = b""
    while not received.endswith(END_OF_HEAD):
        byte = connection.recv(1)
        if byte == b"":
            raise EOFError("closed")
        received += byte
    return received[:-4], b""
