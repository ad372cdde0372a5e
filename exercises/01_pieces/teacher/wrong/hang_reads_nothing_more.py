"""Waits for a body to become longer, and reads nothing."""


def read_request(connection):
    """The head and the body of the next request: of the body as many bytes as its head announces.

    Raises EOFError when the client closes before the request is whole.
    """
    head, body = read_head(connection)
    length = body_length(head)
    while len(body) < length:
        body += b""
    return head, body[:length]
