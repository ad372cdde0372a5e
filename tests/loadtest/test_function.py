"""A Python function per request: what it gives is asked, what it does wrong ends the run."""

import functools
import inspect
import random
import sys
import threading
import time

import pytest

from asyncweb import App, AsyncServer
from asyncweb.errors import LoadError
from asyncweb.loadtest.answers import Heads
from asyncweb.loadtest.arrivals import constant
from asyncweb.loadtest.ask import Ask
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.questions import requests
from asyncweb.loadtest.run import LoadProcess
from tests.conftest import PATIENCE_S

URL = "http://127.0.0.1:8000/"


def asked(function, number=1):
    stream = requests(Plan(URL, ask=function), Heads())
    return [next(stream)[0] for _ in range(number)]


@pytest.mark.parametrize("pipelined", [1, 5])
def test_each_request_is_what_the_function_says_of_its_number(load, server, seen, pipelined):
    above = 100  # travels with the function

    plan = Plan(server.url, connections=3, requests=50, pipelined=pipelined,
                ask=lambda number, dice: f"/users/{above + number}")  # fmt: skip
    result = load.run(plan)
    assert (result.requests, result.errors) == (50, {})
    assert sorted(int(id) for _, id, _ in seen) == list(range(100, 150))


def test_a_request_may_have_any_method_and_body_and_blanks(load, server, seen):
    def ask(number, dice):
        kinds = (Ask("/users/a", "POST", body=b"tea"), Ask("/users/b", "HEAD"), "/users/{{n}}")
        return kinds[number % 3]

    result = load.run(Plan(server.url, connections=1, requests=6, ask=ask))
    assert (result.requests, result.errors) == (6, {})
    assert seen[:3] == [("POST", "a", b"tea"), ("HEAD", "b", b""), ("GET", "2", b"")]


def test_the_same_seed_asks_the_same():
    def roll(number, dice):
        return f"/{dice.random()}"

    assert asked(roll, 20) == asked(roll, 20)
    assert len(set(asked(roll, 20))) == 20


def test_a_path_is_spelled_as_its_ask_is():
    assert asked(lambda number, dice: "/a?b=c") == asked(lambda number, dice: Ask("/a?b=c"))


def fails(number, dice):
    return 1 // (number - 5)


@pytest.mark.parametrize(
    "loop", [{}, {"arrivals": constant(500)}, {"think_s": 0.001}, {"pipelined": 3}],
    ids=["closed", "open", "thinking", "pipelined"],
)  # fmt: skip
def test_a_function_that_fails_ends_the_run_with_its_file_and_line(load, server, loop):
    def failing(number, dice):
        return "/users/1" if number < 5 else fails(number, dice)

    with pytest.raises(LoadError) as caught:
        load.run(Plan(server.url, connections=2, duration_s=600, ask=failing, **loop))
    line = inspect.getsourcelines(fails)[1] + 1
    told = f"ask, at {__file__}:{line}: ZeroDivisionError: integer division or modulo by zero"
    assert str(caught.value) == told
    again = load.run(Plan(f"{server.url}/users/1", connections=1, requests=1))
    assert again.requests == 1


def test_several_processes_end_with_the_first_that_fails():
    def ask(number, dice):  # of the processes, only the second has odd numbers
        return 7 if number % 2 else "/users/1"

    with AsyncServer(App()) as server, LoadProcess(processes=2) as load:
        plan = Plan(server.url, connections=4, duration_s=600, ask=ask)
        with pytest.raises(LoadError, match="it gave 7"):
            load.run(plan)
        again = load.run(Plan(server.url, connections=4, requests=8))
    assert again.requests == 8


def leave(number, dice):
    sys.exit("enough")


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda number, dice: 7, "it gave 7: expected an Ask, or a path such as '/users/1'"),
        (lambda number, dice: None, "it gave None: expected an Ask"),
        (lambda number, dice: b"/", "it gave b'/': expected an Ask"),
        (lambda number, dice: "users", "target 'users': expected a path such as '/users'"),
        (lambda number, dice: "", "target '': expected a path"),
        (lambda number, dice: "/a b", "must be percent-encoded"),
        (lambda number, dice: "/{{m}}", "a blank {{m}}: expected"),
        (lambda number, dice: Ask("/", "BREW"), "method='BREW': expected one of"),
        (lambda number, dice: Ask("/", headers={"a": "\r\n"}), "control character"),
        (lambda number: "/", "takes 1 positional argument but 2 were given"),
        (leave, "SystemExit: enough"),
    ],
)
def test_what_cannot_be_asked_is_told_with_the_file_and_line(function, told):
    with pytest.raises(LoadError) as caught:
        asked(function)
    said = str(caught.value)
    assert told in said
    assert said.startswith(f"ask, at {__file__}:") and "\n" not in said


class Sleeper:
    def __call__(self, number, dice):
        while True:
            pass


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("loop", [{}, {"arrivals": constant(50)}], ids=["closed", "open"])
def test_a_function_that_never_returns_is_told_of_within_the_timeout(server, processes, loop):
    def waits(number, dice):
        while number:
            threading.Event().wait(60)
        return "/users/1"

    line = inspect.getsourcelines(waits)[1] + 2
    plan = Plan(server.url, connections=2, duration_s=600, timeout_s=0.3, ask=waits, **loop)
    with LoadProcess(processes) as load, pytest.raises(LoadError) as caught:
        load.run(plan)
    assert str(caught.value) == (
        f"ask, at {__file__}:{line}: {waits.__qualname__} has not returned for 0.3 s, and nothing "
        "is asked meanwhile: let it give its answer at once"
    )


def test_whatever_can_be_called_and_never_returns_has_its_place_or_its_name_told(server):
    line = inspect.getsourcelines(Sleeper)[1]
    forever = functools.partial(time.sleep, 600)
    for ask, told in (
        (Sleeper(), rf"test_function\.py:{line + 2}: .*Sleeper"),
        (lambda number, dice, wait=forever: wait(), r"test_function\.py:\d+: .*<lambda>"),
    ):
        plan = Plan(server.url, connections=1, duration_s=600, timeout_s=0.3, ask=ask)
        with LoadProcess() as load, pytest.raises(LoadError, match=told):
            load.run(plan)


def test_a_function_that_is_slow_but_returns_is_waited_for(load, server):
    def slow(number, dice):
        threading.Event().wait(0.1)
        return "/users/1"

    plan = Plan(server.url, connections=1, requests=12, timeout_s=1.0, ask=slow)
    assert load.run(plan).requests == 12


class Walker:
    def __call__(self, number, dice):
        raise LookupError("lost\nfor ever")


def test_whatever_can_be_called_has_its_place_or_its_name_told():
    with pytest.raises(LoadError, match=r"test_function\.py:\d+: LookupError: lost for ever"):
        asked(Walker())
    with pytest.raises(LoadError, match=r"functools\.partial.*LookupError"):
        asked(functools.partial(Walker()))


def test_a_function_that_cannot_travel_is_told(load):
    held = threading.Lock()
    with pytest.raises(LoadError, match=r"ask cannot be sent to the load's process: .*lock"):
        load.run(Plan(URL, ask=lambda number, dice: str(held)))


class Unreadable:
    """Is packed here, and cannot be unpacked there."""

    def __reduce__(self):
        return int, ("no number",)

    def __call__(self, number, dice):
        return "/"


def test_a_function_that_cannot_be_unpacked_is_told_at_once(load, server):
    with pytest.raises(LoadError, match=r"the load's process cannot read the plan: .*no number"):
        load.run(Plan(URL, ask=Unreadable()))
    plan = Plan(f"{server.url}/users/1", connections=1, requests=1, duration_s=PATIENCE_S)
    assert load.run(plan).requests == 1


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ask": "/"}, "ask='/': expected a function of the number and the dice"),
        ({"mix": (Ask("/"),)}, "leave mix, method, headers and body to it"),
        ({"method": "POST"}, "leave mix, method, headers and body to it"),
        ({"headers": {"a": "b"}}, "leave mix, method, headers and body to it"),
        ({"body": b"tea"}, "leave mix, method, headers and body to it"),
    ],
)
def test_a_function_says_all_or_nothing(settings, told):
    with pytest.raises(LoadError) as caught:
        Plan(URL, **{"ask": lambda number, dice: "/", **settings})
    assert told in str(caught.value)


def test_the_dice_are_those_of_python():
    def check(number, dice):
        assert isinstance(dice, random.Random)
        return "/"

    assert asked(check)
