"""What all rules of the trial have in common."""

import pytest

from asyncweb.lab.claims import names
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.judge import judge
from asyncweb.lab.claims.twelve import CLAIMS
from asyncweb.lab.claims.twelve.finding import Finding, alike, every, verdict
from asyncweb.lab.claims.twelve.rows import ORDER, rows, share, tried
from asyncweb.lab.claims.verdict import Word
from tests.lab.claims.made import Made

HOLDS, FAILS, OPEN, UNMEASURED = Word.HOLDS, Word.FAILS, Word.OPEN, Word.UNMEASURED
EVERY_CLAIM = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
TEXTS = ("said", "tested", "rule", "changes", "question")


def test_the_claims_stand_in_the_order_of_the_article():
    numbers = [int(claim.id.removeprefix("C")) for claim in CLAIMS]
    assert numbers == list(range(1, len(CLAIMS) + 1))


@EVERY_CLAIM
def test_a_claim_says_what_was_said_and_what_decides(claim):
    for name in TEXTS:
        text = getattr(claim, name)
        assert text[0].isupper() or text[0].isdigit() or text.startswith("hyperlane"), name
        assert text.endswith("?" if name == "question" else "."), name
        assert "  " not in text, name


@EVERY_CLAIM
def test_without_any_figure_a_claim_is_not_measured_and_says_why(claim):
    told = claim.decide(Figures())
    assert told.word is UNMEASURED
    assert told.why


def test_every_claim_is_judged_in_order():
    assert [claim for claim, _ in judge(Figures())] == list(CLAIMS)
    only = CLAIMS[2:4]
    assert [claim for claim, _ in judge(Figures(), only)] == list(only)


def test_the_reason_why_a_system_is_missing_is_the_reason_of_the_verdict():
    figures = Figures()
    measures = (
        *names.HELLO.values(), names.START, names.MANY, names.RATE, names.LOADED, names.SOAK,
        names.OTHERS,
    )  # fmt: skip
    for measure in measures:
        figures.fail(measure, names.HYPERLANE, "cargo is not installed")
    about_hyperlane = [each for each in judge(figures) if each[0].id in "C2 C4 C5 C6 C7 C8 C9"]
    for claim, told in about_hyperlane:
        assert told.word is UNMEASURED, claim.id
        assert "cargo is not installed" in told.why, claim.id
        assert any("cargo" in figure for _, figure in told.figures), claim.id


def test_one_part_that_fails_is_enough_and_one_in_doubt_is_too_little():
    assert every([HOLDS, HOLDS]) is HOLDS
    assert every([HOLDS, OPEN]) is OPEN
    assert every([OPEN, UNMEASURED, HOLDS]) is UNMEASURED
    assert every([OPEN, UNMEASURED, FAILS]) is FAILS
    assert every([]) is UNMEASURED


def test_cases_that_the_article_does_not_tell_apart_must_agree():
    assert alike([HOLDS, UNMEASURED, HOLDS]) is HOLDS
    assert alike([FAILS, FAILS]) is FAILS
    assert alike([FAILS, HOLDS]) is OPEN
    assert alike([FAILS, OPEN]) is OPEN
    assert alike([UNMEASURED]) is alike([]) is UNMEASURED


def test_a_verdict_says_all_of_its_parts():
    told = verdict([Finding(HOLDS, "one"), Finding(FAILS, "two")], [("of", "1")])
    assert str(told) == "does not hold here: one. two."
    assert told.figures == (("of", "1"),)


def test_rows_have_the_order_of_the_report_and_strangers_last():
    figures = Made()
    for system in ("a stranger", *reversed(ORDER)):
        figures.load(names.RATE, system)
    assert tried(figures, names.RATE) == [*ORDER, "a stranger"]


def test_a_row_says_what_to_mind_of_its_figure():
    figures = Made().load(names.RATE, names.NODE, client_limited=1)
    ((_, told),) = rows(figures, names.RATE, "cpu_share", share, "CPU")
    limit = "the load generator, and not the server, was the limit"
    assert told == f"5 % (5 % to 5 %, 5 rounds); {limit}"


def test_rows_can_be_of_some_systems_alone():
    figures = Made().load(names.RATE, names.NODE).load(names.RATE, names.TOKIO)
    told = list(rows(figures, names.RATE, "cpu_share", share, "CPU", (names.NODE,)))
    assert [what for what, _ in told] == ["CPU, Node.js"]
