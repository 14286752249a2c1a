"""With text at twice its size a small screen still holds all of it: above all the way out, and where help is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_long_words import TOO_WIDE

pytestmark = pytest.mark.browser
WIDTHS = (320, 360, 390)
TWICE = """const sheet = new CSSStyleSheet();
sheet.replaceSync("html { font-size: 200% }");
document.adoptedStyleSheets = [sheet];"""
LONG_NAME = """(name) => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) words.currentNode.data = words.currentNode.data.replaceAll(name, "Marshmallow Nightingale");
}"""
# Where "Jump to newest" stands while it sticks to the top.
NOT_HIDDEN_AT = """() => {
  const bar = getComputedStyle(document.documentElement).getPropertyValue("--bar");
  const one = document.body.appendChild(document.createElement("div"));
  one.style.blockSize = `calc(${bar} + .5rem)`;
  return one.getBoundingClientRect().height;
}"""
CUT_OFF = """() => {
  const faults = [...document.querySelectorAll("#exit, .helps, .brand, .strip > *, .signs > *, .save-bar > *")]
    .filter((one) => one.checkVisibility())
    .filter((one) => one.getBoundingClientRect().left < 0 || one.getBoundingClientRect().right > innerWidth);
  const words = [...document.querySelectorAll(".helps > span")];
  if (!words.some((one) => one.getBoundingClientRect().width > 20)) faults.push(words[0]); // an icon alone
  return faults.map((one) => one.outerHTML);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, embedded_site: Site) -> Page:
    embedded_site.run("group", "Large print", "--visibility", "open")
    return browser.new_context(base_url=embedded_site.origins[0]).new_page()


def faults(page: Page, *addresses: str) -> list[object]:
    found: list[object] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 640})
        for address in addresses:
            page.goto(address)
            for size in ("once", "twice"):
                if size == "twice":
                    page.evaluate(TWICE)
                if (more := page.evaluate(TOO_WIDE)) > 0:
                    found.append((address, width, size, more))
                found += [(address, width, size, one) for one in page.evaluate(CUT_OFF)]
    return found


def test_nothing_is_cut_off(page: Page) -> None:
    found = faults(page, "/")
    go.sign_up(page)
    go.join(page, "Large print")
    group = page.url
    go.choose_name(page)
    talk = go.start_talk(page, title="A talk", text="Hello.")
    found += faults(page, "/home/", group, group + "who/", talk)
    assert not found, "\n".join(map(str, found))
    page.set_viewport_size({"width": WIDTHS[0], "height": 640})
    page.evaluate(LONG_NAME, page.locator(".signs.as-name b").text_content())
    assert page.evaluate(TOO_WIDE) <= 0


def test_the_bar_leaves_room_for_the_page(page: Page) -> None:
    """What stays at the top takes two lines of text at most, with air round the way out; nothing hides behind it."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/help/")
    page.evaluate(TWICE)
    bar, way_out = (page.locator(one).bounding_box() for one in (".bar", "#exit"))
    assert bar and way_out
    assert bar["height"] <= 125 and way_out["height"] >= 44, (bar, way_out)
    assert bar["y"] + bar["height"] - way_out["y"] - way_out["height"] >= 2
    assert page.evaluate(NOT_HIDDEN_AT) >= bar["height"]


def test_a_long_day_stays_on_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto("/home/")
    go.follow(page, "Large print")
    page.locator(".thread-row a").first.click()
    page.evaluate(TWICE)
    day = page.locator("time.post-day")
    day.evaluate("(day) => { day.textContent = '27 November, about midnight' }")
    box = day.bounding_box()
    assert box and box["x"] + box["width"] <= 320, box
