"""While somebody writes on a phone: what comes is told and stays new, what they send is in sight, and no word of theirs
is cut, lost or said to stand otherwise than it does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP = "One hand free"
LIVE = "New messages appear here by themselves."
LONG = "It was a long week, and I did not know whom to tell. " * 3
END = "document.querySelector('[data-posts]').getBoundingClientRect().bottom"
TOO_LONG = "“Your message” is too long."


@pytest.fixture(scope="module")
def people(browser: Browser, embedded_site: Site) -> tuple[go.SignIn, go.SignIn, str]:
    """Two with a name in a group, and the path of a talk that fills more than one screen."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    signed, talk = [], ""
    for number in range(2):
        page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
        signed.append(go.sign_up(page))
        go.join(page, GROUP)
        go.choose_name(page)
        if not number:
            talk = go.start_talk(page, title="A slow evening", text="Hello.").split("/g/")[1]
            for nth in range(4):
                go.send(page, f"{nth}. {LONG}")
                expect(go.messages(page)).to_have_count(nth + 2)
                expect(page.locator("[data-state]")).to_have_count(0)
        page.context.close()
    return signed[0], signed[1], f"/g/{talk}"


def open_at(browser: Browser, origin: str, who: go.SignIn, path: str) -> Page:
    context = browser.new_context(base_url=origin, viewport={"width": 390, "height": 844})
    page = context.new_page()
    go.sign_in(page, who)
    page.goto(path)
    expect(page.get_by_text(LIVE)).to_be_visible()
    return page


@pytest.fixture
def page(browser: Browser, embedded_site: Site, people) -> Page:
    """The first of them, on a phone, on the talk."""
    return open_at(browser, embedded_site.origins[0], people[0], people[2])


def write_below_the_talk(page: Page) -> None:
    """The cursor in the box, and the end of the talk above the screen."""
    go.box(page).click()
    page.evaluate(f"scrollBy(0, {END})")
    page.wait_for_timeout(200)
    assert page.evaluate(END) < 100
    expect(go.box(page)).to_be_focused()


def test_what_comes_out_of_sight_is_told_and_stays_new(
    browser: Browser, embedded_site: Site, page: Page, people
) -> None:
    other = open_at(browser, embedded_site.origins[1], people[1], people[2])
    write_below_the_talk(page)
    before = go.box(page).evaluate("box => box.getBoundingClientRect().y")
    for text in ("are you there?", "no hurry"):
        go.send(other, text)
        expect(other.locator("[data-state]")).to_have_count(0)
    jump = page.get_by_role("button", name="Jump to newest (2 new)")
    expect(jump).to_be_in_viewport(ratio=1)
    assert abs(go.box(page).evaluate("box => box.getBoundingClientRect().y") - before) < 1
    expect(page.get_by_text("New since you were here")).to_have_count(1)
    page.wait_for_timeout(2500)  # how far one has read is told within two seconds
    second = page.context.new_page()
    second.goto(people[2].split("/t/")[0] + "/")
    expect(second.get_by_text("2 new")).to_be_visible()
    second.close()
    jump.click()
    expect(page.get_by_text("no hurry")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Jump to newest")).to_have_count(0)
    other.context.close()


def test_what_one_sends_comes_into_sight(page: Page) -> None:
    write_below_the_talk(page)
    go.box(page).fill("Just a word.")
    button = page.get_by_role("button", name=re.compile("^Send as"))
    button.click()
    expect(page.locator("[data-told]")).to_have_text("Sent")
    expect(page.get_by_text("Just a word.")).to_be_in_viewport(ratio=1)
    expect(button).to_be_focused()


def test_nothing_that_is_pasted_is_cut(page: Page, people) -> None:
    go.box(page).click()
    page.keyboard.insert_text("a" * 20_000)
    expect(go.box(page)).to_have_value("a" * 20_000)
    expect(page.locator("[data-room]")).to_have_text("This is too long. Take away 12000 letters.")
    go.press(page, re.compile("^Send as"))
    expect(go.messages(page).last).to_contain_text(TOO_LONG)
    go.press(page, "Change it")
    expect(go.box(page)).to_have_value("a" * 20_000)
    page.goto(people[2].split("/t/")[0] + "/new/")
    title = page.get_by_label("What do you want to talk about?")
    title.click()
    page.keyboard.insert_text("b" * 200)
    go.box(page).fill("Hello")
    go.press(page, re.compile("^Send as"))
    expect(page.get_by_text("“What do you want to talk about?” is too long.").first).to_be_visible()
    expect(title).to_have_value("b" * 200)


def test_offline_words_are_said_to_be_kept_while_the_page_is_open(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text="kept while this page is open")).to_be_visible()
    go.send(page, "into the dark")
    told = page.locator("[data-told]")
    expect(told).to_have_text("Not sent. You are offline. It is kept while this page is open.")
    page.context.set_offline(False)
    expect(told).to_have_text("Sent")


def test_who_signed_in_again_in_another_tab_tries_again(page: Page, people) -> None:
    page.context.clear_cookies()
    go.send(page, "between two tabs")
    expect(go.messages(page).last).to_contain_text("Not sent. You were signed out.")
    other = page.context.new_page()
    go.sign_in(other, people[0])
    other.close()
    go.messages(page).last.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(LIVE)).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(go.messages(page).filter(has_text="between two tabs")).to_have_count(1)
    expect(page.locator("[data-state]")).to_have_count(0)
    page.reload()
    expect(go.messages(page).filter(has_text="between two tabs")).to_have_count(1)
