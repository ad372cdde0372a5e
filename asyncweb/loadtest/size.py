"""Whether one process can make a load of that size, asked once before a load begins.

Rule: a load that this machine cannot make is refused, with the limit found and the way past it.
"""

from __future__ import annotations

from asyncweb.errors import LoadError
from asyncweb.loadtest.plan import Plan
from asyncweb.servers.open_files import most_open_files

SPARE_FILES = 100  # the process opens some besides: its streams, its loop, its modules


def check_size(plan: Plan) -> None:
    """Returns when one process may open all connections of `plan`. Raises LoadError otherwise."""
    files = most_open_files()
    if files is None or plan.connections + SPARE_FILES <= files:
        return
    raise LoadError(
        f"connections={plan.connections}: a process here may open {files} files, which is enough "
        f"for {max(files - SPARE_FILES, 0)} connections; ask for fewer, or allow more first, e.g. "
        f"`ulimit -n {plan.connections + SPARE_FILES}`"
    )
