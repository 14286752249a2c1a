"""Signing out where the browser does not know Clear-Site-Data, as older phones do not, or the line is not encrypted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_drafts import LIVE

pytestmark = pytest.mark.browser
KEPT = "JSON.stringify(sessionStorage)"


def _without_the_header(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    headers = {name: value for name, value in answer.headers.items() if name != "clear-site-data"}
    route.fulfill(response=answer, headers=headers)


@pytest.mark.parametrize(
    ("at", "press"), [("/sign-out/", "Sign out"), ("/account/sessions/", "Sign out everywhere")]
)
def test_words_that_were_not_sent_do_not_stay_for_the_next_person_in_this_tab(
    browser: Browser, embedded_site: Site, at: str, press: str
) -> None:
    embedded_site.run("group", f"Shared {at}", "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, f"Shared {at}")
    go.choose_name(page)
    go.start_talk(page, title="How was today?", text="One line.")
    expect(page.get_by_text(LIVE)).to_be_visible()
    page.locator("#composer [name=text]").fill("A zanderblik that nobody is to read")
    assert "zanderblik" in page.evaluate(KEPT)
    page.goto(at)
    page.route("**/sign-out/**", _without_the_header)
    page.route("**/account/**", _without_the_header)
    go.press(page, press)
    expect(page).to_have_url(f"{embedded_site.origins[0]}/")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert "zanderblik" not in page.evaluate(KEPT)
