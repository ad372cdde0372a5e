"""Draws the README's picture of the page: the demo, run here and now, as a browser shows its end.

pip install ".[browser]" && python -m tests.benchmarks.page_picture .readme/page.jpg
"""

import argparse
import shutil
from pathlib import Path

from asyncweb.dashboard.page.page import Beside, Page
from asyncweb.dashboard.screen import NoScreen
from asyncweb.lab.demo import Scenario, run_demo

SIZE = {"width": 1280, "height": 720}


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    options = parser.parse_args()
    with Page() as page, sync_playwright() as playwright:
        run_demo(Scenario(), Beside(NoScreen(), page))
        place = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        window = browser.new_page(viewport=SIZE, color_scheme=options.scheme)
        window.goto(page.url)
        window.wait_for_selector("#verdict:not([hidden])")
        window.screenshot(path=options.file, type="jpeg", quality=75)
        browser.close()


if __name__ == "__main__":
    main()
