"""How many files of 1 MiB a CPU second sends: asyncweb beside uvicorn with Starlette's StaticFiles.

    pip install ".[bench]" && python -m tests.benchmarks.static_file [--rounds N] [--json FILE]

All rounds are of one run, and interleaved; CPU is the server process's own, as the system accounts
it; the load is `wrk`, where it is installed. The band is what the peer differs from itself.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from asyncweb import App, AsyncServer, ThreadServer
from tests.benchmarks.shapes import Shape
from tests.benchmarks.wrk import load

FILE_BYTES = 1024 * 1024
ROUND_S = 3
ASKED = Shape("file", "a file of 1 MiB", path="/files/large.bin", connections=16)


class Peer:
    def __init__(self, folder):
        script = [sys.executable, str(Path(__file__).with_name("static_peer.py")), str(folder)]
        self.process = subprocess.Popen(script, stdout=subprocess.PIPE, text=True)
        self.port, self.pid = int(self.process.stdout.readline()), self.process.pid

    def stop(self):
        self.process.kill()
        self.process.communicate()


def files_per_cpu_second(server):
    process = psutil.Process(server.pid)
    before = sum(process.cpu_times()[:2])
    loaded = load(server.port, ASKED, ROUND_S, core=None)
    return loaded.requests / (sum(process.cpu_times()[:2]) - before)


def measure(rounds, folder):
    (folder / "large.bin").write_bytes(os.urandom(FILE_BYTES))
    app = App()
    app.static("/files", folder)
    servers = {
        "asyncweb": AsyncServer(app).start(process=True),
        "asyncweb, threads": ThreadServer(app).start(process=True),
        "uvicorn": Peer(folder),
        "uvicorn again": Peer(folder),
    }
    figures = {name: [] for name in servers}
    for number in range(rounds):
        for name in list(servers) if number % 2 else reversed(servers):
            figures[name].append(files_per_cpu_second(servers[name]))
    for server in servers.values():
        server.stop()
    medians = {name: statistics.median(values) for name, values in figures.items()}
    return {
        "files_of_1_mib_per_cpu_second": medians,
        "ratio_to_uvicorn": medians["asyncweb"] / medians["uvicorn"],
        "band": medians["uvicorn again"] / medians["uvicorn"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(measure(options.rounds, Path(folder)), indent=2)
    print(text)
    if options.json:
        Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
