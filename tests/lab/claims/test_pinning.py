"""Who is measured and who measures get cores that have nothing in common, where there are two."""

import pytest

from asyncweb.lab.claims import pinning
from asyncweb.lab.claims.pinning import Cores, chosen


@pytest.fixture
def topology(tmp_path):
    """`topology("0-1", "0-1", "2,6")` is a machine whose cores have these threads."""

    def write(*siblings):
        for core, threads in enumerate(siblings):
            place = tmp_path / f"cpu{core}/topology"
            place.mkdir(parents=True)
            (place / "thread_siblings_list").write_text(f"{threads}\n")
        return tmp_path

    return write


def test_the_next_core_makes_the_load_where_each_has_one_thread(topology):
    assert chosen([0, 1, 2], topology("0", "1", "2")) == Cores(0, 1)


@pytest.mark.parametrize("threads", ["0-1", "0,1"])
def test_two_threads_of_one_core_are_not_taken_for_two_cores(topology, threads):
    assert chosen([0, 1, 2], topology(threads, threads, "2")) == Cores(0, 2)


def test_where_there_is_no_other_core_it_is_said(topology):
    cores = chosen([0, 1], topology("0-1", "0-1"))
    assert cores == Cores(0, 1, are_one=True)
    assert str(cores).endswith("load on core 1, which are two threads of one core")


def test_where_nobody_tells_the_threads_each_counts_as_a_core(tmp_path):
    assert chosen([3, 5], tmp_path) == Cores(3, 5)


def test_nobody_is_given_a_core_where_a_server_could_not_be_kept_to_it(monkeypatch):
    monkeypatch.setattr(pinning.shutil, "which", lambda program: None)
    assert pinning.this_machine() == Cores(None, None)
