"""Which functions may have to wait, told by their code before they are called.

Rule: in doubt it may. What cannot wait costs an event loop no task.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable
from functools import partial
from typing import Any, cast

_AWAITING = {"GET_AWAITABLE", "GET_ANEXT"}
_AROUND_CALLS = {"PUSH_NULL", "PRECALL", "CACHE"}  # steps that say nothing of what is called


def function_of(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The function below partials, decorators' wraps and objects with __call__."""
    while isinstance(handler, partial):
        handler = handler.func
    if inspect.isroutine(handler) or inspect.isclass(handler):
        return handler
    return cast(Callable[..., Any], getattr(handler, "__call__"))  # noqa: B004, B009


def may_suspend(function: Callable[..., Any]) -> bool:
    """Whether calling `function` may wait on an event loop: it is async and its code awaits."""
    function = function_of(function)
    if not inspect.iscoroutinefunction(function):
        return False
    return any(step.opname in _AWAITING for step in dis.get_instructions(function))


def may_suspend_itself(middleware: Callable[..., Any]) -> bool:
    """Whether `middleware` may wait for more than the layers inside of it.

    False when all it awaits is `next(ctx)`, by the name of its own second argument.

    >>> async def timed(ctx, next):
    ...     response = await next(ctx)
    ...     response.headers["x-seen"] = "yes"
    ...     return response
    >>> may_suspend(timed), may_suspend_itself(timed)
    (True, False)
    """
    function = function_of(middleware)
    if not may_suspend(function):
        return False
    name = _second_argument(function)
    steps = [step for step in dis.get_instructions(function) if step.opname not in _AROUND_CALLS]
    if name is None or any(_rebinds(step, name) for step in steps):
        return True
    return any(
        step.opname in _AWAITING and not _is_call_of(name, steps[max(at - 3, 0) : at])
        for at, step in enumerate(steps)
    )


def _second_argument(function: Callable[..., Any]) -> str | None:
    code = getattr(function, "__code__", None)
    arguments = code.co_varnames[: code.co_argcount] if code is not None else ()
    return next(iter(arguments[2:] if inspect.ismethod(function) else arguments[1:]), None)


def _rebinds(step: dis.Instruction, name: str) -> bool:
    return step.opname.startswith(("STORE_", "DELETE_")) and name in str(step.argrepr).split(", ")


def _is_call_of(name: str, steps: list[dis.Instruction]) -> bool:
    """Whether `steps` are those of `name(one_argument)`, both of them variables."""
    match steps:
        case [callee, argument, call]:
            loads = callee.opname.startswith("LOAD_FAST") and argument.opname.startswith(
                "LOAD_FAST"
            )
            return loads and callee.argval == name and call.opname == "CALL" and call.arg == 1
    return False
