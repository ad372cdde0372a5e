"""How the network cuts the bytes changes nothing: the same requests, the same answers, the end."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.outside.corpus import CORPUS
from tests.outside.raw import after_each_cr, byte_by_byte, statuses, talk, whole
from tests.outside.witness import Witness

pytestmark = pytest.mark.slow

AT_ONCE = 8
MARK = re.compile(r"(?:case|hidden)/([0-9a-f]{8})")
ANSWERS = {200, 204, 404, 405}  # all that the app says; any other status is a refusal


def deliver(server, witness, cut):
    """Of each case, what the app saw of it and the statuses of the answers."""
    del witness.seen[:]

    def one(numbered):
        number, case = numbered
        pieces = cut(case.marked(b"%08x" % number))
        return talk(server.port, pieces, says_no_more=True)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(one, enumerate(CORPUS)))
    seen = {}
    for request in witness.seen:
        # By the mark in its target; a request without one by its port, which may come again.
        mark = MARK.search(request.target)
        seen.setdefault(mark[1] if mark else request.client[1], []).append(request.judgement)
    return [
        (seen.get(f"{number:08x}", []) + seen.get(port, []), statuses(said))
        for number, (port, said) in enumerate(answers)
    ]


@pytest.mark.parametrize("cut", [byte_by_byte, after_each_cr])
def test_the_same_bytes_mean_the_same_however_they_are_cut(engine, cut):
    witness = Witness()
    with witness.serve(engine) as server:
        expected, found = deliver(server, witness, whole), deliver(server, witness, cut)
    pairs = zip(CORPUS, expected, found, strict=True)
    different = [
        f"{case.name}: whole {one}, {cut.__name__} {other}"
        for case, one, other in pairs
        if one != other
    ]
    assert not different, f"{len(different)} of {len(CORPUS)}:\n" + "\n".join(different)


def test_nothing_is_answered_after_a_refusal(engine):
    witness = Witness()
    with witness.serve(engine) as server:
        told = deliver(server, witness, whole)
    late = [
        f"{case.name}: {answers}"
        for case, (_, answers) in zip(CORPUS, told, strict=True)
        if not ANSWERS.issuperset(answers[:-1])
    ]
    assert not late, "\n".join(late)
    assert sum(not ANSWERS.issuperset(answers) for _, answers in told) > len(CORPUS) / 4


def test_every_request_that_was_seen_has_its_answer(engine):
    witness = Witness()
    with witness.serve(engine) as server:
        told = deliver(server, witness, whole)
    silent = [
        f"{case.name}: saw {seen}, answered {answers}"
        for case, (seen, answers) in zip(CORPUS, told, strict=True)
        if len(seen) != sum(status in ANSWERS for status in answers)
    ]
    assert not silent, "\n".join(silent)
