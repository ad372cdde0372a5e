"""Very many connections on one core: each is answered, waits with all the others, and is answered
again.

    python -m tests.benchmarks.many [--connections N] [--workers N] [--json FILE]

The worker processes of `asyncweb serve --workers` share one port and one core; the clients are
those of asyncweb.lab.claims.many. Memory is USS, all processes together, and counts from when each
worker has answered once. Linux only: other systems have one loopback address.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from asyncweb.lab.claims.many import SPARE_FILES, UNEVEN, WARM, crowd
from asyncweb.lab.claims.pinning import this_machine
from tests.benchmarks.running import Running
from tests.benchmarks.servers import APPS, PYTHON, Entry

PATIENCE_S = 60.0
CONFIG = "[limits]\nconnections = 100000\nconnections_per_client = 100000\nidle_s = 300\n"


def measure(connections: int, workers: int) -> dict[str, Any]:
    """Holds so many connections at so many workers on one core."""
    cores = this_machine()
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "many.toml")
        config.write_text(CONFIG)
        entry = Entry("asyncweb serve", lambda port, shape: _serve(port, workers, config))
        with Running(entry, core=cores.server) as server, crowd(connections, cores) as clients:
            for _ in range(WARM * workers):
                server.ask(server.shape).close()
            before, began = server.uss_bytes(), time.perf_counter()
            arrived = clients.come([("127.0.0.1", server.port)], PATIENCE_S)
            connected_s = time.perf_counter() - began
            first = clients.ask(PATIENCE_S)
            grown = server.uss_bytes() - before
            second = clients.ask(PATIENCE_S)
            return {
                "connections": arrived.held,
                "workers": workers,
                "connected_s": connected_s,
                "answered": [asdict(first), asdict(second)],
                "bytes_per_connection": grown / connections,
                "memory_mb": server.uss_bytes() / 1e6,
            }


def _serve(port: int, workers: int, config: Path) -> list[str]:
    command = [PYTHON, "-m", "asyncweb", "serve", f"{APPS}.serve:app", "--port", str(port)]
    return [*command, "--workers", str(workers), "--config", str(config)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0], prog="many")
    parser.add_argument("--connections", type=int, default=50_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--json", metavar="FILE", type=Path)
    options = parser.parse_args()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    workers = options.workers or math.ceil(UNEVEN * options.connections / (files - SPARE_FILES))
    found = measure(options.connections, workers)
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    are_missing = found["connections"] < options.connections
    return 1 if are_missing or any(answered["errors"] for answered in found["answered"]) else 0


if __name__ == "__main__":
    sys.exit(main())
