"""Two people stop seeing each other while both have the talk open: their words go, and what they write stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP, TALK = "Out of sight", "A long evening"
LIVE = "New messages appear here by themselves."
DRAFT = "half a sentence"
SIGN_OUT = """async () => {
    const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ csrfmiddlewaretoken });
    await fetch("/sign-out/", { method: "POST", body, redirect: "manual" });
}"""


def test_open_pages_lose_and_regain_each_others_words(browser: Browser, embedded_site: Site) -> None:
    embedded_site.run("group", GROUP, "--visibility", "open")
    anna, ben = (browser.new_context(base_url=origin).new_page() for origin in embedded_site.origins)
    for page in (anna, ben):
        go.sign_up(page)
        go.join(page, GROUP)
        go.choose_name(page)
    talk = go.start_talk(anna, title=TALK, text="Opened by Anna")
    ben.reload()
    go.open_talk(ben, TALK)
    go.send(ben, "Answered by Ben")
    expect(go.messages(anna).last).to_contain_text("Answered by Ben")
    go.box(anna).fill(DRAFT)
    went_on = ben.context.new_page()
    went_on.goto(talk)

    hide(ben, both=True)
    for page, gone, kept in (
        (anna, "Answered by Ben", "Opened by Anna"),
        (went_on, "Opened by Anna", "Answered by Ben"),
    ):
        expect(page.get_by_role("log")).not_to_contain_text(gone)
        expect(page.get_by_role("log")).to_contain_text(kept)
        expect(page.get_by_text(LIVE)).to_be_visible()
    assert go.box(anna).input_value() == DRAFT, "what is being written stays"
    go.send(anna, "Not for Ben")
    expect(go.messages(anna).last).to_contain_text("Not for Ben")

    go.press(ben, "See each other again")
    for page in (anna, went_on):
        expect(page.get_by_role("log")).to_contain_text("Answered by Ben")
        expect(page.get_by_role("log")).to_contain_text("Opened by Anna")
    expect(went_on.get_by_role("log")).to_contain_text("Not for Ben")
    over_stays_over(went_on)
    for page in (anna, ben):
        page.context.close()


def over_stays_over(page: Page) -> None:
    """Whose sign-in ended is not told to wait for the line."""
    page.evaluate(SIGN_OUT)
    over = page.get_by_role("status").filter(has_text="You were signed out.")
    expect(over).to_be_visible(timeout=15_000)
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    assert over.is_visible()


def hide(page: Page, *, both: bool) -> None:
    """On a talk: stop seeing whoever wrote first."""
    go.messages(page).first.get_by_role("link", name="React").click()
    go.follow(page, "Stop seeing")
    if both:
        page.get_by_label("We stop seeing each other").check()
    go.press(page, "Stop seeing them")
    expect(page.get_by_role("heading", level=1)).to_have_text("People you hide here")
