"""Sends once, and takes no notice of how much that was."""


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    try:
        request = b""
        while END_OF_HEAD not in request:
            piece = connection.recv(1024)
            if not piece:
                return
            request += piece
        connection.send(answer(request))
    finally:
        connection.close()
