"""Exercise 01: read a request that arrives in pieces.

`connection.recv(1024)` waits until there are bytes, and gives those that are there: from 1 to 1024.
When the client has closed the connection it gives b"", again and again.
"""

END_OF_HEAD = b"\r\n\r\n"


def read_head(connection):
    """The head of the next request without its blank line, and what was read after that.

    Raises EOFError when the client closes before the head is whole.
    """
    raise NotImplementedError("Task 1.1: read until the head is whole")


def body_length(head):
    """How many bytes the Content-Length of `head` announces; 0 when there is none."""
    raise NotImplementedError("Task 1.2: find the length of the body")


def read_request(connection):
    """The head and the body of the next request: of the body as many bytes as its head announces.

    Raises EOFError when the client closes before the request is whole.
    """
    raise NotImplementedError("Task 1.3: read the body too")
