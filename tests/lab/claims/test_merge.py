"""Reports of several operating systems become one, and C10 decides by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.merge import CannotMerge, merge
from asyncweb.lab.claims.names import HYPERLANE, NODE, OUR_LOOP, RATE, on
from asyncweb.lab.claims.twelve.c10 import AnySystem
from asyncweb.lab.claims.verdict import Word

STEADY = (100.0, 101.0, 100.0, 100.5)
ALL = ("Linux", "macOS", "Windows")
KERNELS = {"Linux": "Linux 6.1.0", "macOS": "Darwin 24.1", "Windows": "Windows 11"}


@pytest.fixture
def report(tmp_path):
    """`report("Linux", (100.0, 101.0))` writes a report in which hyperlane needs these µs."""

    def write(place: str, cpu_us: tuple[float, ...] = STEADY, **otherwise: object) -> Path:
        figures = Figures()
        for value in cpu_us:
            figures.add(RATE, HYPERLANE, {"cpu_us": value, "errors": 0})
            figures.add(RATE, OUR_LOOP, {"cpu_us": 2 * value, "errors": 0})
        kept = {
            "machine": {"system": KERNELS[place], "processor": "A1, 2 cores", "memory": "4 GiB"},
            "protocol": {"name": "full", "rounds": 5},
            "versions": {HYPERLANE: "5.40.1"},
            "figures": figures.to_dict(),
            "verdicts": [],
        }
        file = tmp_path / f"{place}-{len(list(tmp_path.iterdir()))}.json"
        file.write_text(json.dumps({**kept, **otherwise}))
        return file

    return write


@pytest.fixture
def decided(report):
    """`decided(Linux=(100.0,), ...)` is C10's verdict on one machine with these systems."""

    def decide(**cpu_us: tuple[float, ...]):
        files = [report(place, values) for place, values in cpu_us.items()]
        return AnySystem().decide(merge(files, same_machine=True))

    return decide


class TestTheReports:
    def test_stand_side_by_side(self, report):
        merged = merge([report("Linux", (90.0,)), report("Windows", (120.0,))])
        assert merged.median(on(RATE, "Linux"), HYPERLANE, "cpu_us") == 90.0
        assert merged.median(on(RATE, "Windows"), HYPERLANE, "cpu_us") == 120.0

    def test_of_one_operating_system_are_refused(self, report):
        with pytest.raises(CannotMerge, match="are both of Linux; give one report of each"):
            merge([report("Linux"), report("Linux")])

    def test_of_two_protocols_are_refused_and_the_difference_is_named(self, report):
        other = report("macOS", protocol={"name": "quick", "rounds": 5})
        with pytest.raises(CannotMerge, match="name is 'full' in one and 'quick' in the other"):
            merge([report("Linux"), other])

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("not json", "Expecting value"),
            ("[1]", "list indices"),
            ('{"machine": {"system": "Linux"}}', "no 'protocol'"),
            ('{"machine": 1, "protocol": {}, "figures": {}}', "its machine is 1"),
            ('{"machine": {}, "protocol": {}, "figures": {"looks": {}}}', "no 'failures'"),
            ('{"machine": {}, "protocol": {}, "figures": {"looks": {}, "failures": {}}}', "system"),
        ],
    )
    def test_that_are_none_are_refused(self, tmp_path, text, said):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(CannotMerge, match=f"is no report of the claims.*{said}.*--json a.json"):
            merge([tmp_path / "a.json"])

    def test_that_are_not_there_are_refused(self, tmp_path):
        with pytest.raises(CannotMerge, match="No such file"):
            merge([tmp_path / "gone.json"])

    def test_of_another_operating_system_are_refused(self, report):
        with pytest.raises(CannotMerge, match="on 'FreeBSD 14'; known: Linux, macOS, Windows"):
            merge([report("Linux", machine={"system": "FreeBSD 14"})])

    def test_compare_no_system_whose_versions_differ(self, report):
        other = report("macOS", versions={HYPERLANE: "22.1.0"})
        merged = merge([report("Linux"), other], same_machine=True)
        assert merged.band(on(RATE, "Linux"), HYPERLANE, "cpu_us") is None
        assert merged.band(on(RATE, "Linux"), OUR_LOOP, "cpu_us")
        verdict = AnySystem().decide(merged)
        assert verdict.word is Word.UNMEASURED
        assert "its versions differ: 5.40.1 on Linux, 22.1.0 on macOS" in verdict.why


class TestC10:
    @pytest.mark.parametrize(
        ("windows", "word"),
        [
            (STEADY, Word.HOLDS),
            ((103.0, 104.0, 103.5, 103.0), Word.HOLDS),
            ((104.0, 105.5, 104.5, 104.0), Word.OPEN),  # the line lies within the rounds
            ((99.0, 130.0, 100.0, 101.0), Word.OPEN),
            ((106.2, 107.0, 106.5, 106.1), Word.FAILS),
            ((90.0, 91.0, 90.5, 90.0), Word.FAILS),
        ],
    )
    def test_decides_beyond_what_the_rounds_leave_open(self, decided, windows, word):
        assert decided(Linux=STEADY, macOS=STEADY, Windows=windows).word is word

    def test_needs_three_systems_for_the_claim_and_two_against_it(self, decided):
        agree = decided(Linux=STEADY, Windows=STEADY)
        assert agree.word is Word.UNMEASURED
        assert "macOS is missing" in agree.why
        assert decided(Linux=STEADY, Windows=(150.0,) * 4).word is Word.FAILS

    def test_does_not_hold_by_a_few_rounds(self, decided):
        verdict = decided(Linux=(100.0,), macOS=(100.0,), Windows=(100.0,))
        assert verdict.word is Word.OPEN
        assert "Fewer than 4 rounds" in verdict.why

    def test_compares_no_machines_that_may_be_different(self, report):
        verdict = AnySystem().decide(merge([report(place) for place in ALL]))
        assert verdict.word is Word.OPEN
        assert "--same-machine" in verdict.why

    def test_shows_how_each_stands_to_ours_on_its_own_machine(self, report):
        verdict = AnySystem().decide(merge([report("Linux"), report("macOS", (400.0,))]))
        told = "0.50 on Linux; 0.50 on macOS"
        assert (f"CPU for each request, {HYPERLANE} by {OUR_LOOP}", told) in verdict.figures

    def test_decides_nothing_by_faulty_answers(self, report):
        figures = Figures()
        for _ in range(4):
            figures.add(RATE, HYPERLANE, {"cpu_us": 300.0, "errors": 2})
        files = [report("Linux"), report("macOS"), report("Windows", figures=figures.to_dict())]
        verdict = AnySystem().decide(merge(files, same_machine=True))
        assert (verdict.word, verdict.why) == (
            Word.OPEN,
            "hyperlane's answers had errors on Windows.",
        )

    def test_says_why_hyperlane_has_no_figures(self, report):
        figures = Figures()
        figures.add(RATE, NODE, {"cpu_us": 300.0, "errors": 0})
        figures.fail(RATE, HYPERLANE, "cargo is not installed")
        files = [report("Linux"), report("macOS", figures=figures.to_dict())]
        assert "(macOS: cargo is not installed)" in AnySystem().decide(merge(files)).why

    def test_of_one_report_says_what_to_do(self, report):
        for figures in (Figures(), merge([report("Linux")])):
            verdict = AnySystem().decide(figures)
            assert verdict.word is Word.UNMEASURED
            assert "asyncweb claims --merge" in verdict.why
