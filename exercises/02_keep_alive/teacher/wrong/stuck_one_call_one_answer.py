"""Lets out one answer for each call, at most."""


class Replies:
    """Lets answers out in the order of their requests, in whatever order they are ready."""

    def __init__(self):
        self._waiting = {}  # by number: answers that are too early
        self._next = 0  # the number whose turn it is

    def ready(self, number, answer):
        """The bytes that can be sent, now that answer `number` is ready: from none to many answers.

        The first request has the number 0, the next one 1.
        """
        self._waiting[number] = answer
        if number == self._next:
            self._next += 1
            return self._waiting.pop(number)
        return b""
