"""When a machine is short of threads or memory, and when nobody can say."""

import pytest

from asyncweb.lab import headroom


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine of so many threads."""

    def make(there, most):
        (tmp_path / "loadavg").write_text(f"0.20 0.18 0.12 1/{there} 11206\n")
        (tmp_path / "most").write_text(f"{most}\n")
        monkeypatch.setattr(headroom, "THERE", str(tmp_path / "loadavg"))
        most_threads = headroom.most_threads
        monkeypatch.setattr(headroom, "most_threads", lambda: most_threads([tmp_path / "most"]))

    return make


@pytest.mark.parametrize(
    "there, most, is_short", [(100, 1000, False), (901, 1000, True), (901, "max", False)]
)
def test_a_machine_is_short_of_threads_when_less_than_a_tenth_is_left(
    machine, there, most, is_short
):
    machine(there, most)
    assert headroom.is_short() is is_short


def test_a_machine_is_short_of_memory_when_less_than_a_tenth_is_left(machine, monkeypatch):
    machine(1, 1000)
    memory = headroom.psutil.virtual_memory()
    little = memory._replace(available=0.09 * memory.total)
    monkeypatch.setattr(headroom.psutil, "virtual_memory", lambda: little)
    assert headroom.is_short()


def test_a_system_that_does_not_tell_its_threads_is_not_short_of_them(monkeypatch):
    monkeypatch.setattr(headroom, "THERE", "/nowhere")
    assert headroom.threads_there() is None and not headroom.is_short()
