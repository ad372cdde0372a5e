"""A terminal without a window: a program runs in it, keys are pressed, what it draws is read.

Every wait is for something to be drawn, and fails after a while; none is for time to pass.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time

PATIENCE_S = 30.0
# The session leader takes the terminal, as a shell would have done for it.
TAKE = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
# A test that is run under nohup hands on that it does not mind a closed window.
TAKE += "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[^\[])")


class PseudoTerminal:
    """`with PseudoTerminal("print(input())") as terminal: ...`."""

    def __init__(self, code, *arguments, width=80, height=24, stdin=None, **environment):
        self._master, self._slave = pty.openpty()
        self.resize(width, height)
        self.modes = termios.tcgetattr(self._slave)
        self._drawn = ""
        self._place = 0  # what lies before it has been waited for
        clean = {name: value for name, value in os.environ.items() if name not in UNWANTED}
        self._program = subprocess.Popen(
            [sys.executable, "-c", (TAKE if stdin is None else "") + code, *arguments],
            stdin=self._slave if stdin is None else stdin,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            env={**clean, "TERM": "xterm-256color", **environment},
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._program.kill()
        self._program.wait()
        os.close(self._master)
        os.close(self._slave)

    def press(self, keys):
        os.write(self._master, keys.encode())

    def resize(self, width, height):
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def interrupt(self):
        """What the terminal does on Ctrl-C; the byte goes through it, so that its mode counts."""
        self.press("\x03")

    def tell(self, number):
        self._program.send_signal(number)

    def set_modes(self, modes):
        termios.tcsetattr(self._slave, termios.TCSANOW, modes)

    def comes_to(self, condition):
        """Waits until `condition` holds for the modes of the terminal."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition(termios.tcgetattr(self._slave)):
            self._read_until(deadline)

    def end_now(self):
        """Ends the program; gives what it has drawn until then."""
        self._program.kill()
        return self.ends()[1]

    def shows(self, pattern):
        """Waits until `pattern` is drawn after what was waited for before; gives the match."""
        wanted = re.compile(pattern)
        deadline = time.monotonic() + PATIENCE_S
        while (found := wanted.search(self._plain, self._place)) is None:
            has_ended = self._program.poll() is not None  # before the look: its last words count
            has_come = self._read_until(deadline)
            assert has_come or not has_ended, f"it has ended: {self._plain[-2000:]}"
        self._place = found.end()
        return found

    def ends(self):
        """Waits for the program's end; gives its exit code and all it has drawn, as it was sent."""
        deadline = time.monotonic() + PATIENCE_S
        while self._program.poll() is None:
            self._read_until(deadline)
        while select.select([self._master], [], [], 0)[0]:
            self._read_until(deadline)
        return self._program.returncode, self._drawn

    @property
    def is_as_it_was(self):
        return termios.tcgetattr(self._slave) == self.modes

    @property
    def _plain(self):
        return ESCAPES.sub("", self._drawn)

    def _read_until(self, deadline):
        assert time.monotonic() < deadline, f"not drawn: {self._plain[-2000:]}"
        has_come = bool(select.select([self._master], [], [], 0.05)[0])
        if has_come:
            self._drawn += os.read(self._master, 65536).decode(errors="replace")
        return has_come


UNWANTED = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
