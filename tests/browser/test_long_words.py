"""A word without end, in a title or a group's name, stays within its page; and text runs the way it is written."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP, TITLE = "G" * 60, "W" * 110
MIXED = "Hello all.\n\n\u05e9\u05dc\u05d5\u05dd"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SIDE = """(line) => {
  const range = document.createRange();
  range.selectNodeContents(line);
  const text = range.getBoundingClientRect(), box = line.getBoundingClientRect();
  return text.left - box.left > box.right - text.right ? "right" : "left";
}"""


def test_no_page_gets_wider_than_the_screen(browser: Browser, embedded_site: Site) -> None:
    embedded_site.run("group", GROUP, "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    group = page.url
    go.choose_name(page)
    talk = go.start_talk(page, title=TITLE, text=MIXED)
    lines = go.messages(page).last.locator(".post-text p")
    assert [line.evaluate(SIDE) for line in lines.all()] == ["left", "right"]
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        for address in (group, talk, group + "about/", group + "new/", "/groups/", "/home/"):
            page.goto(address)
            assert page.evaluate(TOO_WIDE) <= 0, (address, width)
    page.context.close()
