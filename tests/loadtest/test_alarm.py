"""The alarm of a load: when it rings, and that it rings no more than it was told to."""

import asyncio
import errno
import sys
import time
from unittest.mock import Mock

import pytest

from asyncweb.loadtest import alarm
from asyncweb.loadtest.alarm import LoopAlarm, SystemAlarm, new_alarm
from asyncweb.servers.event_loop import new_event_loop
from tests.conftest import PATIENCE_S

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="timerfd is a thing of Linux")
EVERY_KIND = pytest.mark.parametrize("kind", [LoopAlarm, pytest.param(SystemAlarm, marks=ON_LINUX)])
GRAIN_S = 1.5 * alarm.GRAIN_S  # uvloop rounds to whole milliseconds


def rung(kind, tell):
    """When it rang, after `tell(alarm)` and until another, set later than all else, has rung."""

    async def listen():
        loop, rings = asyncio.get_running_loop(), []
        over = loop.create_future()
        present = kind(loop, lambda: rings.append(time.perf_counter()))
        last = kind(loop, lambda: over.set_result(None))
        tell(present)
        last.set(time.perf_counter() + 0.05)
        await asyncio.wait_for(over, PATIENCE_S)
        present.close()
        last.close()
        return rings

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(listen())


@EVERY_KIND
def test_it_rings_once_for_a_moment(kind):
    moment = time.perf_counter() + 0.01
    (at,) = rung(kind, lambda present: present.set(moment))
    assert at > moment - GRAIN_S


@EVERY_KIND
def test_a_moment_that_is_over_rings_at_once(kind):
    assert len(rung(kind, lambda present: present.set(time.perf_counter() - 1))) == 1


@EVERY_KIND
def test_what_is_set_anew_rings_for_the_new_moment_only(kind):
    def tell(present):
        present.set(time.perf_counter())
        present.set(time.perf_counter() + 0.01)

    assert len(rung(kind, tell)) == 1


@EVERY_KIND
def test_what_is_closed_rings_no_more(kind):
    def tell(present):
        present.set(time.perf_counter())
        present.close()

    assert rung(kind, tell) == []


@ON_LINUX
def test_the_alarm_of_the_system_never_rings_early():
    moment = time.perf_counter() + 0.0104  # between two of the loop's milliseconds
    (at,) = rung(SystemAlarm, lambda present: present.set(moment))
    assert at >= moment


@ON_LINUX
def test_the_most_exact_alarm_is_taken_and_without_a_file_for_it_the_loops_own(monkeypatch):
    def refuse():
        raise OSError(errno.EMFILE, "too many open files")

    exact = new_alarm(Mock(), Mock())
    exact.close()
    assert isinstance(exact, SystemAlarm)
    monkeypatch.setattr(alarm, "_c", refuse)
    assert isinstance(new_alarm(Mock(), Mock()), LoopAlarm)


def test_the_loops_own_alarm_does_not_keep_the_loop_awake():
    loop = Mock()
    LoopAlarm(loop, Mock()).set(time.perf_counter() + alarm.GRAIN_S / 10)
    (delay_s, _), _ = loop.call_later.call_args
    assert delay_s == alarm.GRAIN_S
