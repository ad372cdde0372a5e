"""Draws the README's picture: the demo, run here and now, its last live frame and its verdict.

python tests/benchmarks/picture.py .readme/demo.svg
"""

import argparse
from pathlib import Path

from rich.console import Group

from asyncweb.dashboard.view import render
from asyncweb.drawing.picture import svg
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
    picture = Group(render(screen.frame, WIDTH), "", outcome)
    options.file.write_text(svg(picture, WIDTH, title="asyncweb demo"))


if __name__ == "__main__":
    main()
