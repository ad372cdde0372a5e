"""How many files of 1 MiB a CPU second sends: asyncweb beside uvicorn with Starlette's StaticFiles.

    pip install ".[bench]" && python tests/benchmarks/static_file.py [--rounds N] [--json FILE]

All rounds are of one run, and interleaved; CPU is the server process's own, as the system accounts
it; the load is `wrk`, which must be installed. The band is what the peer differs from itself.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

from asyncweb import App, AsyncServer, ThreadServer

FILE_BYTES = 1024 * 1024
CONNECTIONS, ROUND_S = 16, 3


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
    url = f"http://127.0.0.1:{server.port}/files/large.bin"
    before = sum(process.cpu_times()[:2])
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_S}s", url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "errors" not in told and "Non-2xx" not in told, told
    answered = int(re.search(r"(\d+) requests in", told)[1])
    return answered / (sum(process.cpu_times()[:2]) - before)


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
