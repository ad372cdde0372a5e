"""Leaves the closing to somebody else."""


def serve(connection, answer):
    """Sends `answer(request)` for each request, and closes the connection in the end.

    The end is when the client has closed, or does not want to keep the connection alive. It is
    closed as well when EOFError comes out of next_request, which is passed on.
    """
    received = bytearray()
    while request := next_request(connection, received):
        connection.sendall(answer(request))
        if not keeps_alive(request):
            return
