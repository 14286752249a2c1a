"""The pages of a group on a phone: one calm line, the rest one tap away; where there is room, all in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
BEHIND = [
    "Library", "Promise", "Who can see what", "How names work", "Team hours", "Studies", "About", "Leave this group",
]  # fmt: skip


@pytest.mark.parametrize("has_script", [True, False])
def test_on_a_phone_they_are_one_line_and_more(
    browser: Browser, embedded_site: Site, has_script: bool
) -> None:
    name = f"Small screens {has_script}"
    embedded_site.run("group", name, "--visibility", "open")
    page = browser.new_context(
        base_url=embedded_site.origins[0],
        java_script_enabled=has_script,
        viewport={"width": 320, "height": 640},
    ).new_page()
    go.sign_up(page)
    go.join(page, name)
    group = page.url
    tabs = page.get_by_role("navigation", name="This group")
    more = tabs.get_by_text("More", exact=True)
    for label in BEHIND:
        page.goto(group)
        assert tabs.bounding_box()["height"] <= 60
        expect(tabs.get_by_role("link")).to_have_text(["Talks", "Your name"])
        more.click()
        expect(tabs.get_by_role("link", name=label)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        tabs.get_by_role("link", name=label).click()
        expect(tabs.locator("[aria-current]")).to_have_text(label)
        assert tabs.bounding_box()["height"] <= 60, "shut again"
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(group)
    expect(tabs.get_by_role("link")).to_have_text(["Talks", "Your name", *BEHIND])
    expect(more).to_be_hidden()
    assert tabs.bounding_box()["height"] <= 100, "two rows"
    sizes = tabs.get_by_role("link").evaluate_all("all => all.map((one) => getComputedStyle(one).fontSize)")
    assert set(sizes) == {"16px"}, "as small as type gets"
    assert tabs.evaluate("one => parseFloat(getComputedStyle(one).columnGap)") >= 16, (
        "words apart, no sentence"
    )
    page.context.close()


def test_the_keyboard_opens_more(browser: Browser, embedded_site: Site) -> None:
    embedded_site.run("group", "Small keys", "--visibility", "open")
    page = browser.new_context(
        base_url=embedded_site.origins[0], viewport={"width": 320, "height": 640}
    ).new_page()
    go.sign_up(page)
    go.join(page, "Small keys")
    tabs = page.get_by_role("navigation", name="This group")
    tabs.get_by_role("link", name="Your name").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(tabs.get_by_role("link", name="Library")).to_be_focused()
    page.context.close()
