"""`asyncweb claims`: what it says of mistakes, what it measures, and where it keeps it."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from asyncweb.commands.outcome import interrupt
from asyncweb.lab.claims import keeping, watching
from asyncweb.lab.claims.peers import all_peers
from asyncweb.lab.claims.protocol import full, quick
from asyncweb.lab.claims.trial import NO_TIME, Trial
from asyncweb.lab.claims.twelve import CLAIMS
from tests.commands import command as command

OURS = ("--quick", "--only", "asyncweb async")
LONG_WAIT_S = 60.0


@pytest.fixture(autouse=True)
def caches(tmp_path, monkeypatch):
    """Where a run is kept that has no name."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "asyncweb" / "claims"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["C13"], "there is no claim 'C13'; there are C1, C2"),
        (["--only", "IIS"], "there is no system 'iis'; there are"),
        (["--soak", "0"], "--soak 0: expected a second or more"),
        (["--quick", "--soak", "9"], "--soak is for the full run"),
        (["--same-machine"], "--same-machine is for --merge"),
        (["C1", "--merge", "a.json"], "CLAIM does not go with --merge, which tells of C10 alone"),
        *(
            (["--merge", "a.json", *flag], f"{flag[0]} does not go with --merge")
            for flag in (["--quick"], ["--only", "x"], ["--soak", "5"], ["--build"], ["--list"])
        ),
        (["--list", "--html", "page.html"], "--html does not go with --list"),
        (["--list", "--json", "-"], "--json does not go with --list"),
        (["C1", "--build"], "CLAIM does not go with --build, which only builds systems"),
        (["--merge", "a.json"], "a.json is no report of the claims"),
        (["--html", "nowhere/page.html"], "--html: cannot write nowhere/page.html"),
        (["C6", "--json", "nowhere/run.json", *OURS], "nowhere/run.json"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(command, arguments, said):
    ended = command("claims", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr and ended.stderr.count("\n") == 1


def test_list_tells_every_system_and_every_rule_and_measures_nothing(command, caches):
    ended = command("claims", "--list")
    assert ended.returncode == 0
    for name in all_peers():
        assert name in ended.stdout
    for claim in CLAIMS:
        assert claim.rule[:40] in ended.stdout
    assert not caches.exists()


def test_build_says_what_is_ready(command):
    ended = command("claims", "--build", "--only", "asyncweb async")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("asyncweb async: ") and ended.stdout.endswith(", ready\n")


def test_a_claim_is_measured_told_and_kept_and_nothing_is_measured_twice(command):
    first = command("claims", "C6", *OURS, "--json", "run.json", "--html", "page.html")
    assert first.returncode == 0
    assert "C6" in first.stdout and "kept in run.json" in first.stderr
    assert "round 2" in first.stderr
    run = json.loads(Path("run.json").read_text())
    assert [look["threads"] for look in run["figures"]["looks"]["start"]["asyncweb async"]]
    assert any(line.startswith("C6: ") for line in run["announced"])
    assert "The article on trial" in Path("page.html").read_text()
    again = command("claims", "C6", *OURS, "--json", "run.json")
    assert again.returncode == 0 and "round" not in again.stderr
    assert json.loads(Path("run.json").read_text())["figures"] == run["figures"]


@pytest.mark.slow
def test_a_run_that_goes_on_for_another_claim_writes_down_its_rule_too(command):
    for claim in ("C6", "C9", "C9"):
        command("claims", claim, *OURS, "--json", "run.json")
    announced = json.loads(Path("run.json").read_text())["announced"]
    assert [line[:4] for line in announced if line[:4] in ("C6: ", "C9: ")] == ["C6: ", "C9: "]
    assert sum(line.startswith("Added on ") for line in announced) == 1


def test_with_json_on_standard_output_there_is_nothing_else(command, caches):
    ended = command("claims", "C6", *OURS, "--json", "-")
    assert json.loads(ended.stdout)["verdicts"][0]["id"] == "C6"
    (kept,) = caches.glob("*.json")
    assert f"kept in {kept}" in ended.stderr


@pytest.mark.slow
def test_reports_of_two_systems_are_merged_and_tell_of_c10(command):
    command("claims", "C10", *OURS, "--json", "linux.json")
    run = json.loads(Path("linux.json").read_text())
    run["machine"]["system"] = "Darwin 23.1"
    Path("mac.json").write_text(json.dumps(run))
    ended = command("claims", "--merge", "linux.json", "mac.json", "--json", "both.json")
    assert ended.returncode == 0
    assert "C10" in ended.stdout and "on macOS" in ended.stdout
    assert json.loads(Path("both.json").read_text())["id"] == "C10"


def test_a_finished_run_without_a_name_is_put_away_and_the_next_begins_anew(caches):
    file = keeping.own_file(quick())
    assert file.parent == caches and file != keeping.own_file(full(60.0))
    file.write_text("{}")
    assert keeping.put_away(file).read_text() == "{}"
    assert not file.exists()


def test_what_was_measured_before_ctrl_c_is_told_with_130(command, monkeypatch):
    def ended_early(trial, tell):
        trial.figures.add("start", "asyncweb async", {"first_answer_ms": 90.0})
        raise KeyboardInterrupt

    monkeypatch.setattr(Trial, "run", ended_early)
    ended = command("claims", "C6", *OURS, "--json", "run.json")
    assert ended.returncode == 130
    assert "C6" in ended.stdout and "the same command goes on from there" in ended.stderr
    run = json.loads(Path("run.json").read_text())
    assert run["interrupted"] and run["figures"]["looks"]["start"]


def test_a_run_that_its_time_has_ended_is_gone_on_from_and_not_put_away(
    command, monkeypatch, caches
):
    def out_of_time(trial, tell):
        trial.figures.fail("start", "asyncweb async", NO_TIME.format(4.5))

    monkeypatch.setattr(Trial, "run", out_of_time)
    ended = command("claims", "C6", *OURS)
    assert ended.returncode == 0 and "the same command goes on from there" in ended.stderr
    assert [*caches.glob("*.json")] == [keeping.own_file(quick())]


@pytest.mark.parametrize(("length", "missing"), [(["--quick"], 0), ([], 4)])
def test_a_run_goes_on_until_it_has_the_rounds_that_were_promised(
    command, monkeypatch, caches, length, missing
):
    def one_round(trial, tell):
        trial.figures.add("start", "asyncweb async", {"first_answer_ms": 90.0})

    monkeypatch.setattr(Trial, "run", one_round)
    for _ in range(missing):
        ended = command("claims", "C6", *length, "--only", "asyncweb async")
        assert "the same command goes on from there" in ended.stderr
    ended = command("claims", "C6", *length, "--only", "asyncweb async")
    assert "goes on" not in ended.stderr
    (kept,) = caches.glob("*.json")
    rounds = json.loads(kept.read_text())["figures"]["looks"]["start"]["asyncweb async"]
    assert len(rounds) == missing + 1 and str(kept) in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGHUP there")
@pytest.mark.parametrize("before", [signal.SIG_DFL, signal.SIG_IGN], ids=["usual", "nohup"])
def test_a_closed_window_ends_a_run_as_ctrl_c_does_unless_nohup_keeps_it_away(command, before):
    usual = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGHUP, before)
        command("claims", "--list")
        expected = signal.SIG_IGN if before is signal.SIG_IGN else interrupt
        assert signal.getsignal(signal.SIGHUP) is expected
        assert signal.getsignal(signal.SIGTERM) is interrupt
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
@pytest.mark.parametrize("end", ["SIGINT", "SIGHUP"])
def test_who_ends_a_run_leaves_no_process_and_a_file_to_go_on_from(tmp_path, end):
    words = [sys.executable, "-m", "asyncweb", "claims", "C6", "C9", *OURS, "--json", "run.json"]
    with subprocess.Popen(words, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        next(line for line in process.stderr if "start, round 1" in line)
        process.send_signal(getattr(signal, end))
        said = process.stderr.read()
        assert process.wait(LONG_WAIT_S) == 130
    assert "goes on from there" in said
    run = json.loads((tmp_path / "run.json").read_text())
    assert len(run["figures"]["looks"]["start"]["asyncweb async"]) == 1


def test_lines_are_for_where_nothing_can_be_drawn(capsys):
    from rich.console import Console

    from asyncweb.lab.claims.figures import Figures
    from asyncweb.lab.claims.under_way import UnderWay
    from tests.lab.claims.test_under_way import Step

    seen = UnderWay(["Node.js"], Figures(), lambda figures: [])
    with watching.watching(seen, Console(stderr=True)) as tell:
        tell(Step(done=1, total=9, figure={}))
    assert capsys.readouterr().err == "[1 of 9 looks] Node.js: start, round 1\n"


def test_a_claim_that_needs_no_load_says_the_version_of_what_it_has_counted(command):
    command("claims", "C11", "--quick", "--only", "asyncweb", "--json", "run.json")
    systems = json.loads(Path("run.json").read_text())["systems"]
    ours = [peer for peer in all_peers().values() if peer.is_ours]
    told = [(system["version"], system["missing"]) for system in systems]
    assert told == [(peer.version(None), "") for peer in ours]


def test_a_system_that_cannot_be_had_is_a_row_with_the_way_out_whatever_is_asked(
    command, monkeypatch
):
    ours = all_peers()["asyncweb async"]
    monkeypatch.setattr(type(ours), "tools", {"no-such-tool": "ask somebody for it"})
    ended = command("claims", "C9", *OURS, "--json", "run.json")
    assert ended.returncode == 0
    (system,) = json.loads(Path("run.json").read_text())["systems"]
    assert system["missing"] == "no-such-tool is not installed; ask somebody for it"
    assert f"asyncweb async is missing: {system['missing']}." in ended.stdout
