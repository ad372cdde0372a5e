"""How long a trial takes, and that what is announced is what is measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asyncweb.lab.claims import names
from asyncweb.lab.claims.announced import announced
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.protocol import SYSTEMS, Rounds, full, quick
from asyncweb.lab.claims.record import Record
from asyncweb.lab.claims.visits import LOOKS

JAVA_S = 2 * 4 * 4.0  # two systems, of which each visit starts a virtual machine


def minutes(protocol):
    return (SYSTEMS * protocol.seconds() + JAVA_S) / 60


def test_as_many_systems_are_reckoned_with_as_there_are():
    assert len(all_peers()) == SYSTEMS


def test_a_quick_trial_has_a_round_of_everything_in_less_than_five_minutes():
    assert minutes(replace(quick(), rounds=Rounds(1, 1))) < quick().most_minutes < 5


def test_a_full_trial_takes_60_to_90_minutes():
    assert 60 < minutes(full()) <= full().most_minutes <= 90


def test_each_second_of_soak_is_one_more_for_each_system():
    longer = full(soak_s=3600)
    assert longer.soak.seconds == 3600
    assert longer.seconds() - full().seconds() == pytest.approx(3600 - 60)
    assert longer.most_minutes >= minutes(longer)


@pytest.mark.parametrize("protocol", [quick(), full()], ids=lambda protocol: protocol.name)
def test_whatever_a_protocol_measures_has_a_look(protocol):
    measures = [measure for visit in protocol.measures() for measure in visit]
    assert set(measures) <= {*LOOKS, names.MANY} and len(set(measures)) == len(measures)


@pytest.mark.parametrize("protocol", [quick(), full()], ids=lambda protocol: protocol.name)
def test_what_is_announced_has_the_numbers_of_the_protocol(protocol):
    record = Record.begun(None, protocol, "server on core 0, load on core 1")
    record.add_system("Node.js", "20.1", "one process")
    text = " ".join(announced(protocol, record))
    for number in (
        protocol.loads.requests, protocol.loads.rate_rps, protocol.many.connections,
        *protocol.crowds.sizes, *protocol.crowds.idle, protocol.soak.rate_rps,
    ):  # fmt: skip
        assert f"{number:,}" in text
    assert "Node.js (20.1)" in text and "server on core 0" in text
