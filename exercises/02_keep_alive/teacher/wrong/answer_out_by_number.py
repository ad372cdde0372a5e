"""Lets out all that waits, by number, whether or not it is its turn."""


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
        if len(self._waiting) <= number:
            return b""
        in_turn = [self._waiting[each] for each in sorted(self._waiting)]
        self._waiting.clear()
        return b"".join(in_turn)
