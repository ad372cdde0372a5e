"""What the article's server does wrong, ours does right: asked on both, byte for byte."""

import os

import pytest

from asyncweb import App
from asyncweb.http.limits import Limits
from asyncweb.lab.claims.article.defect import Outcome, probe
from asyncweb.lab.claims.article.http_defects import ANSWERS, CROWDED, HTTP_DEFECTS, LIMITS
from asyncweb.lab.claims.article.python.probed import app
from asyncweb.lab.claims.article.side_by_side import DEFECTS, SideBySide, try_defects
from asyncweb.lab.claims.article.systems import Hyperlane, OurLoop, OurThreads, Today
from asyncweb.lab.claims.article.websocket_defects import WEBSOCKET_DEFECTS

SHORT = Limits(head_s=0.05, body_s=0.05)

# As seen with 5.40.1.
HYPERLANE_DOES_RIGHT = [
    "two requests on one connection",
    "Connection: close",
    "HTTP/1.0",
    "WebSocket: the handshake",
    "WebSocket: two messages, one by one",
]
TODAY_DOES_RIGHT = [
    "two requests on one connection",
    "two requests in one packet",
    "a body that breaks off",
    "a head that breaks off",
    "Connection: close",
    "HTTP/1.0",
]
HYPERLANE_SAYS = {
    "two requests in one packet": "200 'Hello World', then silence",
    "a body in chunks": "200, then closed",
    "a body that breaks off": r"200 'abc\x00\x00\x00\x00\x00\x00\x00', then closed",
    "a head that breaks off": "200 'Hello World', then closed",
    "a handler that fails": "nothing, then closed",
    "a path that nobody answers": "200, then silence",
    "two lengths": "200 'Hello World', then silence",
    "a body said to be of 4 EiB": "nothing, the server is gone",
    "a target of 1 MiB": "200, then silence",
    "a head that does not go on": "nothing, then silence",
    "WebSocket: two messages in one packet": "101, text 'one', then silence",
    "WebSocket: a message in two fragments": "101, then closed",
    "WebSocket: a ping": "101, then silence",
    "WebSocket: a close": "101, then closed",
    CROWDED.name: "nothing, the server is gone",
}


def named(defect):
    return defect.name


@pytest.mark.parametrize("defect", (*HTTP_DEFECTS, *WEBSOCKET_DEFECTS), ids=named)
def test_ours_does_what_is_due(serve, fast_sweeps, defect):
    server = serve(app, limits=SHORT)
    outcome = probe(defect, server.port)
    assert outcome.is_right, outcome


@pytest.mark.parametrize("defect", ANSWERS[:2], ids=named)
def test_a_probe_sees_a_server_that_does_it_wrong(serve, defect):
    wrong = App()

    @wrong.on_error(Exception)
    def hidden(ctx, error):
        return ""

    @wrong.get("/{rest:path}")
    def anything(ctx):
        return "found"

    outcome = probe(defect, serve(wrong).port)
    assert not outcome.is_right
    assert outcome.seen == "200 'found', then silence"


def test_a_probe_sees_that_nobody_listens(serve):
    server = serve(app)
    server.stop()
    assert probe(ANSWERS[0], server.port) == Outcome(False, "nothing, the server is gone")


def test_each_defect_has_a_name_of_its_own_and_says_where_it_is_written():
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS)
    assert all(defect.source and defect.due and defect.matters for defect in DEFECTS)


def test_the_table_shows_both_sides_and_what_was_not_tried():
    right, wrong = Outcome(True, "500"), Outcome(False, "nothing, then closed")
    name = "a handler that fails"
    shown = SideBySide({"theirs": {name: wrong}, "ours": {name: right}}, {"third": "no cargo here"})
    text = repr(shown)
    assert "0 of 1 right" in text and "1 of 1 right" in text
    assert "✗ nothing" in text and "✓ 500" in text
    assert "third: not tried, no cargo here" in text
    assert "RFC 6585" not in text  # what nobody was asked is no row
    page = shown._repr_mimebundle_()["text/html"]
    assert page == shown.html and page.count("<tr>") == 2
    assert 'aria-label="wrong">✗</span> nothing, then closed' in page
    assert page.count("nobody learns why") == 1  # beside what is wrong, and only there
    assert SideBySide.of(shown.to_dict()) == shown
    (told,) = [one for one in shown.to_dict()["defects"] if one["outcomes"]]
    assert told["outcomes"]["theirs"] == {"is_right": False, "seen": "nothing, then closed"}


def test_a_system_that_cannot_be_had_is_a_row_that_says_how_it_can(monkeypatch):
    monkeypatch.setattr(Hyperlane, "tools", {"no-such-program": "install it"})
    tried = try_defects([Hyperlane()])
    assert tried.outcomes == {}
    assert tried.untried == {Hyperlane.name: "no-such-program is not installed; install it"}


@pytest.mark.slow
@pytest.mark.parametrize("ours", [OurLoop(), OurThreads()], ids=lambda peer: peer.engine)
def test_ours_outlives_a_crowd_that_takes_all_its_files(ours):
    tried = try_defects([ours], [CROWDED])
    assert tried.outcomes[ours.name][CROWDED.name] == Outcome(True, "200 'Hello World'")


def outcomes_of(peer):
    """By the real one, which is built the first time; that takes minutes."""
    if why := peer.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    tried = try_defects([peer])
    assert not tried.untried
    return tried.outcomes[peer.name]


@pytest.fixture(scope="module")
def hyperlane():
    """What the one of the article does."""
    return outcomes_of(Hyperlane())


@pytest.fixture(scope="module")
def today():
    """What the version of today does, with its own limits."""
    return outcomes_of(Today())


@pytest.mark.slow
def test_hyperlane_today_does_right(today):
    assert [name for name, outcome in today.items() if outcome.is_right] == TODAY_DOES_RIGHT


@pytest.mark.slow
def test_hyperlane_today_has_limits_and_closes_without_a_word(today):
    assert {today[defect.name].seen for defect in LIMITS} == {"nothing, then closed"}
    gone = [name for name, outcome in today.items() if "is gone" in outcome.seen]
    assert gone == [CROWDED.name]


@pytest.mark.slow
def test_hyperlane_does_wrong_what_is_listed_and_nothing_else(hyperlane):
    right = [name for name, outcome in hyperlane.items() if outcome.is_right]
    assert right == HYPERLANE_DOES_RIGHT
    assert len(hyperlane) == len(DEFECTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", HYPERLANE_SAYS)
def test_hyperlane_says(hyperlane, name):
    assert hyperlane[name].seen == HYPERLANE_SAYS[name]
