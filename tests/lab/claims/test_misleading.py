"""What a trial tells against itself: every ground for doubt that its own figures give."""

from asyncweb.lab.claims import names
from asyncweb.lab.claims.figures import Figures
from asyncweb.lab.claims.misleading import MOST_NAMED, doubts
from tests.lab.claims import made_up_report as made_up

QUIET_MACHINE = {"cores": "server on core 0, load on core 1", "stolen_share": 0.0}


def told(figures=None, systems=(), machine=QUIET_MACHINE):
    found = made_up.figures() if figures is None else figures
    return {doubt.about: doubt.says for doubt in doubts(found, systems, machine)}


def changed(measure, system, **numbers):
    figures = made_up.figures()
    for look in figures.rounds(measure, system):
        look.update(numbers)
    return figures


def test_a_run_without_fault_tells_only_what_none_can_show():
    assert set(told(made_up.figures(rounds=5))) == {
        "cores are shared",
        "the network is none",
        "who has made it",
    }


def test_a_row_that_the_generator_limited_is_named():
    figures = changed(names.HELLO[64], names.TOKIO, client_limited=1)
    assert "hello_64 of Tokio (hyper)" in told(figures)["the generator was the limit"]


def test_rows_of_all_systems_are_told_as_such():
    figures = made_up.figures()
    for system in figures.systems(names.HELLO[1]):
        figures.rounds(names.HELLO[1], system)[0]["client_limited"] = 1
    says = told(figures)["the generator was the limit"]
    assert says.startswith("hello_1 of all systems. There")


def test_a_row_with_errors_is_named_with_their_number():
    figures = changed(names.FULL[4000], names.APACHE[0], errors=1_500)
    assert "full_4000 of Apache prefork (4,500)" in told(figures)["answers were missing or wrong"]


def test_rounds_that_are_further_apart_than_noise_are_named_the_widest_first():
    figures = made_up.figures()
    for measure, factor in ((names.HELLO[1], 1.5), (names.HELLO[8], 2.0)):
        figures.rounds(measure, names.NODE)[0]["mean_us"] *= factor
    says = told(figures)["the rounds do not agree"]
    assert says.index("hello_8 of Node.js") < says.index("hello_1 of Node.js")


def test_many_rows_are_not_all_named():
    figures = made_up.figures()
    for system in figures.systems(names.HELLO[1]):
        figures.rounds(names.HELLO[1], system)[0]["errors"] = 1
    more = len(made_up.SYSTEMS) - MOST_NAMED
    assert f" and {more} more." in told(figures)["answers were missing or wrong"]


def test_two_rounds_are_few():
    assert "of 2 only" in told(made_up.figures(rounds=2))["few rounds"]


def test_a_second_generator_that_finds_something_else_is_told():
    figures = changed(names.WRK[64], names.TOKIO, requests_per_s=1.0)
    assert "Tokio (hyper)" in told(figures)["two generators disagree"]


def test_a_second_generator_that_was_missing_is_told():
    figures = made_up.figures()
    del figures.looks[names.WRK[64]]
    assert "one generator" not in told(figures)  # nobody has asked for it
    figures.fail(names.WRK[64], names.TOKIO, "wrk is not installed")
    assert "install wrk" in told(figures)["one generator"]


def test_a_missing_system_is_told_once_with_the_way_out():
    why = "mvn is not installed; apt-get install maven"
    figures = made_up.figures()
    for measure in (names.START, names.RATE):
        figures.fail(measure, names.SPRING, why)
    found = doubts(figures, made_up.systems({names.SPRING: why}), QUIET_MACHINE)
    assert [doubt.says for doubt in found if "missing" in doubt.about] == [f"{why}."]


def test_rows_that_failed_for_one_reason_are_told_together():
    figures = made_up.figures()
    for measure in (names.FULL[2000], names.FULL[4000]):
        figures.fail(measure, names.APACHE[0], "it refused them\nand more")
    says = told(figures)["figures are missing"]
    assert says == "full_2000, full_4000 of Apache prefork: it refused them."


def test_a_run_that_went_on_later_says_when():
    machine = {**QUIET_MACHINE, "gone_on": ["2026-03-01 10:00 UTC", "2026-03-02 09:00 UTC"]}
    says = told(machine=machine)["not made in one go"]
    assert "2026-03-01 10:00 UTC, 2026-03-02 09:00 UTC" in says
    assert "not made in one go" not in told(machine=QUIET_MACHINE)


def test_stolen_time_is_told_in_percent():
    machine = {**QUIET_MACHINE, "stolen_share": 0.09}
    assert "took 9 % of the time" in told(machine=machine)["time was stolen"]


def test_settings_that_favour_one_side_are_told():
    systems = made_up.systems({})
    for system in systems:
        system["settings"] = "one process"
    for system in systems[1:3]:
        system["settings"] = "one process; in its favour: no limits; nodelay"
    found = told(systems=systems)
    whose = f"the settings of {names.OUR_THREADS}, {names.HYPERLANE}"
    assert found[whose] == "in its favour: no limits."
    assert f"the settings of {names.OUR_LOOP}" not in found


def test_nothing_measured_is_no_ground_for_doubt_in_figures():
    assert set(told(Figures())) == {"cores are shared", "the network is none", "who has made it"}
