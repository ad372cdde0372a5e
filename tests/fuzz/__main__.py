"""Fuzzes one target from the command line, or keeps what was found.

    python -m tests.fuzz TARGET [--seconds S] [--runs N] [--jobs J]
    python -m tests.fuzz TARGET --minimise      what reaches the same goes to tests/fuzz/corpus

Rule: it works in .fuzz/TARGET, which begins with the corpus and the seeds; ends with 1 and the
bytes of the first finding, else with 0.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import HERE, TARGETS, corpus
from tests.fuzz.seeds import seeds

WORK = HERE.parents[1] / ".fuzz"
LONGEST_BYTES = 250
LONG_S = 20  # more for one input is a finding too
STATS = re.compile(r"stat::number_of_executed_units: +(\d+)")
REACHED = re.compile(r"cov: \d+ ft: \d+")


def main() -> int:
    options = parsed()
    work = WORK / options.target
    work.mkdir(parents=True, exist_ok=True)
    for seed in [*kept(options.target), *seeds(options.target)]:
        (work / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    if options.minimise:
        return minimise(options.target, work)
    limits = [f"-max_total_time={options.seconds}", f"-runs={options.runs}"]
    jobs = [start(options.target, work, *limits) for _ in range(options.jobs)]
    told = [job.communicate()[0] for job in jobs]
    for text in told:
        print(f"{options.target}: {summary(text)}")
    failed = [text for text, job in zip(told, jobs, strict=True) if job.returncode]
    if failed:
        print(failed[0][-4000:])
    return bool(failed)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=-1, help="executions; -1: as time allows")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--minimise", action="store_true", help="keep the smallest corpus")
    return parser.parse_args()


def kept(target: str) -> list[bytes]:
    return [file.read_bytes() for file in sorted(corpus(target).glob("*"))]


def start(target: str, work: Path, *options: str) -> subprocess.Popen[str]:
    command = [
        *(sys.executable, "-m", "tests.fuzz.run", target, str(work), *options),
        *(f"-dict={HERE / 'http.dict'}", f"-artifact_prefix={WORK}/{target}-"),
        *(f"-max_len={LONGEST_BYTES}", "-len_control=0", f"-timeout={LONG_S}"),
        "-print_final_stats=1",
    ]
    return subprocess.Popen(
        command, cwd=HERE.parents[1], text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def summary(told: str) -> str:
    """How many executions, and what they reached."""
    executions, reached = STATS.findall(told), REACHED.findall(told)
    count = int(executions[-1]) if executions else 0
    return f"{count:,} executions, {reached[-1] if reached else 'nothing reached'}"


def minimise(target: str, work: Path) -> int:
    """Replaces the corpus by the smallest of the inputs that reach what all of them reach."""
    with tempfile.TemporaryDirectory() as fresh:
        job = start(target, Path(fresh), str(work), "-merge=1", "-use_counters=0")
        told = job.communicate()[0]
        if job.returncode:
            print(told[-4000:])
            return 1
        shutil.rmtree(corpus(target), ignore_errors=True)
        corpus(target).mkdir(parents=True)
        for file in Path(fresh).iterdir():
            (corpus(target) / file.name[:12]).write_bytes(file.read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
