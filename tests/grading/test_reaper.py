"""Whatever a program starts ends with it, wherever it has gone."""

import subprocess
import sys

import psutil
import pytest

from asyncweb.grading import reaper

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is a reaper on Linux only")

ORPHAN = "import os, time; os.fork() and os._exit(0); print(os.getpid()); time.sleep(60)"
LEAVES_IT = f"""
import subprocess, sys
command = [sys.executable, "-uc", {ORPHAN!r}]
orphan = subprocess.Popen(command, env={{}}, start_new_session=True, stdout=subprocess.PIPE)
print(int(orphan.stdout.readline()), flush=True)
"""
WAITS = "import time; time.sleep(60)"


@pytest.fixture
def start():
    """Starts this text below a reaper."""
    started = []

    def start(text):
        command = [sys.executable, "-I", "-S", reaper.__file__, sys.executable, "-c", text]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_an_orphan_ends_with_the_program_that_has_left_it(start):
    process = start(LEAVES_IT)
    orphan = int(process.stdout.readline())
    assert process.wait(30) == 0
    assert not psutil.pid_exists(orphan)


def test_whoever_ends_the_reaper_ends_all(start):
    process = start(LEAVES_IT + WAITS)
    orphan = int(process.stdout.readline())
    process.terminate()
    assert process.wait(30) == 0
    assert not psutil.pid_exists(orphan)


def test_a_program_that_ends_its_group_does_not_end_the_reaper(start):
    process = start("import os, signal; os.killpg(0, signal.SIGKILL)")
    assert process.wait(30) == 0
