"""How many requests a second this machine's load generator can make at most.

Rule: it is measured against a server that does nothing, when somebody asks for that, and kept for
this machine. A kept figure is a claim about the same machine, Python and release, and no other.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
from pathlib import Path

from asyncweb import __version__
from asyncweb.drawing import units
from asyncweb.errors import LoadError
from asyncweb.loadtest.cache import cache_folder
from asyncweb.loadtest.plan import Plan
from asyncweb.loadtest.result import Result
from asyncweb.loadtest.run import LoadProcess
from asyncweb.servers.child import Child

CONNECTIONS, WARM_UP_S, MEASURE_S, START_S = 64, 0.5, 2.0, 30.0


def calibrate(processes: int = 1) -> float:
    """Measures the ceiling of `processes` in requests a second, and keeps it.

    Raises LoadError when the load fails, OSError when the figure cannot be kept. Ctrl-C is raised:
    a part of the measurement is no ceiling, and what it was for shall not begin either.
    """
    result = _measure(processes)
    if result.interrupted:
        raise KeyboardInterrupt
    ceiling_rps = result.throughput_rps
    if not ceiling_rps:
        raise LoadError(
            "the server that does nothing has answered nothing "
            f"({units.errors(result.errors)}): leave --calibrate out, or try again"
        )
    kept = {**_kept(), _key(processes): ceiling_rps}
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=2) + "\n")
    return ceiling_rps


def ceiling(processes: int = 1) -> float | None:
    """The ceiling that was kept, in requests a second; None when none was."""
    kept = _kept().get(_key(processes))
    return kept if isinstance(kept, float) and kept > 0 else None


def used(throughput_rps: float, processes: int = 1) -> str:
    """How much of the ceiling a run has used, in words; "" when no ceiling is known."""
    ceiling_rps = ceiling(processes)
    if ceiling_rps is None:
        return ""
    share = throughput_rps / ceiling_rps
    return (
        f"The load generator can make {ceiling_rps / 1000:.1f}k requests/s on this machine; this "
        f"run used {share:.0%} of that."
    )


def _measure(processes: int) -> Result:
    server = Child("asyncweb.loadtest.null_server:main")
    try:
        url = f"http://127.0.0.1:{server.receive(START_S)}/"
        with LoadProcess(processes) as load:
            return load.run(Plan(url, CONNECTIONS, WARM_UP_S + MEASURE_S, warm_up_s=WARM_UP_S))
    finally:
        server.stop()


def _kept() -> dict[str, object]:
    """All that is kept; what cannot be read is as if it were not there."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(_file().read_text())
        return kept if isinstance(kept, dict) else {}
    return {}


def _key(processes: int) -> str:
    where = f"{platform.node()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{where}, asyncweb {__version__}, {processes} processes"


def _file() -> Path:
    return cache_folder() / "ceiling.json"
