"""The judges judged: an acquittal is worth what the court would have noticed."""

import ast

import pytest

from tests.judges.answers import Heard, read_answers
from tests.judges.cases import UNFINISHED, Seen, Verdict, answered, refused
from tests.judges.hosts import origin_target, with_host, with_hosts
from tests.judges.judging import deviation
from tests.judges.literals import unescaped
from tests.judges.plain import UNKNOWN, value
from tests.judges.smuggling import HIDDEN, verdict_on

ECHO = b'{"method":"GET","target":"/a","headers":[["host","judge"]],"body":""}'
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(ECHO)
ACCEPTED = OK + ECHO
REFUSAL = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno"
A = Seen("GET", "/a", b"", (("host", "judge"),))


def heard(data: bytes, closed: bool = False, **more: object) -> Heard:
    found = read_answers(data)
    found.closed = closed
    for name, known in more.items():
        setattr(found, name, known)
    return found


@pytest.mark.parametrize(
    ("verdict", "data", "closed"),
    [
        (answered(A), ACCEPTED, False),
        (answered(A, A), ACCEPTED * 2, False),
        (refused(), REFUSAL, True),
        (refused(400), REFUSAL, True),
        (UNFINISHED, b"", False),
        (answered(A, may_refuse=True), REFUSAL, True),
        (Verdict((A,), "refused"), ACCEPTED + REFUSAL, True),
    ],
)
def test_what_is_right_passes(verdict, data, closed):
    assert deviation(verdict, heard(data, closed)) is None


@pytest.mark.parametrize(
    ("verdict", "data", "closed", "kind"),
    [
        (answered(A), ACCEPTED * 2, False, "unsafe"),
        (refused(), ACCEPTED, False, "unsafe"),
        (refused(), ACCEPTED + REFUSAL, True, "unsafe"),
        (refused(), REFUSAL, False, "unsafe"),
        (refused(), REFUSAL + ACCEPTED, True, "unsafe"),
        (answered(A), ACCEPTED + b"HTTP/1.1 200 OK\r\n", False, "unsafe"),
        (answered(Seen(body=b"other")), ACCEPTED, False, "unsafe"),
        (answered(Seen(target="/b")), ACCEPTED, False, "wrong"),
        (answered(Seen(fields=())), ACCEPTED, False, "wrong"),
        (refused(), b"", False, "wrong"),
        (refused(413), REFUSAL, True, "wrong"),
        (answered(A), REFUSAL, True, "strict"),
        (UNFINISHED, REFUSAL, True, "strict"),
    ],
)
def test_what_is_not_right_is_called_by_its_name(verdict, data, closed, kind):
    found = deviation(verdict, heard(data, closed))
    assert found is not None
    assert found.kind == kind


def test_a_connection_that_never_closes_is_noticed():
    assert deviation(answered(A), heard(ACCEPTED, stuck=True)).kind == "wrong"


def test_an_unfinished_request_may_be_refused_once_the_client_is_done():
    assert deviation(UNFINISHED, heard(REFUSAL, after_goodbye=1)) is None


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked", "refused"),
        (b"Content-Length: 5\r\nTransfer-Encoding : chunked", "refused"),
        (b"Content-Length: 5\r\n Transfer-Encoding: chunked", "refused"),
        (b"Content-Length: 5\r\nContent-Length: 6", "refused"),
        (b"Content-Length: +5", "refused"),
        (b"Content-Length: %d" % len(HIDDEN), "quiet"),
        (b"Transfer-Encoding: CHUNKED", "quiet"),
        (b"Content-Length: 5\r\nTransfer_Encoding: chunked", "either"),
    ],
)
def test_the_oracle_of_smuggling_follows_the_grammar(lines, end):
    assert verdict_on(b"POST /outer HTTP/1.1\r\nHost: judge\r\n" + lines, HIDDEN).end == end


def test_a_host_is_added_only_where_one_is_due():
    assert with_host(b"GET / HTTP/1.1\r\n\r\n") == b"GET / HTTP/1.1\r\nHost: judge\r\n\r\n"
    for complete in (b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nhost: a\r\n\r\n", b"GET /"):
        assert with_host(complete) == complete
    assert with_hosts(b"GET / HTTP/1.1\r\n\r\n" * 2, [0, 18]).count(b"Host") == 2
    assert origin_target("http://a?b") == "/?b"


def test_foreign_literals_are_read_and_never_run():
    assert unescaped(r"a\r\n\0\x7f\"\\" + "\\\n  b") == b'a\r\n\0\x7f"\\b'
    tree = ast.parse("f(1) + 'a' * 2 + g", mode="eval").body
    assert value(tree, {}) is UNKNOWN
    assert value(ast.parse("('a%c' % 98 + 'c' * 2).encode()", mode="eval").body, {}) == b"abcc"
