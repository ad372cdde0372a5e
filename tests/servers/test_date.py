"""The wall clock may jump: the Date line follows it, and nothing else looks at it."""

import re
from pathlib import Path

import asyncweb
from asyncweb.http.dates import http_date
from asyncweb.servers.spelling import DateLine


def test_the_date_follows_a_clock_that_jumps():
    now = [1_000_000.0]
    date = DateLine(lambda: now[0])
    for moment in (1_000_000.5, 1_000_001.0, 9_000_000.2, 5.0, 5.9, 6.0, 5.9):
        now[0] = moment
        assert date.now() == http_date(moment)


def test_no_wait_of_a_server_is_measured_by_the_wall_clock():
    servers = Path(asyncweb.__file__).parent / "servers"
    users = [
        file.name
        for file in servers.glob("*.py")
        if re.search(r"time\.time\b|datetime", file.read_text())
    ]
    # To say what time it is or was, or how long a certificate is valid, is to wait for nobody.
    assert sorted(users) == [
        "access_log.py",
        "observer.py",
        "self_signed.py",
        "spelling.py",
        "watchdog.py",
    ]
