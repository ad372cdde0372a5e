"""The run of a trial: its order, what it keeps, what it survives, and what it goes on from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial

import psutil
import pytest

from asyncweb.lab.claims import names, trial, visits
from asyncweb.lab.claims.bench import NoFigure
from asyncweb.lab.claims.pinning import this_machine
from asyncweb.lab.claims.protocol import Protocol, quick
from asyncweb.lab.claims.record import OtherRecord, Record
from asyncweb.lab.claims.trial import BUILD, Event, Trial
from asyncweb.metrics.probes import MachineTimes
from tests.lab.claims.made_up import Missing, Mortal, Small, Unbuilt, Wrong, tiny

HELLO_1, STEADY = names.HELLO[1], names.STEADY[100]
ALL = {measure for measures in tiny().measures() for measure in measures}
FEW = (names.START, HELLO_1)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "trial.json"


@pytest.fixture(autouse=True)
def no_process_is_left():
    """Whatever happens in a run, it leaves no process."""
    before = set(psutil.Process().children(recursive=True))
    yield
    psutil.wait_procs(set(psutil.Process().children(recursive=True)) - before, timeout=5)
    assert not set(psutil.Process().children(recursive=True)) - before


@pytest.fixture
def hours(monkeypatch):
    """A clock that goes on when it is told to."""

    class Clock:
        now_s = 0.0

        def pass_by(self, hours):
            self.now_s += 3600 * hours

    clock = Clock()
    monkeypatch.setattr(trial, "clock", lambda: clock.now_s)
    return clock


def run(*peers, file=None, protocol=None, **more):
    """All events of a run, and the trial."""
    events: list[Event] = []
    made = Trial(peers, protocol or tiny(1), file, **more)
    made.run(events.append)
    return events, made


def begun(file, versions=None):
    """A record in which there is nothing yet."""
    record = Record.begun(None, tiny(1), str(this_machine()))
    replace(record, versions=versions or {}).write(file)


class Interrupts:
    """Somebody presses Ctrl-C as soon as so many looks are over."""

    def __init__(self, looks):
        self._left = looks

    def __call__(self, event):
        self._left -= event.is_over
        if not self._left:
            raise KeyboardInterrupt


class AllLoads(Protocol):
    """One visit, and at its end what the loads have left."""

    def measures(self):
        return ((*FEW, names.LOADED),)


class Looks:
    """Looks that take no time: which were made, at which process, and which of them fail."""

    def __init__(self):
        self.made, self.faults = [], set()

    def __call__(self, measure, program, bench):
        self.made.append((measure, program.pid))
        if len(self.made) in self.faults:
            raise NoFigure("it was disturbed")
        return {"process": program.pid}


@pytest.fixture
def looks(monkeypatch):
    looks = Looks()
    made_up = {measure: partial(looks, measure) for measure in visits.LOOKS}
    monkeypatch.setattr(visits, "LOOKS", made_up)
    return looks


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run to its end: its file, its events, and what the file had when each was told."""
    file = tmp_path_factory.mktemp("whole") / "trial.json"
    told: list[tuple[Event, Record]] = []
    made = Trial([Small()], tiny(1), file, rules=["C1 holds when it holds."])
    made.run(lambda event: told.append((event, Record.read(file))))
    return file, told, made.figures


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """The events and the figures of a run in which only one system behaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        peers = Missing("missing"), Unbuilt("unbuilt"), Mortal("mortal"), Wrong("wrong"), Small()
        events, made = run(*peers)
    return events, made.figures


def test_every_second_round_goes_the_other_way():
    events, _ = run(Small("a"), Small("b"), protocol=tiny(2))
    looks = [(event.round, event.system, event.measure) for event in events if event.is_over]
    there = [(system, measure) for system in "ab" for measure in (names.START, HELLO_1)]
    crowds = [(system, STEADY) for system in "ab"]
    back = [(system, measure) for system in "ba" for measure in (names.START, HELLO_1)]
    first = [(0, *look) for look in (*there, *crowds)]
    assert looks == [*first, *((1, *look) for look in (*back, *reversed(crowds)))]


def test_each_look_is_told_with_how_far_the_run_has_come(whole):
    events = [event for event, _ in whole[1]]
    assert [event.done for event in events if event.is_over] == [1, 2, 3]
    assert {event.total for event in events} == {3}
    assert not events[0].is_over and events[0].measure == names.START


def test_a_figure_is_in_the_file_before_it_is_told(whole):
    for event, record in whole[1]:
        if event.is_over:
            kept = record.figures.rounds(event.measure, event.system)
            assert kept[event.round] == event.figure


def test_what_will_be_done_is_in_the_file_before_it_is(whole):
    _, record = whole[1][0]
    assert not record.figures.looks
    assert any("small (1)" in line for line in record.announced)
    assert record.announced[-1] == "C1 holds when it holds."


def test_a_run_that_is_whole_measures_nothing_again(whole):
    file, _, figures = whole
    events, again = run(Small(), file=file)
    assert not events and again.figures == figures
    assert again.record.seconds > 0


def test_whoever_fails_costs_its_own_row_only(troubled):
    events, found = troubled
    assert set(found.looks) == ALL and all(found.rounds(measure, "small") for measure in ALL)
    assert not any(found.failure(measure, "small") for measure in ALL)
    assert events[-1].done == events[-1].total


def test_who_dies_in_mid_run_keeps_what_it_had_and_says_what_it_said_last(troubled):
    _, found = troubled
    assert found.median(names.START, "mortal", "first_answer_ms") is not None
    for measure in (HELLO_1, STEADY):
        assert "the heap is exhausted" in found.failure(measure, "mortal")
        assert not found.rounds(measure, "mortal")


def test_who_answers_wrongly_has_no_figures(troubled):
    _, found = troubled
    for measure in ALL:
        assert "Good Morning" in found.failure(measure, "wrong")
        assert not found.rounds(measure, "wrong")


@pytest.mark.parametrize(
    "name, why", [("missing", "nobody can install it"), ("unbuilt", "no such header")]
)
def test_who_cannot_be_had_is_a_row_with_the_way_out(troubled, name, why):
    events, found = troubled
    assert all(why in found.failure(measure, name) for measure in ALL)
    ends = [event.measure for event in events if event.system == name and event.is_over]
    assert ends == [BUILD]


def test_ctrl_c_keeps_what_is_there_and_the_next_run_goes_on(file):
    first = Trial([Small("a"), Small("b")], tiny(1), file)
    with pytest.raises(KeyboardInterrupt):
        first.run(Interrupts(3))
    kept = Record.read(file).figures
    assert kept == first.figures and sum(map(len, kept.looks.values())) == 3
    events, second = run(Small("a"), Small("b"), file=file)
    looks = [(event.system, event.measure) for event in events if event.is_over]
    assert looks == [("b", HELLO_1), ("a", STEADY), ("b", STEADY)]
    assert second.figures.rounds(names.START, "a") == kept.rounds(names.START, "a")


def test_a_record_says_when_its_run_went_on_and_whom_it_took_in_then(looks, file):
    told = []
    for peers in ([Small("a")], [Small("a")], [Small("a"), Small("b")]):
        _, made = run(*peers, file=file, measures=FEW)
        told.append(len(made.record.gone_on))
    assert told == [0, 0, 1]  # the second had nothing to look at
    kept = Record.read(file)
    assert kept.gone_on == made.record.gone_on
    assert re.fullmatch(r"Added on .+ UTC, when the run went on: b \(1\)\.", kept.announced[-1])


def test_what_failed_is_tried_again_by_the_next_run(file):
    events, _ = run(Missing("small"), file=file)
    assert events[-1].failure
    _, found = run(Small(), file=file)
    assert found.figures.rounds(HELLO_1, "small") and not found.figures.failure(HELLO_1, "small")


def test_memory_after_all_loads_is_that_of_a_process_that_had_them(looks, file):
    protocol = tiny(1, AllLoads)
    first = Trial([Small()], protocol, file)
    with pytest.raises(KeyboardInterrupt):
        first.run(Interrupts(2))
    events, second = run(Small(), protocol=protocol, file=file)
    loaded = second.figures.median(names.LOADED, "small", "process")
    assert [measure for measure, process in looks.made if process == loaded] == [*FEW, names.LOADED]
    assert [event.measure for event in events if event.is_over] == [names.LOADED]
    for measure in FEW:
        assert second.figures.rounds(measure, "small") == first.figures.rounds(measure, "small")


def test_a_fault_costs_its_round_and_the_next_run_tries_it_again(looks, file):
    looks.faults = {4}
    for rounds, why in (([0, 2], "it was disturbed"), ([0, 2, 1], "")):
        _, made = run(Small(), protocol=tiny(3), file=file, measures=FEW)
        found = made.figures.rounds(HELLO_1, "small")
        assert [look[names.ROUND] for look in found] == rounds
        assert made.figures.failure(HELLO_1, "small") == why
    assert len(looks.made) == 7


def test_what_has_never_had_a_figure_is_given_up_when_it_fails(looks):
    looks.faults = {2}
    events, _ = run(Small(), protocol=tiny(3), measures=FEW)
    assert [measure for measure, _ in looks.made] == [*FEW, names.START, names.START]
    assert events[-1].done == events[-1].total


def test_a_file_of_another_protocol_is_refused_with_the_way_out(file):
    begun(file)
    with pytest.raises(OtherRecord, match=r"another protocol: its name is 'tiny', .*delete it"):
        Trial([Small()], quick(), file)


@pytest.mark.parametrize(
    "part, value", [("machine", {"system": "Plan 9"}), ("cores", "server on core 7")]
)
def test_a_file_of_another_machine_is_refused(file, part, value):
    begun(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), part: value}))
    with pytest.raises(OtherRecord, match=f"another {part}"):
        Trial([Small()], tiny(1), file)


def test_a_system_of_another_version_is_refused(file):
    begun(file, {"small": "0.9"})
    with pytest.raises(OtherRecord, match=r"small was 0\.9 so far, and is 1 now"):
        run(Small(), file=file)


def test_time_is_stolen_from_all_runs_together_and_not_from_the_last_alone(file):
    begun(file)
    for after in (MachineTimes(500.0, 70.0), MachineTimes(101.0, 20.0)):
        record = Record.begun(file, tiny(1), str(this_machine()))
        record.add_times(MachineTimes(100.0, 20.0), after)
        record.write(file)
    assert Record.read(file).stolen_share == 50 / 401


def test_a_file_from_before_time_was_counted_is_gone_on_from(file):
    begun(file)
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({name: kept[name] for name in kept if not name.endswith("_s")}))
    assert Record.begun(file, tiny(1), str(this_machine())).stolen_share == 0


@pytest.mark.parametrize("text", ["", "[1]", '{"figures": {}}'])
def test_a_file_that_is_no_record_is_refused_and_left_alone(file, text):
    file.write_text(text)
    with pytest.raises(OtherRecord, match="no record of a trial"):
        Trial([Small()], tiny(1), file)
    assert file.read_text() == text


def test_a_further_round_for_which_there_is_no_time_is_not_begun(hours):
    found = Trial([Small()], replace(tiny(3), most_minutes=100.0))
    found.run(lambda event: hours.pass_by(0.5 * event.is_over))  # 90 minutes a round
    assert {len(found.figures.rounds(measure, "small")) for measure in ALL} == {1}


def test_what_there_was_no_time_for_says_so_and_the_next_run_goes_on(hours, file):
    protocol = replace(tiny(1), most_minutes=100.0)
    first = Trial([Small("a"), Small("b")], protocol, file)
    first.run(lambda event: hours.pass_by(2 * (event.measure == HELLO_1 and event.is_over)))
    assert first.figures.rounds(HELLO_1, "a") and not first.figures.rounds(STEADY, "a")
    for name, measure in (("b", names.START), ("b", HELLO_1), ("a", STEADY), ("b", STEADY)):
        assert "no time for it in 100 minutes; start" in first.figures.failure(measure, name)
    second = Trial([Small("a"), Small("b")], protocol, file).run()
    assert not second.failures
    assert {len(rounds) for found in second.looks.values() for rounds in found.values()} == {1}
