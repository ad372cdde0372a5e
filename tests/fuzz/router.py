"""Routes: patterns that nobody would write, and paths that fit them or do not.

Rule: a pattern is added or is a RouteError; a path finds what a plain reading of the patterns
finds, and 404, 405 and Allow say the same of it.
"""

import re

from asyncweb.errors import HTTPError, RouteError
from asyncweb.http.head import METHODS
from asyncweb.http.routing import Route, RouteTable
from tests.fuzz.plain_routes import Missed, find
from tests.fuzz.tape import Tape

# Unlike ones, for their names make them the same handler or another.
HANDLERS = [eval(f"lambda ctx: {number}") for number in range(4)]
for number, handler in enumerate(HANDLERS):
    handler.__qualname__ = f"handler_{number}"
SENDABLE = re.compile(r"/(?:[!-\"$&->@-~]|%[0-9A-Fa-f]{2})*")  # by what the parser lets through
MOST_ROUTES, MOST_PATHS = 6, 4
REPEATS = re.compile(r"[*+?{]")


def check(data: bytes) -> None:
    tape = Tape(data)
    choices = tape.few(MOST_ROUTES)
    patterns, _, paths = tape.rest().partition(b"\n\n")
    table, routes = RouteTable(), []
    for choice, raw in zip(choices, patterns.split(b"\n"), strict=False):
        methods = (METHODS[choice & 3], *[METHODS[choice >> 2 & 3]][: choice >> 4 & 1])
        pattern = raw.decode("utf-8", "replace")
        try:
            route = Route(pattern, methods, HANDLERS[choice >> 6])
            table = table.with_route(route)
        except RouteError:
            continue
        assert pattern.startswith("/"), pattern
        routes = [*routes, route]
    if routes and not any(is_slow(route.pattern) for route in routes):
        for path in paths.split(b"\n")[:MOST_PATHS]:
            compare(table, path.decode("latin-1"))


def is_slow(pattern: str) -> bool:
    """Whether a regex in it may take for ever: what a student asks for, a student gets."""
    return any(len(REPEATS.findall(kind)) > 2 for kind in pattern.split(":")[1:])


def compare(table: RouteTable, path: str) -> None:
    if path != "*" and not SENDABLE.fullmatch(path):
        return
    answers = [(method, asked(table, method, path)) for method in METHODS[:4]]
    for method, found in answers:
        try:
            plain: object = find(table.routes, method, path)
        except Missed as missed:
            plain = missed.args
        except UnicodeDecodeError:
            plain = (400, None)
        assert found == plain, (method, path, found, plain)


def asked(table: RouteTable, method: str, path: str) -> object:
    try:
        route, params = table.find(method, path)
    except HTTPError as error:
        allow = error.headers.get("allow")
        assert (allow == ", ".join(table.allowed(path))) if error.status == 405 else allow is None
        return error.status, allow
    return route, params
