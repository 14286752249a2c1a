"""A word without end, in a title or a group's name, stays within its page; and text runs the way it is written."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import AXE, RULES, RUN

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
# The name that the only member has, and their message folded.
RENAME = """
from chat.models import Post
from community.models import Persona
face = Persona.objects.get(group__name="GROUP")
Persona.objects.filter(pk=face.pk).update(handle="NAME")
Post.objects.filter(byline__persona=face).update(folding="folded")
"""
IN_PIECES = """(link) => {
  const text = link.firstChild, range = document.createRange();
  return text.data.split(" ").filter((word) => {
    const at = text.data.indexOf(word);
    range.setStart(text, at);
    range.setEnd(text, at + word.length);
    return range.getClientRects().length > 1;
  });
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


def test_a_long_name_keeps_its_words_whole_beside_what_can_be_pressed(
    browser: Browser, embedded_site: Site
) -> None:
    """On a small phone, on one's own message, also where it is folded."""
    group = "Whole words"
    embedded_site.run("group", group, "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, group)
    go.choose_name(page)
    talk = go.start_talk(page, title="A talk", text="Hello.")
    go.send(page, "Again.")
    expect(page.locator("[data-state]")).to_have_count(0)  # sent: the name it was sent under changes now
    page.set_viewport_size({"width": 320, "height": 720})
    for name in ("Grasshopper", "Wintergreenish Lantern"):
        embedded_site.script(RENAME.replace("GROUP", group).replace("NAME", name))
        page.goto(talk)
        message = go.messages(page).last
        assert message.locator(".post-by a").evaluate(IN_PIECES) == [], name
        link, above = message.locator(":scope > .tap"), message.locator("summary")
        lower, upper = link.bounding_box(), above.bounding_box()
        assert lower and upper and lower["height"] >= 24 and lower["y"] >= upper["y"] + upper["height"]
        assert page.evaluate(TOO_WIDE) <= 0
        page.evaluate(AXE)
        assert page.evaluate(RUN, RULES) == []
    page.context.close()
