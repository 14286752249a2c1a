"""Advice before something is sent: in place with a script, as a page without, and Enter never skips it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import AXE, RULES, RUN

pytestmark = pytest.mark.browser
NUMBER = "Ring me on 07700 900123."
ADVICE = "Not sent yet. Look at this once."


@pytest.fixture(scope="module")
def group(embedded_site: Site) -> str:
    embedded_site.run("group", "Careful words", "--visibility", "open")
    return "Careful words"


def at_home(browser: Browser, site: Site, group: str, **options: object) -> Page:
    page = browser.new_context(base_url=site.origins[0], **options).new_page()
    go.sign_up(page)
    go.join(page, group)
    go.choose_name(page)
    return page


def test_with_a_script_the_page_stays(browser: Browser, embedded_site: Site, group: str) -> None:
    page = at_home(browser, embedded_site, group)
    go.start_talk(page, title="Tea", text="Who is awake?")
    page.evaluate("window.still = true")
    expect(page.locator("[data-live]")).to_have_count(1)  # before that, a press loads the page anew
    box = page.get_by_label("Your message")
    go.send(page, NUMBER)
    advice = page.get_by_role("group", name=ADVICE)
    expect(page.locator("#advice-title")).to_be_focused()
    expect(advice).to_contain_text("07700 900123")
    expect(box).to_have_value(NUMBER)
    expect(go.messages(page)).to_have_count(1)
    page.evaluate(AXE)
    assert not page.evaluate(RUN, RULES)
    page.get_by_role("link", name="Change it").click()
    expect(box).to_be_focused()
    go.send(page, "Tell me here.")
    expect(go.messages(page).last).to_contain_text("Tell me here.")
    expect(advice).to_have_count(0)
    assert page.evaluate("window.still")
    go.send(page, NUMBER)
    go.press(page, "Post as it is")
    expect(go.messages(page).last).to_contain_text("07700 900123")
    expect(box).to_have_value("")


def test_without_a_script_the_page_comes_back(browser: Browser, embedded_site: Site, group: str) -> None:
    page = at_home(browser, embedded_site, group, java_script_enabled=False)
    go.start_talk(page, title="Rain", text="It rains.")
    go.send(page, NUMBER)
    expect(page.get_by_text(ADVICE)).to_be_visible()
    expect(page.get_by_label("Your message")).to_have_value(NUMBER)
    go.press(page, "Post as it is")
    expect(go.messages(page).last).to_contain_text("07700 900123")


def test_enter_in_the_title_looks_again(browser: Browser, embedded_site: Site, group: str) -> None:
    page = at_home(browser, embedded_site, group)
    page.goto(page.url.split("/name/")[0].rstrip("/") + "/new/")
    page.get_by_label("What do you want to talk about?").fill("My son Tom")
    page.get_by_label("Advice welcome").check()
    page.get_by_label("Your message").fill("He is ill.")
    for _ in range(2):
        page.get_by_label("What do you want to talk about?").press("Enter")
        expect(page.get_by_text(ADVICE)).to_be_visible()
