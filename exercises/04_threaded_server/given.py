"""Clients whom a handler serves, and what happens meanwhile, counted."""

import sys
import threading
from pathlib import Path

from asyncweb.errors import NotTogether
from asyncweb.grading import Mistake
from asyncweb.instruments import Rendezvous

GIVE_UP_S = 2  # on others who do not come; only who is wrong waits so long
PATIENCE_S = 0.5  # to see that something does not happen; nobody who is right can fail by it


class Connection:
    """A client, who only wants to be served."""

    def __init__(self):
        self.is_open = True

    def close(self):
        """Says goodbye."""
        self.is_open = False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class Listener:
    """Lets in these clients, one at each accept; then it is closed."""

    def __init__(self, clients):
        self._clients = list(clients)

    def accept(self):
        """The next client, and where it comes from."""
        if not self._clients:
            raise OSError("the listener is closed")
        return self._clients.pop(0), ("127.0.0.1", 50_000)


class Handler:
    """Serves a client by waiting until `together` of them are served at once, or too long."""

    def __init__(self, together, insists=True):
        self.ended = 0
        self.threads = 0  # those that the server had begun when the first client was served
        self._caller = threading.current_thread()
        self._before = threading.active_count()
        self._lock = threading.Lock()
        patience_s = GIVE_UP_S if insists else PATIENCE_S
        self.meeting = Rendezvous(together, give_up_s=patience_s, insists=insists)

    def __call__(self, connection):
        if threading.current_thread() is self._caller:
            raise Mistake("own", at=".run(" if _is_called_by_run() else "target=")
        if not self.threads:  # those who come when the first has gone find nobody to meet
            self._meet()
        with self._lock:
            self.threads = self.threads or threading.active_count() - self._before
            self.ended += 1

    def _meet(self):
        try:
            self.meeting.wait()
        except NotTogether:
            return


def _is_called_by_run():
    """Whether it is Thread.run that runs a handler."""
    frame = sys._getframe(1)
    while frame and frame.f_code is not threading.Thread.run.__code__:
        frame = frame.f_back
    return frame is not None


def begin(work, handle, connection):
    """The thread that the student's code has started for this client."""
    thread = work.start(handle, connection)
    if not isinstance(thread, threading.Thread):
        raise AssertionError(f"start returned {type(thread).__name__}, not the thread")
    if thread.ident is None:
        raise Mistake("begun")
    return thread


def join_all(before):
    """Waits until no threads are left but those of `before`, so that a test leaves none."""
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)


def counting_line(work):
    """A text by which the line is found that counts."""
    source = Path(work.__file__).read_text(encoding="utf-8")
    return next((text for text in ("+= 1", "+ 1", "[path] =") if text in source), "[path]")
