"""Calls recv before it looks at what is there."""


def next_request(connection, received):
    """The next whole request; b"" when the client has closed after a whole one.

    `received` is a bytearray: what was read and not given out yet. It is the same for all requests
    of a connection, and empty at first. Raises EOFError when the client closes within a request.
    """
    while piece := connection.recv(1024):
        received += piece
        if length := request_length(received):
            request = bytes(received[:length])
            del received[:length]
            return request
    if received:
        raise EOFError("the client has closed in the middle of a request")
    return b""
