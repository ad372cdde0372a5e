"""Draws the README's picture: the demo, run here and now, its last live frame and its verdict.

python tests/benchmarks/picture.py .readme/demo.svg
"""

import argparse
import io
import re
from pathlib import Path

from rich.console import Console

from asyncweb.dashboard.view import render
from asyncweb.lab.demo import Scenario, run_demo

WIDTH = 104


class LastFrame:
    """A screen that shows nothing and remembers the frame it would show."""

    def update(self, frame):
        self.frame = frame

    def close(self):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    screen = LastFrame()
    outcome = run_demo(Scenario(), screen)
    console = Console(record=True, file=io.StringIO(), width=WIDTH, color_system="truecolor")
    console.print(render(screen.frame, WIDTH))
    console.print()
    console.print(outcome)
    drawn = console.export_svg(title="asyncweb demo", unique_id="demo")
    # The font would be fetched from elsewhere; whoever reads this has a monospaced one.
    options.file.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL))


if __name__ == "__main__":
    main()
