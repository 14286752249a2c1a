"""Plain forms while the line is away: a press stays on the page, no word is lost, and whom to call stays in sight. A
message that is being changed is kept like one that is being written."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP, TALK = "Far from a mast", "Nobody calls"
SAID = "You are offline, so nothing was sent."
CALL = re.compile("112 in Europe")


@pytest.fixture(scope="module")
def page(browser: Browser, embedded_site: Site) -> Page:
    """Somebody on a page of a message they wrote."""
    embedded_site.run("group", GROUP, "--visibility", "open")
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    go.choose_name(page)
    page.talk = go.start_talk(page, title=TALK, text="One line.")  # type: ignore[attr-defined]
    return page


@pytest.fixture
def edit(page: Page) -> Page:
    page.goto(page.talk)  # type: ignore[attr-defined]
    page.get_by_role("link", name="Change or take away").first.click()
    go.follow(page, "Change it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your message")
    return page


def press_without_a_line(page: Page, label: str | re.Pattern[str]) -> None:
    """The page says so and stays; afterwards the line is back."""
    heading, address = page.get_by_role("heading", level=1).last.inner_text(), page.url
    page.context.set_offline(True)
    go.press(page, label)
    alert = page.get_by_role("alert").filter(has_text=SAID)
    expect(alert).to_be_visible()
    expect(alert).to_contain_text(CALL)
    expect(page.get_by_role("heading", level=1).last).to_have_text(heading)
    assert page.url == address
    page.context.set_offline(False)
    expect(alert).to_have_count(0)


def test_a_change_waits_for_the_line_and_is_sent_by_the_next_press(edit: Page) -> None:
    go.box(edit).fill("One line, and another.")
    press_without_a_line(edit, "Save the change")
    expect(go.box(edit)).to_have_value("One line, and another.")
    go.press(edit, "Save the change")
    expect(go.messages(edit).first).to_contain_text("One line, and another.")
    assert "another" not in edit.evaluate("JSON.stringify(Object.values(sessionStorage))"), "kept no longer"


def test_a_change_is_kept_over_a_reload(edit: Page) -> None:
    go.box(edit).fill("Half a new thought")
    edit.reload()
    expect(go.box(edit)).to_have_value("Half a new thought")
    expect(edit.get_by_text("Your words from before are still here.")).to_be_visible()
    go.press(edit, "Save the change")
    expect(go.messages(edit).first).to_contain_text("Half a new thought")


def test_a_change_made_elsewhere_meanwhile_is_told_after_a_reload_too(edit: Page) -> None:
    go.box(edit).fill("From this tab")
    other = edit.context.new_page()
    other.goto(edit.url)
    go.box(other).fill("From the other tab")
    go.press(other, "Save the change")
    expect(go.messages(other).first).to_contain_text("From the other tab")
    other.close()
    edit.reload()
    expect(go.box(edit)).to_have_value("From this tab")
    go.press(edit, "Save the change")
    expect(edit.get_by_text("This message was changed since you opened it.")).to_be_visible()
    expect(edit.get_by_role("region", name="What it says now")).to_contain_text("From the other tab")
    expect(go.box(edit)).to_have_value("From this tab")
    go.press(edit, "Save the change")
    expect(go.messages(edit).first).to_contain_text("From this tab")


def test_whom_to_call_stays_in_sight(page: Page) -> None:
    """The form keeps what was written, and no link leads away."""
    page.goto(page.talk.split("/t/")[0] + "/now/")  # type: ignore[attr-defined]
    page.get_by_role("textbox").fill("Please somebody")
    press_without_a_line(page, re.compile("^(Tell the team|Send this)"))
    expect(page.get_by_role("textbox")).to_have_value("Please somebody")
    page.context.set_offline(True)
    go.follow(page, "Back")
    expect(page.get_by_role("alert").filter(has_text=SAID)).to_be_visible()
    expect(page.get_by_role("main").get_by_text(CALL).first).to_be_visible()
    page.context.set_offline(False)
    go.follow(page, "Back")
    expect(page.get_by_role("link", name=re.compile("^Tell this team"))).to_be_visible()
    page.context.set_offline(True)
    go.follow(page, re.compile("^Tell this team"))
    expect(page.get_by_role("alert").filter(has_text=SAID)).to_be_visible()
    page.context.set_offline(False)


def test_leaving_waits_for_the_line(page: Page) -> None:
    page.goto(page.talk.split("/t/")[0] + "/leave/")  # type: ignore[attr-defined]
    press_without_a_line(page, re.compile("^Leave"))


def test_a_report_waits_for_the_line(page: Page, browser: Browser, embedded_site: Site) -> None:
    """In its dialog, where its own script would send it."""
    other = browser.new_context(base_url=embedded_site.origins[1]).new_page()
    go.sign_up(other)
    go.join(other, GROUP)
    other.goto(urlsplit(page.talk).path)  # type: ignore[attr-defined]
    other.get_by_role("link", name="React or report").first.click()
    go.follow(other, "Report this message")
    go.press(other, "Unkind")
    other.get_by_role("textbox").fill("They laugh at me")
    press_without_a_line(other, "Carry on")
    expect(other.get_by_role("textbox")).to_have_value("They laugh at me")
    go.press(other, "Carry on")
    expect(other.get_by_role("heading", name="What happens next")).to_be_visible()
    other.context.close()
