"""Has misspelt a name; that is no belief, and its exception has to be told."""


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    while True:
        connection, address = listener.accept()
        conection.settimeout(patience_s)
        try:
            serve_one(connection, answer)
        except Exception as error:
            print(f"lost the client {address}: {error!r}")
