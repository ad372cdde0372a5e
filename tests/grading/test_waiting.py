"""Which line a program waits in, seen from a thread beside it, on both kinds of loop."""

import asyncio
import threading

import pytest

from asyncweb.grading.waiting import places_in
from tests.conftest import eventually

LOOPS = {"asyncio": asyncio.new_event_loop}
try:
    import uvloop
except ImportError:
    pass
else:
    LOOPS["uvloop"] = uvloop.new_event_loop

CODE = """
import asyncio

async def inner(gate):
    await gate.wait()

async def outer(gate):
    await inner(gate)

async def both(gate):
    await asyncio.gather(outer(gate), outer(gate), inner(gate))

async def generated(gate):
    yield 1
    await gate.wait()

async def consume(gate):
    async for each in generated(gate):
        pass

async def turn(gate):
    asyncio.create_task(outer(gate))
    await asyncio.sleep(0)
    while not gate.stopped:
        gate.turns += 1

def start(coroutine, loop):
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(coroutine)

def lock(one):
    with one:
        pass
"""
WAITS, TURNS = 5, (24, 25)


@pytest.fixture
def code(tmp_path):
    """The functions of CODE, from a file of their own."""
    file = tmp_path / "code.py"
    file.write_text(CODE)
    names = {}
    exec(compile(CODE, str(file), "exec"), names)
    return names, str(file)


class Gate:
    """What the coroutines wait for."""

    def __init__(self):
        self.event, self.inside, self.stopped, self.turns = asyncio.Event(), 0, False, 0

    async def wait(self):
        self.inside += 1
        await self.event.wait()


def lines_while(code, name, loop, gate, is_there):
    names, file = code
    thread = threading.Thread(target=names["start"], args=[names[name](gate), loop], daemon=True)
    thread.start()
    eventually(is_there)
    try:
        return [number for _, number in places_in(file)]
    finally:
        gate.stopped = True
        loop.call_soon_threadsafe(gate.event.set)
        thread.join(10)


@pytest.mark.parametrize("make", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize(("name", "inside", "line"), [("outer", 1, WAITS), ("consume", 1, 15)])
def test_the_innermost_line_of_a_task_is_named(code, make, name, inside, line):
    gate = Gate()
    assert lines_while(code, name, make(), gate, lambda: gate.inside == inside)[0] == line


@pytest.mark.parametrize("make", LOOPS.values(), ids=LOOPS)
def test_tasks_in_one_line_are_named_once_and_the_oldest_first(code, make):
    gate = Gate()
    assert lines_while(code, "both", make(), gate, lambda: gate.inside == 3) == [11, WAITS]


@pytest.mark.parametrize("make", LOOPS.values(), ids=LOOPS)
def test_a_line_that_runs_comes_before_those_that_wait(code, make):
    gate = Gate()
    found = lines_while(code, "turn", make(), gate, lambda: gate.turns and gate.inside)
    assert found[0] in TURNS
    assert WAITS in found


def test_the_line_of_a_thread_is_named(code):
    names, file = code
    one = threading.Lock()
    with one:
        thread = threading.Thread(target=names["lock"], args=[one], daemon=True)
        thread.start()
        eventually(lambda: places_in(file))
        assert [number for _, number in places_in(file)] == [32]
    thread.join(10)
