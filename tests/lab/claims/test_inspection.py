"""What needs no load is looked at once, and only where it is asked for."""

import pytest

from asyncweb.lab.claims import inspection, names
from asyncweb.lab.claims.checks.languages import PYTHON, RUST, C
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.inspection import inspect
from asyncweb.lab.claims.peers import all_peers

PEERS = list(all_peers().values())
NODE, OURS = (all_peers()[name] for name in (names.NODE, names.OUR_LOOP))


@pytest.fixture
def looked(monkeypatch):
    """What was looked at, in order; every look finds something, but at Node.js and in Rust."""
    looked = []

    def checks(say, languages):
        found = Figures()
        for language in languages:
            looked.append(language.name)
            if language is RUST:
                found.fail(names.CHECKS, language.name, "rustc is not installed")
            else:
                found.add(names.CHECKS, language.name, {"race": 1.0})
        return found

    def dependencies(say, peers, place_of):
        found = Figures()
        for peer in peers:
            looked.append(peer.name)
            if peer is NODE:
                found.fail(names.DEPENDENCIES, peer.name, "npm is not installed")
            else:
                found.add(names.DEPENDENCIES, peer.name, {"all": 4.0})
        return found

    monkeypatch.setattr(inspection, "LANGUAGES", (RUST, C, PYTHON))
    monkeypatch.setattr(inspection, "checks", checks)
    monkeypatch.setattr(inspection, "dependencies", dependencies)
    return looked


def test_nothing_is_looked_at_that_no_claim_needs(looked):
    inspect(Figures(), PEERS, {names.START})
    assert looked == []


def test_what_is_there_is_not_looked_at_again_and_what_failed_is(looked):
    figures = Figures()
    for _ in range(2):
        inspect(figures, [NODE, OURS], {names.CHECKS, names.DEPENDENCIES})
    first = [RUST.name, C.name, PYTHON.name, NODE.name, OURS.name]
    assert looked == [*first, RUST.name, NODE.name]
    assert figures.failure(names.CHECKS, RUST.name) == "rustc is not installed"
    assert figures.failure(names.DEPENDENCIES, NODE.name) == "npm is not installed"
    assert figures.median(names.DEPENDENCIES, OURS.name, "all") == 4.0


def test_systems_that_come_later_are_added_to_those_that_are_there(looked):
    figures = Figures()
    inspect(figures, [OURS], {names.DEPENDENCIES})
    inspect(figures, [OURS, all_peers()[names.TOKIO]], {names.DEPENDENCIES})
    assert list(figures.systems(names.DEPENDENCIES)) == [OURS.name, names.TOKIO]
