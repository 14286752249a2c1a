"""The main job with JavaScript switched off: plain pages and forms from the first question to leaving."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP, TALK = "Long nights", "Awake again"


def without_javascript(browser: Browser, origin: str) -> Page:
    """A page in a browser of its own that runs no script."""
    return browser.new_context(base_url=origin, java_script_enabled=False).new_page()


def test_the_whole_job(browser: Browser, embedded_site: Site) -> None:
    """Sign up, join, pick a name, talk both ways, change, take away, say one read it, leave."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    anna, ben = (without_javascript(browser, origin) for origin in embedded_site.origins)
    for page in (anna, ben):
        go.sign_up(page)
        go.join(page, GROUP)
    its_name = go.choose_name(anna)
    talk = go.start_talk(anna, title=TALK, text="It is three in the morning.")
    go.choose_name(ben)
    go.open_talk(ben, TALK)
    go.send(ben, "I am awake too.")
    anna.goto(talk)
    assert go.read_texts(anna) == ["It is three in the morning.", "I am awake too."]
    go.send(anna, "Then we are two.")
    ben.goto(talk)
    expect(go.messages(ben).last).to_contain_text(its_name)
    _say_same_here(ben)
    expect(go.messages(ben).last).to_contain_text(re.compile("One or more people: same here", re.I))
    _change_and_take_away(anna, talk)
    _leave(anna)
    assert anna.goto(talk).status == 404
    assert ben.goto(talk).status == 200
    assert go.read_texts(ben)[2] == "Taken away by its writer"


def test_what_was_written_is_kept_while_a_name_is_picked(browser: Browser, embedded_site: Site) -> None:
    """Somebody without a name writes first; the same page then asks for the name, and sends."""
    embedded_site.run("group", "First words", "--visibility", "open")
    page = without_javascript(browser, embedded_site.origins[0])
    go.sign_up(page)
    go.join(page, "First words")
    go.follow(page, "Start a talk")
    page.get_by_label("What do you want to talk about?").fill("Hello")
    page.get_by_label("Just listening").check()
    go.box(page).fill("I have never written here.")
    go.press(page, "Carry on")
    expect(go.box(page)).to_have_value("I have never written here.")
    page.get_by_role("group", name="Pick a name").get_by_role("radio").first.check()
    go.press(page, "Send as this name")
    expect(go.messages(page)).to_have_count(1)
    assert go.read_texts(page) == ["I have never written here."]


def _say_same_here(page: Page) -> None:
    go.messages(page).last.get_by_role("link", name="React").click()
    go.press(page, "Same here")


def _change_and_take_away(page: Page, talk: str) -> None:
    page.goto(talk)
    go.messages(page).last.get_by_role("link", name="Change").click()
    go.follow(page, "Change it")
    go.box(page).fill("Then we are three.")
    go.press(page, "Save the change")
    expect(go.messages(page).last).to_contain_text("Then we are three.")
    expect(go.messages(page).last).to_contain_text("changed")
    go.messages(page).last.get_by_role("link", name="Change").click()
    go.follow(page, "Take it away")
    go.press(page, "Take it away")
    expect(go.messages(page).nth(2).locator(".post-text")).to_have_text("Taken away by its writer")


def _leave(page: Page) -> None:
    page.goto("/home/")
    go.follow(page, GROUP)
    go.follow(page, "About")
    go.follow(page, "Leave this group")
    go.press(page, "Leave, and let it stay")
    expect(page.get_by_text("You have left.")).to_be_visible()
