"""What is said of a machine's cores."""

import os

import pytest

from asyncweb.lab.cores.machine import MOST_WORKERS, can_show, cores, worker_counts


@pytest.mark.parametrize(
    ("said", "allowed"),
    [("100000 100000", 1), ("50000 100000", 1), ("max 100000", None), ("", None)],
)
def test_a_container_has_the_cores_it_is_allowed_and_at_least_one(tmp_path, said, allowed):
    quota = tmp_path / "cpu.max"
    quota.write_text(said)
    assert cores(quota) == (allowed or cores(tmp_path / "none"))
    assert 1 <= cores(quota) <= os.cpu_count()


@pytest.mark.parametrize("number", [1, 2, 3, 8, 12, 64])
def test_workers_are_counted_up_to_one_step_beyond_the_cores(number):
    counts = worker_counts(number)
    assert counts[:2] == [1, 2]
    assert counts[-1] == MOST_WORKERS or counts[-2] <= number < counts[-1]


def test_one_core_is_told_that_it_shows_no_gain():
    assert "no gain can be seen here" in can_show(1)


def test_two_cores_are_told_to_expect_less_than_twice():
    assert "1 worker can be seen undisturbed" in can_show(2)
    assert "expect less than twice" in can_show(2)
    assert "cannot be seen here: whether 4, 8 or 16" in can_show(2)


def test_many_cores_are_told_where_their_picture_ends():
    assert "7 workers can be seen undisturbed" in can_show(8)
    assert "how it goes on beyond 8 workers" in can_show(8)
    assert "beyond" not in can_show(32)


@pytest.mark.parametrize("number", [1, 2, 8, 64])
def test_nobody_is_promised_a_network(number):
    assert "Nor can one machine show a network" in can_show(number)
