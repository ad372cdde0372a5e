"""Knows only ends in the middle."""


def next_request(connection, received):
    """The next whole request; b"" when the client has closed after a whole one.

    `received` is a bytearray: what was read and not given out yet. It is the same for all requests
    of a connection, and empty at first. Raises EOFError when the client closes within a request.
    """
    while not (length := request_length(received)):
        piece = connection.recv(1024)
        if not piece:
            raise EOFError("the client has closed")
        received += piece
    request = bytes(received[:length])
    del received[:length]
    return request
