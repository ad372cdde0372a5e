"""What becomes of a faulty program: by made-up tools at once, by the real compilers when slow."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from asyncweb.lab.claims.checks import checks
from asyncweb.lab.claims.checks import languages as table
from asyncweb.lab.claims.checks.languages import LANGUAGES, SOUND, SOURCE, Language
from asyncweb.lab.claims.checks.observing import CannotCheck, check, observe
from asyncweb.lab.claims.checks.outcomes import Fault, Outcome
from asyncweb.lab.claims.names import CHECKS

FAILS, PASSES = "raise SystemExit(3)", "pass"
WARNS = "import sys; sys.stderr.write('warning: look at this')"
HARMS, SOUNDS = "print('harm')", "print('sound')"
EXPECTED = {  # of dangling, race, cycle, forgotten
    table.RUST: "rejected rejected unnoticed unnoticed",
    table.RUST_UNSAFE: "unnoticed unnoticed unnoticed unnoticed",
    table.C: "unnoticed/warned unnoticed unnoticed unnoticed",
    table.C_ADDRESS: "found unnoticed found unnoticed",
    table.C_THREAD: "unnoticed/warned/found found unnoticed unnoticed",
    table.GO: "absent unnoticed absent unnoticed",
    table.GO_RACE: "absent found absent unnoticed",
    table.JAVA: "absent unnoticed absent unnoticed",
    table.JAVASCRIPT: "absent unnoticed absent unnoticed",
    table.PYTHON: "absent unnoticed absent unnoticed",
}


def made_up(compiles: str = "", runs: str = SOUNDS) -> Language:
    """A language whose compiler and whose programs are a line of Python."""
    does = ((sys.executable, "-c", line, SOURCE) if line else () for line in (compiles, runs))
    return Language("Nolang", ("python",), ".py", *does, "write it first")


@pytest.mark.parametrize(
    ("compiles", "runs", "expected"),
    [
        (FAILS, SOUNDS, Outcome.REJECTED),
        (PASSES, FAILS, Outcome.FOUND),
        (WARNS, FAILS, Outcome.FOUND),
        (WARNS, HARMS, Outcome.WARNED),
        (WARNS, SOUNDS, Outcome.ABSENT),
        (PASSES, HARMS, Outcome.UNNOTICED),
        (PASSES, SOUNDS, Outcome.ABSENT),
        ("", HARMS, Outcome.UNNOTICED),
        ("", "print('much'); print('sound')", Outcome.ABSENT),
    ],
)
def test_an_outcome_is_what_the_tools_did(compiles, runs, expected):
    assert observe(made_up(compiles, runs), Fault.RACE).outcome is expected


def test_what_the_tools_said_is_told_with_the_bare_name_of_the_file():
    shows = "import sys; sys.exit(f'{sys.argv[1]}:3: no')"
    assert str(observe(made_up(shows), Fault.RACE)) == "rejected at compile time\nrace.py:3: no"


def test_a_compiler_that_rejects_everything_has_noticed_nothing():
    with pytest.raises(CannotCheck, match="without a fault is rejected at compile time here"):
        check(made_up(FAILS))


def test_a_missing_tool_says_how_to_get_it():
    absent = Language("Nolang", ("python",), ".py", (), ("nolang-of-nobody",), "write it first")
    with pytest.raises(CannotCheck, match="nolang-of-nobody is not installed; write it first"):
        check(absent)


def test_a_snippet_that_says_neither_word_is_no_outcome():
    with pytest.raises(CannotCheck, match="expected sound or harm"):
        observe(made_up(runs="print('perhaps')"), Fault.RACE)


def test_a_program_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr("asyncweb.lab.claims.checks.observing.RUN_S", 0.2)
    with pytest.raises(CannotCheck, match="timed out"):
        observe(made_up(runs="import threading; threading.Event().wait()"), Fault.RACE)


def test_a_language_that_cannot_be_checked_costs_its_row_only():
    absent = Language("Nolang", ("python",), ".py", (), ("nolang-of-nobody",), "write it first")
    figures = checks(languages=(absent, table.PYTHON))
    assert list(figures.systems(CHECKS)) == ["Python"]
    assert "write it first" in figures.failure(CHECKS, "Nolang")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_every_language_has_every_snippet_and_a_sound_one(language):
    for fault in (SOUND, *Fault):
        assert language.snippet(fault).read_text()


def test_python_keeps_what_is_referred_to_and_loses_a_visit():
    assert seen_of(table.PYTHON) == EXPECTED[table.PYTHON].split()


@pytest.mark.slow
@pytest.mark.parametrize("language", EXPECTED, ids=lambda language: language.name)
def test_each_language_notices_what_is_known_of_it(language):
    needed(language)
    for seen, expected in zip(seen_of(language), EXPECTED[language].split(), strict=True):
        assert seen in expected.split("/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "fault", "reason"),
    [
        (table.RUST, Fault.DANGLING, "error[E0597]: `user` does not live long enough"),
        (table.RUST, Fault.RACE, "error[E0499]: cannot borrow `visits` as mutable more than once"),
        (table.C_ADDRESS, Fault.DANGLING, "heap-use-after-free"),
        (table.C_THREAD, Fault.RACE, "ThreadSanitizer: data race"),
        (table.GO_RACE, Fault.RACE, "WARNING: DATA RACE"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_fault_is_noticed_for_what_it_is(language, fault, reason):
    needed(language)
    assert reason in observe(language, fault).said


def needed(language: Language) -> None:
    """Skips without its tool, and fails in CI."""
    if shutil.which(language.tool) is None:
        reason = f"{language.tool} is not installed; {language.way_out}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


def seen_of(language: Language) -> list[str]:
    """The outcomes in the order of the faults."""
    figure = check(language)
    return [Outcome(int(figure[fault])).name.lower() for fault in Fault]
