"""Takes what one recv gives for the whole request."""

END_OF_HEAD = b"\r\n\r\n"


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


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    while True:
        connection, address = listener.accept()
        connection.settimeout(patience_s)
        try:
            serve_one(connection, answer)
        except Exception as error:
            print(f"lost the client {address}: {error!r}")


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    answers = []
    free_at = 0
    for arrival in arrivals:
        free_at = max(free_at, arrival) + each
        answers.append(free_at)
    return answers
