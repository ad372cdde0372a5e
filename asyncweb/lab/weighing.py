"""What a piece of work costs in memory, weighed in processes of its own.

Rule: what was weighed before leaves nothing on the scales. Each work runs in two fresh processes:
one that the system looks at, and one in which Python counts its own objects, for the counting
needs memory itself.
"""

from __future__ import annotations

import os
import traceback
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from asyncweb.drawing import units
from asyncweb.errors import LessonError, ServerError
from asyncweb.lab.shown import Shown
from asyncweb.metrics.probes import ProcessProbe
from asyncweb.servers.child import Child, Pipe

if TYPE_CHECKING:
    from rich.console import RenderableType

PATIENCE_S = 120.0  # that one work may take


@dataclass(frozen=True, slots=True)
class Look:
    """What a process has at one moment, or by how much that has grown, in bytes.

    >>> Look("then", 5000, 4000, 9000, 1, 300) - Look("at first", 1000, 1000, 9000, 1, 100)
    Look(label='then', rss_bytes=4000, uss_bytes=3000, vms_bytes=0, threads=0, traced_bytes=200)
    """

    label: str
    rss_bytes: int  # resident: in memory, shared libraries included
    uss_bytes: int | None  # unique: of these, what no other process shares
    vms_bytes: int  # virtual: what has an address, used or not
    threads: int
    traced_bytes: int  # what Python's own objects take, by tracemalloc

    def __sub__(self, other: Look) -> Look:
        are_known = self.uss_bytes is not None and other.uss_bytes is not None
        return Look(
            self.label,
            self.rss_bytes - other.rss_bytes,
            (self.uss_bytes or 0) - (other.uss_bytes or 0) if are_known else None,
            self.vms_bytes - other.vms_bytes,
            self.threads - other.threads,
            self.traced_bytes - other.traced_bytes,
        )


class Scales:
    """What a work is given, to say when it shall be weighed."""

    def __init__(self) -> None:
        self.looks: list[Look] = []

    def look(self, label: str) -> None:
        """Weighs this process now, and keeps what it finds under `label`.

        >>> scales = Scales()
        >>> scales.look("now")
        >>> scales.looks[0].label, scales.looks[0].rss_bytes > 0
        ('now', True)
        """
        use = ProcessProbe(os.getpid()).sample()
        assert use is not None  # we are alive
        traced_bytes, _ = tracemalloc.get_traced_memory()
        self.looks.append(
            Look(label, use.rss_bytes, use.uss_bytes, use.vms_bytes, use.threads, traced_bytes)
        )


Work: TypeAlias = Callable[[Scales], object]


@dataclass(frozen=True, repr=False)
class Weighed(Shown):
    """What the process had grown by at each look since the first: `weighed["all gone"].rss_bytes`.

    >>> def work(scales):
    ...     scales.look("nothing yet")
    ...     kept = b'x' * 8_000_000
    ...     scales.look("8 MB")
    >>> weighed = weigh(work)
    >>> weighed.labels, round(weighed["8 MB"].rss_bytes / 1e6)
    (('nothing yet', '8 MB'), 8)
    """

    looks: tuple[Look, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the looks are called, the first one first."""
        return tuple(look.label for look in self.looks)

    def __getitem__(self, label: str) -> Look:
        for look in self.looks:
            if look.label == label:
                return look - self.looks[0]
        raise LessonError(f"no look {label!r} was taken; there are: {', '.join(self.labels)}")

    def __rich__(self) -> RenderableType:
        from rich.table import Table

        table = Table("since the first look", title="grown by", title_justify="left")
        for column in ("tracemalloc", "USS", "RSS", "VMS", "threads"):
            table.add_column(column, justify="right")
        for look in (self[label] for label in self.labels):
            sizes = (look.traced_bytes, look.uss_bytes, look.rss_bytes, look.vms_bytes)
            table.add_row(look.label, *map(units.memory, sizes), f"{look.threads:+,}")
        return table


def weigh(work: Work) -> Weighed:
    """What the processes that ran `work(scales)` had at each `scales.look("...")` in it.

    Runs it twice, and takes as long. `work` may use modules, functions and plain data. Raises
    LessonError when it fails, takes no look, or does not end within two minutes.
    """
    seen = _run(work, is_traced=False)
    if not seen:
        raise LessonError('nothing was weighed: call scales.look("...") in the work')
    traced = _run(work, is_traced=True)
    if [look.label for look in seen] != [look.label for look in traced]:
        raise LessonError("the work looked at other moments the second time: let it do the same")
    both = zip(seen, traced, strict=True)
    return Weighed(tuple(replace(one, traced_bytes=two.traced_bytes) for one, two in both))


def _run(work: Work, *, is_traced: bool) -> Sequence[Look]:
    child = Child("asyncweb.lab.weighing:main")
    try:
        child.send((work, is_traced))
        found: Sequence[Look] | str = child.receive(PATIENCE_S)
    except TimeoutError:
        raise LessonError(f"the work has not ended after {PATIENCE_S:.0f} s: ask less") from None
    except ServerError as error:
        raise LessonError(f"the process that was weighed is gone: {error}") from None
    finally:
        child.stop(grace_s=0)
    if isinstance(found, str):
        raise LessonError(f"the work failed:\n{found}")
    return found


def main(pipe: Pipe) -> None:
    """The process's side: does the work, and says what it weighed."""
    work, is_traced = pipe.receive()
    Scales().look("what looking needs is loaded now")
    if is_traced:
        tracemalloc.start()
    scales = Scales()
    try:
        work(scales)
    except Exception:
        pipe.send(traceback.format_exc())
    else:
        pipe.send(scales.looks)
