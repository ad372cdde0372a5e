"""Draws the README's picture of a notebook: a lesson run here and now, in a real browser.

python -m tests.benchmarks.notebook_picture .readme/notebook.png

It needs Jupyter Notebook, Playwright and Chromium: pip install ".[course,proof]".
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image

from tests.outside.notebook_page import notebook

LESSON = (
    """\
from asyncweb import App, AsyncServer, Dashboard, ThreadServer, load
from asyncweb.dashboard.screen import NoScreen
from asyncweb.metrics.recorder import Recorder

app = App()


@app.get("/users/{id:int}")
async def user(ctx):
    await ctx.sleep(0.010)  # a thread sleeps; a task is suspended
    return {"id": ctx.params["id"], "name": "User"}


fast = AsyncServer(app, observer=Recorder()).start(process=True)
slow = ThreadServer(app, observer=Recorder()).start(process=True)""",
    """\
dash = Dashboard(fast, slow, title="GET /users/1")
dash.show()""",
    """\
for clients in (20, 200):
    for server in (fast, slow):
        dash.mark(f"{server.name}: {clients} clients")
        load(server, path="/users/1", connections=clients, duration=3, screen=NoScreen())
dash.stop()""",
    "dash.plot()",
    "fast.stop()\nslow.stop()",
)
COLOURS = 256  # no eye misses the others, and the file is less than half as large
SHOWN = (1, 2, 3)  # the cells that are in the picture


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--theme", default="JupyterLab Light")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, notebook(Path(folder), *LESSON) as page:
        page.theme(options.theme)
        page.begin_all()
        page.ended(len(LESSON) - 1)
        page.picture(options.file, SHOWN)
    Image.open(options.file).quantize(COLOURS).save(options.file, optimize=True)


if __name__ == "__main__":
    main()
