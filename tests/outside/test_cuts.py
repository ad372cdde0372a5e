"""How the network cuts the bytes changes nothing: the same requests, the same answers, the end."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.outside.corpus import CORPUS
from tests.outside.raw import after_each_cr, byte_by_byte, statuses, talk, whole
from tests.outside.witness import Witness

pytestmark = pytest.mark.slow

AT_ONCE = 8
TRIES = 3
MARK = re.compile(r"(?:case|hidden)/([0-9a-f]{8})")
ANSWERS = {200, 204, 404, 405}  # all that the app says; any other status is a refusal


def deliver(server, witness, cut, cases):
    """Of each case, what the app saw of it and the statuses of the answers."""
    del witness.seen[:]

    def one(numbered):
        number, case = numbered
        pieces = cut(case.marked(b"%08x" % number))
        return talk(server.port, pieces, says_no_more=True)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(one, enumerate(cases)))
    seen = {}
    for request in witness.seen:
        # By the mark in its target; a request without one by its port, which may come again.
        mark = MARK.search(request.target)
        seen.setdefault(mark[1] if mark else request.client[1], []).append(request.judgement)
    return [
        (seen.get(f"{number:08x}", []) + seen.get(port, []), statuses(said))
        for number, (port, said) in enumerate(answers)
    ]


def wrong_each_time(engine, cuts, fault):
    """What `fault` says of the cases, delivered in each of `cuts`, that have one three times.

    A port may come again within one delivery, and a reset may take an answer with it that was
    sent: what the server does wrong, it does again.
    """
    witness, wrong, cases = Witness(), [], CORPUS
    with witness.serve(engine) as server:
        for _ in range(TRIES):
            told = [deliver(server, witness, cut, cases) for cut in cuts]
            found = zip(cases, map(fault, *told), strict=True)
            wrong = [(case, says) for case, says in found if says]
            cases = [case for case, _ in wrong]
    return [f"{case.name}: {says}" for case, says in wrong]


@pytest.mark.parametrize("cut", [byte_by_byte, after_each_cr])
def test_the_same_bytes_mean_the_same_however_they_are_cut(engine, cut):
    def fault(one, other):
        return f"whole {one}, {cut.__name__} {other}" if one != other else ""

    different = wrong_each_time(engine, [whole, cut], fault)
    assert not different, "\n".join(different)


def test_nothing_is_answered_after_a_refusal(engine):
    def fault(told):
        return "" if ANSWERS.issuperset(told[1][:-1]) else str(told[1])

    late = wrong_each_time(engine, [whole], fault)
    assert not late, "\n".join(late)


def test_much_of_the_corpus_is_refused(engine):
    witness = Witness()
    with witness.serve(engine) as server:
        told = deliver(server, witness, whole, CORPUS)
    assert sum(not ANSWERS.issuperset(answers) for _, answers in told) > len(CORPUS) / 4


def test_every_request_that_was_seen_has_its_answer(engine):
    def fault(told):
        seen, answers = told
        is_right = len(seen) == sum(status in ANSWERS for status in answers)
        return "" if is_right else f"saw {seen}, answered {answers}"

    silent = wrong_each_time(engine, [whole], fault)
    assert not silent, "\n".join(silent)
