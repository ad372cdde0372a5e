"""The page for the projector in a real browser: it updates, comes back, and ends with a verdict."""

import re

import pytest

from asyncweb.dashboard.page import page as paging
from asyncweb.dashboard.page.page import Page
from asyncweb.metrics.snapshot import Frame
from tests.dashboard.test_page import VIEWERS, Viewer
from tests.dashboard.test_view import two
from tests.ecosystem.conftest import library

pytestmark = pytest.mark.slow
# The browser itself tells of each request that found no server; a page cannot keep it from that.
OF_A_LOST_SERVER = re.compile(r"net::ERR_(CONNECTION_|INCOMPLETE|EMPTY)")


@pytest.fixture(scope="module")
def browser():
    from tests.outside import programs

    place = programs.needs("chromium")
    driver = library("playwright.sync_api")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page():
    with Page() as page:
        yield page


@pytest.fixture
def show(browser, page):
    """Opens the page in a window of a size; after the test it has said nothing on its console."""
    windows, said = [], []

    def opened(width=1280, height=720, scheme="light"):
        size = {"width": width, "height": height}
        window = browser.new_page(viewport=size, color_scheme=scheme)
        windows.append(window)
        window.on("console", lambda message: said.append(message.text))
        window.on("pageerror", lambda error: said.append(str(error)))
        window.goto(page.url)
        return window

    yield opened
    for window in windows:
        window.close()
    assert not [text for text in said if not OF_A_LOST_SERVER.search(text)]


def state(window, name):
    window.wait_for_selector(f"body[data-state={name}]")


def test_the_page_shows_each_frame_and_then_the_verdict(page, show):
    window = show()
    state(window, "waiting")
    for title in ("one", "two", "three"):
        page.update(Frame(title, two()))
        window.wait_for_selector(f"h1:text-is('{title}')")
    assert window.locator("section").count() == 9
    figures = window.locator("section[data-label='99 % within (p99)'] .figures")
    assert figures.inner_text().split() == ["●", "50.3", "ms", "■", "50.3", "ms"]
    described = window.locator("section svg[role=img]").first.get_attribute("aria-label")
    assert described.startswith("requests answered over time: now fast 3.69k/s, slow")
    page.conclude("fast won")
    window.wait_for_selector("#verdict:text-is('fast won')")
    page.stop()
    state(window, "over")
    assert "waits for the next" in window.locator("#status").inner_text()
    assert window.locator("#verdict").is_visible()


def test_the_page_says_when_its_server_is_away_and_comes_back_with_it(page, show):
    window = show()
    page.update(Frame("before", two()))
    state(window, "live")
    page._child.process.kill()
    state(window, "away")
    assert "away" in window.locator("#status").inner_text()
    page.stop()
    with page:
        page.update(Frame("after", two()))
        window.wait_for_selector("h1:text-is('after')")
        state(window, "live")


def test_a_page_whose_run_is_over_shows_the_next_one(page, show):
    window = show()
    page.stop()
    state(window, "over")
    with page:
        page.update(Frame("next", two()))
        window.wait_for_selector("h1:text-is('next')")
        state(window, "live")


def test_thirty_viewers_beside_a_browser_all_get_frames(page, show, monkeypatch):
    monkeypatch.setattr(paging, "EVERY_S", 0.001)
    window = show()
    viewers = [Viewer(page.port) for _ in range(VIEWERS)]
    for title in ("one", "two"):
        page.update(Frame(title, two()))
        for viewer in viewers:
            assert next(viewer.frames())["title"] == title
        window.wait_for_selector(f"h1:text-is('{title}')")
    for viewer in viewers:
        viewer.leave()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (360, 740)])
def test_nothing_is_wider_than_a_projector_or_a_phone(page, show, size, scheme):
    window = show(*size, scheme)
    page.update(Frame("1,000 clients, each request waits 10 ms", two()))
    state(window, "live")
    assert window.evaluate("document.documentElement.scrollWidth") == size[0]
    paper = window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 20, 24)"}[scheme]
