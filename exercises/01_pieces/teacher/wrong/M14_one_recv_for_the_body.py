"""Reads the head well, then takes what one recv gives for the whole body."""


def read_request(connection):
    """The head and the body of the next request: of the body as many bytes as its head announces.

    Raises EOFError when the client closes before the request is whole.
    """
    head, body = read_head(connection)
    length = body_length(head)
    if len(body) < length:
        piece = connection.recv(length - len(body))
        if not piece:
            raise EOFError("the client has closed in the middle of the body")
        body += piece
    return head, body[:length]
