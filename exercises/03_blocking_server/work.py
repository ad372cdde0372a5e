"""Exercise 03: a server that serves one client after the other.

`listener.accept()` waits for a client and gives `(connection, address)`; it raises OSError when
somebody has closed the listener. `connection.recv(1024)` waits until there are bytes, and gives b""
when the client has closed; after `connection.settimeout(seconds)` it waits that long at most, and
then raises TimeoutError.
"""

END_OF_HEAD = b"\r\n\r\n"


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    raise NotImplementedError("Task 3.1: read one request, answer, close")


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    raise NotImplementedError("Task 3.2: serve client after client, whatever one of them does")


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    raise NotImplementedError("Task 3.3: say when each client has its answer")
