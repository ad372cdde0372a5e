"""Any conversation, valid or not: four servers say the same, byte for byte, and what is foretold.

The core, driven in memory, foretells the bytes; which answers a script of known messages gets is
foretold once more, by the messages themselves.
"""

import itertools
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import KINDS, choose
from tests.conversations import Step, app_of_all_kinds, foretold, played
from tests.http.rules import REFUSED, get, post

WITH = {"database": None, "deadline": None, "suppress_health_check": list(HealthCheck)}
MARKER = get(line=b"GET /users/7?q=last HTTP/1.1")
CONTINUES = b"Expect: 100-continue"


@dataclass(frozen=True)
class Message:
    """What is sent; the statuses it gets, None when nobody knows; whether nothing follows."""

    data: bytes
    statuses: tuple[int, ...] | None
    last: bool = False
    held_back: int = 0  # bytes of the body that wait for 100 Continue


def drawn_request(draw, line, status, version, fields, body=b"", last=False):
    stays = version == b"1.1"
    connection = draw(st.sampled_from([b"", b"Connection: close", b"Connection: keep-alive"]))
    stays = (stays or b"keep" in connection) and b"close" not in connection
    fields = [field for field in (connection, *fields) if field]
    data = get(*fields, line=b"%b HTTP/%b" % (line, version)) + body
    return Message(data, (status,), last or not stays)


VERSIONS = st.sampled_from([b"1.1", b"1.1", b"1.0"])


@st.composite
def plain(draw):
    """A request without a body; HEAD too, an upgrade too."""
    path, status = draw(
        st.sampled_from(
            [("/", 200), ("/users/7?q=%C3%A9", 200), ("/users/x", 404), ("/nothing", 204),
             ("/declared", 200), ("/pieces", 200), ("/raises", 500), ("/bye", 200), ("/echo", 405)]
        )
    )  # fmt: skip
    method, version = draw(st.sampled_from([b"GET", b"HEAD"])), draw(VERSIONS)
    fields = draw(st.sampled_from([[], [b"Connection: upgrade", b"Upgrade: websocket"]]))
    ends_by_closing = path == "/pieces" and version == b"1.0" and method == b"GET"
    last = path == "/bye" or ends_by_closing
    line = b"%b %b" % (method, path.encode())
    return drawn_request(draw, line, status, version, fields, last=last)


def in_chunks(draw, body):
    sizes = draw(st.lists(st.integers(1, 9), max_size=4))
    cuts = [*itertools.takewhile(lambda cut: cut < len(body), itertools.accumulate(sizes))]
    pieces = [body[a:b] for a, b in itertools.pairwise([0, *cuts, len(body)])]
    extension = draw(st.sampled_from([b"", b';a="b"']))
    chunks = [b"%x%b\r\n%b\r\n" % (len(piece), extension, piece) for piece in pieces if piece]
    return b"".join([*chunks, b"0\r\n", draw(st.sampled_from([b"", b"T: x\r\n"])), b"\r\n"])


@st.composite
def upload(draw):
    """A body of either framing, to a handler that takes it whole or in pieces."""
    body = draw(st.binary(max_size=30)) * draw(st.sampled_from([1, 1, 300]))
    path = draw(st.sampled_from([b"/echo", b"/stream"]))
    if draw(st.booleans()):
        fields, sent = [b"Transfer-Encoding: chunked"], in_chunks(draw, body)
        version = b"1.1"
    else:
        fields, sent = [b"Content-Length: %d" % len(body)], body
        version = draw(VERSIONS)
    return drawn_request(draw, b"POST " + path, 200, version, fields, sent)


@st.composite
def expecting(draw):
    """A body that is held back, or comes without waiting."""
    body, path = (
        draw(st.binary(min_size=1, max_size=9)),
        draw(st.sampled_from([b"echo", b"stream"])),
    )
    length = b"Content-Length: %d" % len(body)
    data = get(CONTINUES, length, line=b"POST /%b HTTP/1.1" % path) + body
    waits = draw(st.booleans())
    return Message(data, (100, 200) if waits else (200,), held_back=len(body) if waits else -1)


STREAMED = post(b"Transfer-Encoding: chunked").replace(b" / ", b" /stream ")
BROKEN_BODY = [
    Message(STREAMED + body, (400,), True)
    for body in (b"x", b"2\r\nabc\r\n", b"0\r\nA\r\n\r\n", b"3;\r\nabc\r\n")
]
broken = st.sampled_from(
    [Message(rule.data, (rule.status,), True) for rule in REFUSED if not rule.limits] + BROKEN_BODY
)


@st.composite
def mangled(draw):
    """A message that breaks a rule, broken once more: nobody knows what it means."""
    data = draw(broken).data
    start = draw(st.integers(0, len(data) - 1))
    end = start + draw(st.integers(0, 6))
    instead = draw(st.sampled_from([b"", b"\r\n", b"\n", b" ", b":", b"0", b"\x00", b"\r\n\r\n"]))
    return Message(data[:start] + instead + data[end:], None)


messages = st.one_of(plain(), plain(), upload(), upload(), expecting(), broken, mangled())


@st.composite
def scripts(draw):
    """The steps of a conversation, and the statuses due; None when nobody knows them all."""
    talk = draw(st.lists(messages, max_size=6))
    stops = draw(st.booleans()) and talk and not talk[-1].held_back
    if not stops:
        talk = [*talk, Message(MARKER, (200,))]
    steps, listens = [], draw(st.sampled_from([0, 1, 4]))
    for message in talk:
        data = message.data
        if stops and message is talk[-1]:
            data = data[: draw(st.integers(0, len(data)))]
        for piece in parts(draw, message, data):
            steps.append(Step(piece, draw(st.integers(0, 4)) < listens))
        if message.held_back > 0:
            steps[-2] = Step(steps[-2].data, True)
    return steps, None if stops else statuses(talk)


def parts(draw, message, data):
    if message.held_back > 0:
        return [data[: -message.held_back], data[-message.held_back :]]
    if message.held_back or not data:
        return [data]
    cuts = sorted(draw(st.sets(st.integers(1, len(data)), max_size=3)) | {len(data)})
    return [data[a:b] for a, b in itertools.pairwise([0, *cuts])]


def statuses(talk):
    due = []
    for message in talk:
        if message.statuses is None:
            return None
        due += message.statuses
        if message.last:
            break
    return due


@pytest.fixture
def servers(monkeypatch):
    """One of each kind, all with the same app."""
    app, running = app_of_all_kinds(), {}
    with ExitStack() as stack:
        for kind, (make, settings) in KINDS.items():
            choose(kind, monkeypatch)
            running[kind] = stack.enter_context(make(app, **settings))
        yield app, running


def hold_any(servers, examples, phases):
    app, running = servers

    @settings(max_examples=examples, phases=phases, **WITH)
    @given(script=scripts())
    def each(script):
        steps, due = script
        expected = foretold(app, steps)
        assert due is None or expected.statuses == due
        for kind, server in running.items():
            told = played(server.port, steps, expected)
            assert (kind, told.all, told.closed) == (kind, expected.all, expected.closed)

    each()


def test_any_conversation_is_the_same_on_every_server(servers):
    hold_any(servers, 150, [Phase.generate])  # a silent server makes shrinking slow


@pytest.mark.slow
def test_very_many_conversations_are_the_same_on_every_server(servers):
    hold_any(servers, 5000, [Phase.generate, Phase.shrink])
