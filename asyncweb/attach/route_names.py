"""By which name a request to somebody else's app is counted.

Rule: a request costs no memory by asking for a path that nobody has asked for before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMES_KEPT = 100
SEGMENTS = 2
REST = "/..."  # of a path that is longer; and all paths, when there are too many names


class RouteNames:
    """The names of one app's requests, at most NAMES_KEPT of them.

    >>> names = RouteNames()
    >>> names.of({"path": "/users/7/tea", "root_path": ""}, status=200)
    '/users/7/...'
    """

    def __init__(self) -> None:
        self._names: set[str] = set()

    def of(self, scope: Mapping[str, Any], status: int, root: str = "") -> str:
        """The framework's pattern, if `scope` has one; else how the path begins.

        `root` is the root path before the app saw `scope`: what it mounts extends that. Empty for
        a path that nobody answers, of which there are many.
        """
        pattern = getattr(scope.get("route"), "path", None)
        if isinstance(pattern, str):
            name = str(scope.get("root_path", "")).removeprefix(root) + pattern
        elif status in (404, 405):
            return ""
        else:
            name = beginning(scope["path"].removeprefix(root))
        if name not in self._names and len(self._names) >= NAMES_KEPT:
            return REST
        self._names.add(name)
        return name


def beginning(path: str) -> str:
    """The first segments of `path`.

    >>> beginning("/"), beginning("/users/7"), beginning("/users/7/tea/cold")
    ('/', '/users/7', '/users/7/...')
    """
    segments = path.split("/", SEGMENTS + 2)
    return path if len(segments) < SEGMENTS + 2 else "/".join(segments[: SEGMENTS + 1]) + REST
