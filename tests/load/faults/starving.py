"""A server that gets no more files, or no more threads, and gets them again.

Rule: hunger is made from outside, with the limits of the system, on that one process.
"""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
import time
from collections import Counter
from typing import Any

import psutil

from tests.load.faults.scene import ask, cpu_share, crowd, holds_within, of_good, serving
from tests.load.tally import Tally

MORE_FILES = 60
HOGS = 300
STACK_BYTES = 256 * 1024**2
THREADS = 40
LOOK_S = 4.0
SPIN = 0.25  # of a core above what it needed before: more would be a spin


def no_files(engine: str) -> dict[str, Any]:
    """`accept` fails for a while: more clients knock than the server may have files."""
    complaints: list[str] = []
    with serving(engine, complaints) as server, crowd(server, 100, 50) as good:
        cpu_before = cpu_share(server.pid, LOOK_S)
        files = psutil.Process(server.pid).num_fds() + MORE_FILES
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (files, files))
        with contextlib.ExitStack() as hogs:
            for _ in range(HOGS):
                address = ("127.0.0.1", server.port)
                hogs.enter_context(socket.create_connection(address, 5))
            is_starved = holds_within(lambda: psutil.Process(server.pid).num_fds() >= files)
            cpu_starved = cpu_share(server.pid, LOOK_S)
        began = time.monotonic()
        status, _ = ask(server.port, "/echo/again")
        recovered_s = time.monotonic() - began
        tally: Tally = good.tell("leave")["fault"]
        complaints += [failure.error for failure in server.errors]
    complaints += of_good(tally, tally.lost)
    complaints += [] if is_starved else ["it was never starved"]
    complaints += [] if status == 200 else [f"afterwards it said {status}"]
    if cpu_starved > cpu_before + SPIN:
        complaints.append(f"it spins: {cpu_starved:.0%} of a core, {cpu_before:.0%} before")
    return {
        "answered": tally.answered, "lost": len(tally.lost), "cpu_before": cpu_before,
        "cpu_starved": cpu_starved, "answer_after_s": recovered_s, "complaints": complaints,
    }  # fmt: skip


def large_stacks() -> None:
    """Lets a small allowance of memory end in threads alone."""
    threading.stack_size(STACK_BYTES)


def no_threads(engine: str) -> dict[str, Any]:
    """More clients than the server can have threads."""
    complaints: list[str] = []
    told: Counter[str] = Counter()
    with serving(engine, complaints, on_startup=large_stacks) as server:
        process = psutil.Process(server.pid)
        threads = process.num_threads()
        memory = process.memory_info().vms + THREADS * STACK_BYTES + STACK_BYTES // 2
        resource.prlimit(server.pid, resource.RLIMIT_AS, (memory, memory))
        with contextlib.ExitStack() as clients:
            for _ in range(2 * THREADS):
                address = ("127.0.0.1", server.port)
                client = clients.enter_context(socket.create_connection(address, 5))
                client.sendall(b"GET /echo/t HTTP/1.1\r\nHost: siege\r\n\r\n")
                told[client.recv(4096)[9:12].decode()] += 1
        are_back = holds_within(lambda: process.num_threads() == threads)
        status, _ = ask(server.port, "/echo/again")
        complaints += [failure.error for failure in server.errors]
    complaints += [] if set(told) == {"200", "503"} else [f"clients were told {dict(told)}"]
    complaints += [] if are_back else ["not all threads ended"]
    complaints += [] if status == 200 else [f"afterwards it said {status}"]
    return {"told": dict(told), "afterwards": status, "complaints": complaints}
