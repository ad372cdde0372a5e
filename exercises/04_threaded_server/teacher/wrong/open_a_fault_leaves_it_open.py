"""Closes only when the handler has not failed."""


def start(handle, connection):
    """A thread that has begun to run `handle(connection)`; returns it at once.

    When `handle` has ended, in whatever way, the thread closes the connection.
    """

    def handle_and_close():
        handle(connection)
        connection.close()

    thread = threading.Thread(target=handle_and_close)
    thread.start()
    return thread
