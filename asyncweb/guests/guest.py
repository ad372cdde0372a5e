"""An app of somebody else's, in the place where a server has its App.

Rule: a guest is served, measured and shown like an App: it is one, with a single handler for
everything, which takes each body while it arrives.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from asyncweb.app import App
from asyncweb.context import Context
from asyncweb.engine import Engine
from asyncweb.errors import ServerError
from asyncweb.http.head import METHODS
from asyncweb.http.messages import Request
from asyncweb.http.routing import Handler, Route

Kind: TypeAlias = Literal["asgi", "wsgi"]
SERVERS: dict[Kind, str] = {"asgi": "AsyncServer", "wsgi": "ThreadServer"}
ARGUMENTS: dict[Kind, int] = {"asgi": 3, "wsgi": 2}  # (scope, receive, send), ...
ANYWHERE = "*"  # the pattern of what a guest does not name more closely


class Guest(App):
    """`callable` is what it is asked through; `host` is where it is told to be."""

    def __init__(self, callable: Callable[..., Any], host: str):
        super().__init__()
        self.guest = callable
        self.host = host
        self._begin_anew()

    def context(self, request: Request, engine: Engine) -> Context:
        """The Context of `request`: every path and method is the guest's."""
        ctx = Context(request, engine)
        ctx.route = self._routes[ANYWHERE]
        return ctx

    def streams(self, request: Request) -> bool:
        """Every body is taken while it arrives."""
        return True

    def handler(self) -> Handler:
        """What answers a request by asking the guest."""
        raise NotImplementedError

    def name_route(self, ctx: Context, pattern: object) -> None:
        """From here on the metrics count `ctx` under the guest's own `pattern`, if it has one."""
        if not isinstance(pattern, str) or not pattern:
            return
        if pattern not in self._routes:
            self._routes[pattern] = self._routes[ANYWHERE].on(pattern, METHODS)
        ctx.route = self._routes[pattern]

    def _begin_anew(self) -> None:
        """Knows of no route yet; in another process they are learnt again."""
        self._routes = {ANYWHERE: Route(ANYWHERE, METHODS, self.handler(), streams=True)}

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        del state["_routes"]
        return {**state, "guest": Importable.of(self.guest)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if isinstance(self.guest, Importable):
            self.guest = self.guest.load()
        self._begin_anew()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.guest!r}>"


class Importable:
    """An object by the name under which another process can import it."""

    def __init__(self, module: str, name: str):
        self._module = module
        self._name = name

    @classmethod
    def of(cls, value: Any) -> Any:
        """The name of `value` in the module that has it; else `value`, if it can travel itself.

        Raises ServerError, with the way out, when it can not.
        """
        for module_name, module in tuple(sys.modules.items()):
            if module_name == "__main__" or getattr(module, "__spec__", None) is None:
                continue  # another process has a `__main__` of its own
            for name, other in tuple(vars(module).items()):
                if other is value:
                    return cls(module_name, name)
        import pickle  # loaded by those who send

        import cloudpickle

        try:
            pickle.loads(cloudpickle.dumps(value))
        except Exception as error:
            raise ServerError(
                f"{value!r} is in no module that another process can import, and cannot be sent to "
                f"one ({type(error).__name__}): put it into a module and import it from there, as "
                "`asyncweb serve module:app` does, or start it without processes and workers"
            ) from error
        return value

    def load(self) -> Any:
        """The object, in this process. Raises ImportError or AttributeError."""
        return getattr(importlib.import_module(self._module), self._name)


def kinds_of(value: object) -> tuple[Kind, ...]:
    """What `value` can be called as: ("asgi",), ("wsgi",), both when nobody can tell, or ().

    >>> async def hello(scope, receive, send): ...
    >>> kinds_of(hello), kinds_of(lambda environ, start_response: [])
    (('asgi',), ('wsgi',))
    >>> kinds_of(lambda ctx: "Hello"), kinds_of(7)
    ((), ())
    """
    if not callable(value) or inspect.isclass(value):
        return ()
    is_async = any(map(inspect.iscoroutinefunction, (value, getattr(value, "__call__", None))))  # noqa: B004
    possible: tuple[Kind, ...] = ("asgi",) if is_async else ("asgi", "wsgi")
    try:
        # An `async def` is asked itself, whatever it wraps; a `def` may just pass on all it gets.
        signature = inspect.signature(value, follow_wrapped=not is_async)
    except (TypeError, ValueError):  # written in C
        return possible
    return tuple(kind for kind in possible if _needs(signature, ARGUMENTS[kind]))


def _needs(signature: inspect.Signature, count: int) -> bool:
    """Whether it is called with `count` arguments, and has no defaults in place of them.

    With defaults it is some other function: `re.compile(pattern, flags=0)` is no app.
    """
    try:
        bound = signature.bind(*range(count))
    except TypeError:
        return False
    taken = [signature.parameters[name] for name in bound.arguments]
    return all(parameter.default is parameter.empty for parameter in taken)


def engine_for(value: object) -> Literal["async", "threads"]:
    """The engine that suits an app: threads for WSGI, else the event loop.

    >>> engine_for(App()), engine_for(lambda environ, start_response: [])
    ('async', 'threads')
    """
    return "threads" if kinds_of(value) == ("wsgi",) else "async"


def welcome(value: object, kind: Kind, host: str) -> Guest:
    """`value` as what a server for `kind` can serve. Raises TypeError that names the way out."""
    kinds = kinds_of(value)
    if kind not in kinds:
        raise TypeError(_refusal(value, kind, kinds))
    if kind == "asgi":
        from asyncweb.guests.asgi import AsgiGuest

        return AsgiGuest(value, host)  # type: ignore[arg-type]
    from asyncweb.guests.wsgi import WsgiGuest

    return WsgiGuest(value, host)  # type: ignore[arg-type]


def _refusal(value: object, kind: Kind, kinds: tuple[Kind, ...]) -> str:
    server, name = SERVERS[kind], getattr(value, "__name__", None) or repr(value)
    if kinds:
        return f"{server}({name}): that is {kinds[0].upper()}; serve it with {SERVERS[kinds[0]]}"
    hint = f"an asyncweb.App, or an app of the kind {kind.upper()}"
    if inspect.isclass(value):
        hint += f"; this is a class: pass {name}(), or for ASGI 2 what asgiref makes of it"
    return f"{server}({name}): expected {hint}"
