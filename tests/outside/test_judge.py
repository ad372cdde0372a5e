"""The judge of the proxies sees what is wrong, and the corpus is what it says it is."""

import pytest

from tests.outside.corpus import CORPUS
from tests.outside.corpus.case import MARK, Case
from tests.outside.judge import Delivery, disagreements
from tests.outside.programs import needs
from tests.outside.witness import Seen

CASE = Case("a case", b"")
SENT = {"one": ("200", "GET /case/00000000"), "two": ("200", "GET /hidden/00000000")}


def seen(*ids, target="/case/00000000"):
    return Seen(("127.0.0.1", 1), "GET", target, ids, b"")


def test_requests_that_both_know_are_no_disagreement():
    assert not disagreements(SENT, [seen("one"), seen("two")], [CASE])


@pytest.mark.parametrize(
    "requests, said",
    [
        ([seen("one"), seen("two"), seen(target="/hidden/00000000")], "0 ids on a case"),
        ([seen("one"), seen("two", "forged")], "2 ids on a case"),
        ([seen("one"), seen("two"), seen("forged")], "never sent by the proxy: a case"),
        ([seen("one"), seen("two"), seen("two")], "seen 2 times: a case"),
        ([seen("one")], "a case: sent, never seen, and answered '200'"),
    ],
)
def test_a_request_the_proxy_does_not_know_is_a_disagreement(requests, said):
    assert said in "\n".join(disagreements(SENT, requests, [CASE]))


@pytest.mark.parametrize(
    "status, count", [("400", 0), ("413", 0), ("-1", 0), ("502", 1), ("504", 1)]
)
def test_only_a_refusal_explains_that_a_request_was_not_seen(status, count):
    assert len(disagreements({"one": (status, "GET /case/00000000")}, [], [CASE])) == count


@pytest.mark.parametrize(
    "said, after, count",
    [
        (
            b"HTTP/1.1 200 OK\r\n\r\n</case/00000001>",
            b"HTTP/1.1 200 OK\r\n\r\n</after/00000001>",
            0,
        ),
        (
            b"HTTP/1.1 200 OK\r\n\r\n</case/00000002>",
            b"HTTP/1.1 200 OK\r\n\r\n</after/00000001>",
            1,
        ),
        (b"", b"HTTP/1.1 200 OK\r\n\r\n</hidden/00000001>", 1),
        (b"", b"", 1),
    ],
)
def test_an_answer_to_somebody_else_is_noticed(said, after, count):
    assert len(list(Delivery(CASE, "00000001", said, after).complaints())) == count


def test_every_case_has_a_name_and_a_mark_of_its_own():
    assert len(CORPUS) > 1_000
    assert len({case.name for case in CORPUS}) == len({case.data for case in CORPUS}) == len(CORPUS)
    assert all(MARK in case.data and MARK not in case.marked(b"12345678") for case in CORPUS)


def test_a_missing_program_skips_here_and_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        needs("no-such-program")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        needs("no-such-program")
