"""What the fuzzer found worth keeping holds; and, for two minutes, so does what it finds next."""

import importlib
import importlib.util
import os
import subprocess
import sys

import pytest

from tests.fuzz import HERE, TARGETS, corpus
from tests.fuzz.seeds import seeds

SECONDS_OF_ALL = 120
MOST_FILES, MOST_BYTES = 200, 200_000


def check_of(target):
    return importlib.import_module(f"tests.fuzz.{target}").check


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_found_before_holds(target):
    check = check_of(target)
    kept = sorted(corpus(target).glob("*"))
    assert kept
    for file in kept:
        check(file.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_hold(target):
    for seed in seeds(target):
        check_of(target)(seed)


def test_the_corpus_stays_small():
    sizes = [file.stat().st_size for file in (HERE / "corpus").glob("*/*")]
    assert len(sizes) <= MOST_FILES
    assert sum(sizes) <= MOST_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_new_is_found(target):
    if importlib.util.find_spec("atheris") is None:
        assert not os.environ.get("CI"), "CI must fuzz: pip install '.[proof]'"
        pytest.skip("atheris is not installed: pip install '.[proof]'")
    seconds = str(SECONDS_OF_ALL // len(TARGETS))
    command = [sys.executable, "-m", "tests.fuzz", target, "--seconds", seconds]
    told = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
