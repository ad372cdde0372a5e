"""The slow attacks with the default limits: `python -m tests.outside.slow_for_long [ENGINE...]`.

Rule: at most 40 seconds for each attack; what must hold is that nobody else waits, and that the
last attacker is gone within 30 seconds.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.outside.programs import needs
from tests.outside.siege_of_slowness import ATTACKS, attack, target
from tests.outside.witness import ENGINES

ATTACK_S = 40
GONE_S = 30.0
WAIT_S = 1.0


def main(engines: list[str]) -> int:
    """Runs every attack on each engine; the number of those that were not withstood."""
    lost = 0
    for engine in engines or list(ENGINES):
        make, settings = ENGINES[engine]
        for name in ATTACKS:
            with make(target(), **settings) as server, tempfile.TemporaryDirectory() as folder:
                found = attack(needs("slowhttptest"), name, server, ATTACK_S, Path(folder))
            held = not found.refused and max(found.waits_s) < WAIT_S and found.stayed_s < GONE_S
            lost += not held
            print(f"{'held' if held else 'LOST'}: {engine}, {name}: {found}", flush=True)
    return lost


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
