"""What a person does with a browser, by the words and roles they find on the page. Works with and without JavaScript.

Every page comes from a context whose `base_url` is the site's origin.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.second_step import PERIOD, code_for

PASSPHRASE = "green lamps over slow water"


@dataclass(frozen=True)
class SignIn:
    """What somebody wrote down while signing up."""

    name: str
    passphrase: str
    words: list[str]


def press(page: Page, label: str | re.Pattern[str]) -> None:
    """Press a button."""
    page.get_by_role("button", name=label).first.click()


def follow(page: Page, label: str | re.Pattern[str]) -> None:
    """Follow a link of the main part."""
    page.get_by_role("main").get_by_role("link", name=label).first.click()


def sign_up(page: Page) -> SignIn:
    """Make a sign-in name from the first question to home. Returns what to write down."""
    page.goto("/sign-up/")
    page.get_by_label("18 or over").check()
    press(page, "Carry on")
    name = page.get_by_text(re.compile(r"^[a-z]+-[a-z]+-\d{4}$")).inner_text()
    press(page, "Use this name")
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    press(page, "Make my sign-in")
    words = read_words(page)
    follow(page, "I have copied them by hand")
    page.get_by_label("Word number 3").fill(words[2])
    page.get_by_label("Word number 7").fill(words[6])
    press(page, "Carry on")
    page.get_by_label("Yes, only I use it").check()
    press(page, "Carry on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your groups")
    return SignIn(name, PASSPHRASE, words)


def read_words(page: Page) -> list[str]:
    """The eight words on the page that shows them."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep these eight words")
    return page.get_by_role("main").get_by_role("listitem").all_inner_texts()


def sign_in(page: Page, who: SignIn, *, code: Callable[[], str] | None = None) -> None:
    """Sign in; with a code where a second step is asked for."""
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(who.name)
    page.get_by_label("Passphrase").fill(who.passphrase)
    press(page, "Sign in")
    if code:
        page.get_by_label("Code from your app").fill(code())
        press(page, "Carry on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your groups")


def join(page: Page, group: str) -> None:
    """Find an open group in the list by its name, read its front page, and join it."""
    page.goto("/groups/")
    follow(page, group)
    follow(page, re.compile("^Join"))
    tick_promise(page)
    expect(page.get_by_text("Welcome. You can just read for as long as you like.")).to_be_visible()


def tick_promise(page: Page) -> None:
    """Agree to the promise that is on screen."""
    page.get_by_label("I have read the group promise and I will follow it").check()
    press(page, re.compile("^Join"))


def choose_name(page: Page) -> str:
    """On a group's page: pick the first name and picture that are offered. Returns the name."""
    follow(page, "Your name")
    chosen = page.get_by_role("group", name="Pick a name").get_by_role("radio").first
    chosen.check()
    page.get_by_role("group", name="Pick a picture").get_by_role("radio").first.check()
    name = str(chosen.get_attribute("value"))
    press(page, "Be this person here")
    expect(page.get_by_role("link", name="Start a talk")).to_be_visible()
    return name


def start_talk(page: Page, *, title: str, text: str) -> str:
    """On a group's page: start a talk. Returns its address."""
    follow(page, "Start a talk")
    page.get_by_label("What do you want to talk about?").fill(title)
    page.get_by_label("Advice welcome").check()
    page.get_by_label("Your message").fill(text)
    press(page, re.compile("^Send as"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url.split("#")[0]


def open_talk(page: Page, title: str) -> None:
    """On a group's page: open a talk."""
    follow(page, title)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def box(page: Page) -> Locator:
    """What one writes in."""
    return page.get_by_label("Your message")


def send(page: Page, text: str) -> None:
    """Write into the box and send."""
    box(page).fill(text)
    press(page, re.compile("^Send as"))


def messages(page: Page) -> Locator:
    """All messages on the page, oldest first."""
    return page.get_by_role("log").get_by_role("article")


def read_texts(page: Page) -> list[str]:
    """The words of all messages on the page, without names and days."""
    return [text.strip() for text in messages(page).locator(".post-text").all_inner_texts()]


def read_all(page: Page, address: str) -> list[str]:
    """The words of a whole talk, freshly loaded, turning back page by page to its start."""
    page.goto(address + "?newest=1")
    found = read_texts(page)
    while page.get_by_role("link", name="Show earlier messages").count():
        follow(page, "Show earlier messages")
        found = read_texts(page) + found
    return found


def lead_with_a_second_step(page: Page, code: str) -> None:
    """Sign up, come in as the lead whose code this is, and sign in again with a code from an app."""
    who = sign_up(page)
    page.goto("/join/")
    page.get_by_label("Your code").fill(code)
    press(page, "Carry on")
    tick_promise(page)
    page.goto("/account/second-step/codes/")
    key = page.locator(".code").inner_text()
    page.get_by_label("Code from your app").fill(code_for(key))
    press(page, "Add it")
    page.goto("/sign-out/")
    press(page, "Sign out")
    # A code works once, and the next one works already.
    sign_in(page, who, code=lambda: code_for(key, moment=time.time() + PERIOD))
