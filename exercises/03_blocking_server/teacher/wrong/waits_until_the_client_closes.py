"""Reads until the client has nothing more to send."""


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    try:
        request = b""
        while piece := connection.recv(1024):
            request += piece
        if END_OF_HEAD in request:
            connection.sendall(answer(request))
    finally:
        connection.close()
