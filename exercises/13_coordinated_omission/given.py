"""Servers in virtual time: what they do is known to the second, and takes none."""

import asyncio

from asyncweb.grading import same
from asyncweb.instruments import run_in_virtual_time


def now():
    """The virtual time in seconds."""
    return asyncio.get_running_loop().time()


class Server:
    """Answers after `takes_s`, one number for each request; the last goes for all that follow."""

    def __init__(self, *takes_s):
        self.asked = []  # when
        self.most = 0  # at once
        self._takes_s = list(takes_s)
        self._inside = 0

    async def ask(self):
        """One request."""
        self.asked.append(rounded(now()))
        self._inside += 1
        self.most = max(self.most, self._inside)
        takes_s = self._takes_s.pop(0) if len(self._takes_s) > 1 else self._takes_s[0]
        await asyncio.sleep(takes_s)
        self._inside -= 1


class Stalling(Server):
    """Stands still until `until_s`, then answers whoever has waited, and at once from then on."""

    def __init__(self, until_s):
        super().__init__(0)
        self._until_s = until_s

    async def ask(self):
        """One request."""
        self.asked.append(rounded(now()))
        await asyncio.sleep(max(0, self._until_s - now()))


def measured(work, server, **load):
    """The latencies that the student's `measure` finds, rounded to the millisecond."""
    return rounded(run_in_virtual_time(work.measure(server.ask, **load)))


def rounded(value):
    """A time, or a list of times, without the noise of floats; anything else as it is."""
    if type(value) in (list, tuple):
        return type(value)(map(rounded, value))
    return round(float(value), 3) if type(value) in (int, float) else value


def same_times(got, expected):
    """As `same`, for a list of times in any order."""
    same(sorted(rounded(got)) if type(got) is list else got, sorted(expected))
