"""What thirty viewers of the page cost the server that is measured: its p99 with and without.

python -m tests.benchmarks.page_cost [--rounds 8]

Rounds are interleaved, every other one in reverse order; "off" is the same run without a page.
Whoever is unsure of this machine compares the two halves of "off".
"""

import argparse
import contextlib
import socket
import threading
from statistics import median

from asyncweb import App, AsyncServer, load
from asyncweb.dashboard.page.page import Beside, Page
from asyncweb.dashboard.screen import NoScreen

VIEWERS, CONNECTIONS, SECONDS = 30, 50, 1.5


def home(ctx):
    return "Hello"


def drained(port, over):
    """Opens the page's events and reads them until `over`."""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as viewer:
        viewer.sendall(b"GET /events HTTP/1.1\r\nHost: page\r\n\r\n")
        viewer.settimeout(0.5)
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                viewer.recv(65536)


def measured(server, viewers):
    """p99 in ms and requests a second of `server` under load, watched by so many viewers."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:
        screen = NoScreen()
        if viewers:
            page = stack.enter_context(Page())
            screen = Beside(screen, page)
            stack.callback(over.set)
            for _ in range(viewers):
                threading.Thread(target=drained, args=(page.port, over), daemon=True).start()
        found = load(server, connections=CONNECTIONS, duration=SECONDS, screen=screen)
    return 1000 * found.latency_s["p99"], found.throughput_rps


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    app = App()
    app.get("/")(home)
    found = {0: [], VIEWERS: []}
    with AsyncServer(app).start(process=True) as server:
        for number in range(options.rounds):
            for viewers in (0, VIEWERS) if number % 2 == 0 else (VIEWERS, 0):
                found[viewers].append(measured(server, viewers))
    for viewers, rounds in found.items():
        p99, rates = zip(*rounds, strict=True)
        told = ", ".join(f"{one:.1f}" for one in p99)
        print(f"{viewers:2} viewers: p99 {median(p99):.1f} ms, {median(rates):,.0f}/s ({told})")
    halves = [median(p99 for p99, _ in found[0][half::2]) for half in (0, 1)]
    print(f"two halves without viewers: p99 {halves[0]:.1f} and {halves[1]:.1f} ms")


if __name__ == "__main__":
    main()
