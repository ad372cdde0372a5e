"""Every public name shows itself at work: an example in its docstring, which is run as a test.

Public is what `asyncweb` names, every error, what a program is handed or hands in (ALSO), and each
class that one of these gives out.
"""

import doctest
import importlib
import inspect
import re
import sys
import tomllib
from dataclasses import fields, is_dataclass
from functools import cached_property
from pathlib import Path

import pytest

import asyncweb
from asyncweb import errors
from asyncweb.loadtest.plan import Plan
from asyncweb.metrics.recorder import Recorder
from asyncweb.servers.observer import Observer
from asyncweb.websocket import WebSocket

ROOT = Path(__file__).parents[1]
PARSER, FINDER = doctest.DocTestParser(), doctest.DocTestFinder()
ALSO = (WebSocket, Observer, Recorder, Plan)


def own_modules():
    """Every module of the package, imported."""
    files = (ROOT / "asyncweb").rglob("*.py")
    names = [file.relative_to(ROOT).with_suffix("").as_posix() for file in files]
    for name in sorted(names):
        course = "/notebooks/" in name or "/exercises/" in name
        if not course and not name.endswith("__main__"):
            yield importlib.import_module(name.replace("/", ".").removesuffix(".__init__"))


def is_own(value):
    return getattr(value, "__module__", "").split(".")[0] == "asyncweb"


def classes_by_name():
    found = {}
    for module in own_modules():
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                found.setdefault(name, []).append(value)
    return found


def code_of(member):
    """The function behind a method or a property; None for what is neither."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    member = getattr(member, "__func__", member)
    return member if inspect.isroutine(member) else None


def members(public):
    """The methods and properties of a class by name, each with the class that defines it."""
    found = {}
    for kind in filter(is_own, getattr(public, "__mro__", ())):
        for name, member in vars(kind).items():
            if not name.startswith("_") and is_own(code_of(member)):
                found.setdefault(name, (member, kind))
    return found


def given_out(public, known):
    """The classes of this package that `public`, or a member of it, returns or holds."""
    functions = [public, *(code_of(member) for member, _ in members(public).values())]
    kinds = [function.__annotations__.get("return", "") for function in functions]
    kinds += [field.type for field in fields(public)] if is_dataclass(public) else []
    for word in re.findall(r"\w+", " ".join(map(str, kinds))):
        yield from known.get(word, ())


def public_names():
    """What this file is about, by name."""
    known = classes_by_name()
    found, waiting = {}, [getattr(asyncweb, name) for name in asyncweb.__all__]
    waiting += [*ALSO, *filter(inspect.isclass, vars(errors).values())]
    while waiting:
        public = waiting.pop()
        name = f"{public.__module__}.{public.__qualname__}"
        if name not in found:
            found[name] = public
            waiting += given_out(public, known)
    return dict(sorted(found.items()))


PUBLIC = public_names()
EVERY_NAME = pytest.mark.parametrize("public", PUBLIC.values(), ids=PUBLIC)


def examples(documented):
    return [example.source for example in PARSER.get_examples(documented.__doc__ or "")]


def what_runs(public):
    """The examples of a class or a function, and of its members, that pytest finds and runs."""
    for test in FINDER.find(public, "it", sys.modules[public.__module__]):
        if not any(doctest.SKIP in example.options for example in test.examples):
            yield test


def without_example(public):
    """The members of a class that neither their own docstring nor that of a class shows."""
    for name, (member, kind) in members(public).items():
        shown = "".join(examples(public) + examples(kind))
        if not examples(member) and not re.search(rf"\.{name}\b", shown):
            yield name


@EVERY_NAME
def test_a_public_name_has_an_example(public):
    assert examples(public)


@EVERY_NAME
def test_every_method_and_property_is_in_an_example(public):
    assert not list(without_example(public))


@EVERY_NAME
def test_every_example_is_one_that_runs(public):
    kinds = {public, *(kind for _, kind in members(public).values())}
    ran = {(kind, test.name) for kind in kinds for test in what_runs(kind)}
    shown = {(kind, f"it.{name}") for name, (own, kind) in members(public).items() if examples(own)}
    assert {(public, "it"), *shown} <= ran


def test_the_plain_test_command_runs_the_examples():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert "asyncweb" in options["testpaths"]
    assert "--doctest-modules" in options["addopts"].split()


def test_what_a_public_name_gives_out_is_public():
    names = {name.rpartition(".")[2] for name in PUBLIC}
    assert {"Headers", "State", "Form", "Answer", "Failure", "Member", "Result"} <= names


def test_this_checker_sees_what_is_missing():
    class Bare:
        """Text, and an example that shows something else.

        >>> 1 + 1
        2
        """

        def shown(self):
            """A result.

            >>> None
            """

        def hidden(self):
            """No example, though it has the word .hidden in it."""

    Bare.__module__ = Bare.shown.__module__ = Bare.hidden.__module__ = "asyncweb.bare"
    assert list(without_example(Bare)) == ["hidden"]
    Bare.__doc__ += "\n>>> Bare().hidden\n"
    assert not list(without_example(Bare))
