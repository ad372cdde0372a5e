"""Closes by `with`, reads by a generator, sends piece by piece."""

import contextlib


def serve_one(connection, answer):
    """Reads one request up to its blank line, sends all of `answer(request)`, and closes.

    A client that closes before its request is whole gets no answer. The connection is closed in any
    case, also when an exception passes through.
    """
    with connection:
        received = bytearray()
        for piece in pieces(connection):
            received.extend(piece)
            if received.endswith(END_OF_HEAD):
                send_all(connection, answer(bytes(received)))
                break


def pieces(connection):
    """What the client sends, until it closes."""
    yield from iter(lambda: connection.recv(1), b"")


def send_all(connection, data):
    """Sends on, until nothing is left."""
    while data:
        data = data[connection.send(data) :]


def serve(listener, answer, patience_s):
    """Serves the clients of `listener`, one after the other, until accept raises OSError.

    That one is passed on. What goes wrong with a client is printed, and costs nobody else anything;
    a client that says nothing for `patience_s` seconds is given up.
    """
    for connection, _ in iter(listener.accept, None):
        connection.settimeout(patience_s)
        with contextlib.suppress(Exception):
            serve_one(connection, answer)


def answered_at(arrivals, each):
    """When each client has its answer, a list of ms, if the answers take `each` ms.

    The clients come to this server at `arrivals`, in ms from the start, the earliest first.
    """
    answers = []
    for arrival in arrivals:
        begins = arrival
        if answers and answers[-1] > arrival:
            begins = answers[-1]
        answers.append(begins + each)
    return answers
