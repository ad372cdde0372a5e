"""Reads in a function that says whether there is a request; times by accumulate."""

from itertools import accumulate


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    try:
        request = read(connection)
        if request is not None:
            connection.sendall(answer(request))
    except BaseException:
        connection.close()
        raise
    connection.close()


def read(connection):
    """The request; None when the client has closed before it was whole."""
    parts = []
    while END_OF_HEAD not in b"".join(parts):
        parts.append(connection.recv(65536))
        if parts[-1] == b"":
            return None
    return b"".join(parts)


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    clients = 0
    while True:
        connection = listener.accept()[0]
        clients += 1
        try:
            connection.settimeout(patience_s)
            serve_one(connection, answer)
        except OSError:
            print(f"client {clients} has gone, or is asleep")
        except Exception as fault:
            print(f"client {clients} has found a fault: {fault}")


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    ends = accumulate(arrivals, lambda free_at, arrival: max(free_at, arrival) + each, initial=0)
    return list(ends)[1:]
