"""Makes a thread and does not begin it."""


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    def handle_and_close():
        try:
            handle(connection)
        finally:
            connection.close()

    thread = threading.Thread(target=handle_and_close)
    return thread
