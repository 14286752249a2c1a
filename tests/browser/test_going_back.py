"""The browser's own "Back", and what a press says while it is worked on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP = "There and back"
MOMENT = "One moment…"


@pytest.fixture(scope="module")
def group(embedded_site: Site) -> str:
    embedded_site.run("group", GROUP, "--visibility", "open")
    return GROUP


@pytest.fixture(scope="module")
def who(browser: Browser, embedded_site: Site, group: str) -> go.SignIn:
    """Somebody with a name in a group."""
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    signed = go.sign_up(page)
    go.join(page, group)
    go.choose_name(page)
    page.context.close()
    return signed


def newcomer(browser: Browser, site: Site) -> Page:
    """Somebody new who just reads in the group."""
    page = browser.new_context(base_url=site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    return page


def back(page: Page) -> None:
    """Once the scripts of the page have run: who goes sooner has seen nothing of it."""
    page.wait_for_load_state()
    page.go_back()


@pytest.mark.parametrize("runs_scripts", [True, False])
def test_words_that_came_back_open_no_second_talk(
    browser: Browser, embedded_site: Site, who: go.SignIn, runs_scripts: bool
) -> None:
    context = browser.new_context(base_url=embedded_site.origins[0], java_script_enabled=runs_scripts)
    page, title = context.new_page(), f"Sent twice, {runs_scripts}"
    go.sign_in(page, who)
    go.follow(page, GROUP)
    talk = go.start_talk(page, title=title, text="It is three in the morning.")
    back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Start a talk")
    page.get_by_label("What do you want to talk about?").fill(title)
    page.get_by_label("Advice welcome").check()
    go.box(page).fill("It is three in the morning.")
    go.press(page, re.compile("^Send as"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.url.split("#")[0] == talk
    assert go.read_texts(page) == ["It is three in the morning."]
    context.close()


def send_under_a_first_name(page: Page) -> None:
    go.press(page, "Carry on")
    page.get_by_role("group", name="Pick a name").get_by_role("radio").first.check()
    go.press(page, "Send as this name")


def test_back_from_the_first_message_is_the_talk(
    browser: Browser, embedded_site: Site, who: go.SignIn
) -> None:
    writer = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_in(writer, who)
    go.follow(writer, GROUP)
    talk = go.start_talk(writer, title="A first answer", text="Anybody there?")
    page = newcomer(browser, embedded_site)
    page.goto(talk)
    go.box(page).fill("I am.")
    send_under_a_first_name(page)
    expect(go.messages(page)).to_have_count(2)
    back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("A first answer")
    expect(go.messages(page)).to_have_count(2)
    expect(go.box(page)).to_have_value("")
    assert page.url.split("?")[0] == talk.split("?")[0]


@pytest.mark.usefixtures("group")
def test_back_from_the_first_talk_is_an_empty_page_to_start_one(
    browser: Browser, embedded_site: Site
) -> None:
    page = newcomer(browser, embedded_site)
    go.follow(page, "Start a talk")
    page.get_by_label("What do you want to talk about?").fill("Hello")
    page.get_by_label("Just listening").check()
    go.box(page).fill("I have never written here.")
    send_under_a_first_name(page)
    expect(go.messages(page)).to_have_count(1)
    back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Start a talk")
    expect(go.box(page)).to_have_value("")


def to_the_passphrase(page: Page) -> None:
    page.goto("/sign-up/")
    page.get_by_label("18 or over").check()
    go.press(page, "Carry on")
    go.press(page, "Use this name")
    expect(page.get_by_label("Your passphrase")).to_be_visible()
    page.wait_for_load_state()


def test_back_from_the_first_words_shows_them_again(browser: Browser, embedded_site: Site) -> None:
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    to_the_passphrase(page)
    for passphrase in ("short", go.PASSPHRASE):
        page.get_by_label("Your passphrase").fill(passphrase)
        go.press(page, "Make my sign-in")
    words = go.read_words(page)
    back(page)
    assert go.read_words(page) == words
    back(page)
    assert go.read_words(page) == words


# What would be sent is counted and stays, since a browser that waits for an answer is not asked what it shows.
COUNT = """self.sent = 0; addEventListener("submit", (event) => {
  if (!event.defaultPrevented) self.sent++;
  event.preventDefault();
});"""


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in/",
        "/sign-up/",
        "/way-back/",
        "/account/passphrase/",
        "/account/again/",
        "/account/delete/sure/",
    ],
)
def test_a_passphrase_says_that_it_takes_a_moment_and_is_sent_once(
    browser: Browser, embedded_site: Site, who: go.SignIn, path: str
) -> None:
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    if "account" in path:
        go.sign_in(page, who)
    if path == "/sign-up/":
        to_the_passphrase(page)
    else:
        page.goto(path)
    line = page.get_by_role("main").get_by_role("status").filter(has_text=MOMENT)
    expect(line).to_have_count(0)
    page.evaluate(COUNT)
    for _ in range(2):
        page.locator("input[type=password]").last.press("Enter")
        expect(line).to_have_count(1)
        expect(page.get_by_role("main").get_by_role("button", name=MOMENT)).to_be_visible()
    assert page.evaluate("self.sent") == 1


def test_nothing_stands_empty_above_the_box_without_scripts(
    browser: Browser, embedded_site: Site, who: go.SignIn
) -> None:
    context = browser.new_context(base_url=embedded_site.origins[0], java_script_enabled=False)
    page = context.new_page()
    go.sign_in(page, who)
    go.follow(page, GROUP)
    go.start_talk(page, title="No row too many", text="Hello")
    expect(page.locator("[data-jump]")).to_be_hidden()
    assert page.locator("[data-jump]").bounding_box() is None
    context.close()
