"""curl, run once: what it says of each transfer, and what it printed."""

import json
import subprocess

FACTS = "%{stderr}%{json}\n"  # what curl knows goes there, what it was told to stdout
COMMAND = ("-q", "-sS", "--noproxy", "*", "--max-time", "20", "-w", FACTS)


def curled(program, folder, *arguments, codes=(0,)):
    """(a dict for each transfer, the bytes on standard output); it ends with one of `codes`."""
    said = subprocess.run(
        [program, *COMMAND, *arguments], cwd=folder, capture_output=True, timeout=30
    )
    assert said.returncode in codes, said.stderr.decode()
    lines = said.stderr.decode().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")], said.stdout
