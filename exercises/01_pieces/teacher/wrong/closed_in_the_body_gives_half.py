"""Gives what there is of a body when its client closes."""


def read_request(connection):
    """The head and the body of the next request: of the body as many bytes as its head announces.

    Raises EOFError when the client closes before the request is whole.
    """
    head, body = read_head(connection)
    length = body_length(head)
    while len(body) < length:
        piece = connection.recv(length - len(body))
        if not piece:
            break
        body += piece
    return head, body[:length]
