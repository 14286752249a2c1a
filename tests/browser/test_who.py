"""“Who can see what” in a browser: live and without scripts; a card on somebody's screen ends when it is taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
GROUP = "Clear windows"


@pytest.fixture(scope="module")
def address(embedded_site: Site) -> str:
    made = embedded_site.run("group", GROUP, "--visibility", "open")
    return f"/g/{made.split('/g/')[1].split('/')[0]}/"


@pytest.fixture
def people(browser: Browser, embedded_site: Site) -> Iterator[list[BrowserContext]]:
    """A phone with scripts, one without, and a second member's."""
    phone = {"base_url": embedded_site.origins[0], "viewport": {"width": 360, "height": 740}}
    made = [browser.new_context(**phone, java_script_enabled=scripts) for scripts in (True, False, True)]  # type: ignore[arg-type]
    yield made
    for context in made:
        context.close()


def _member(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    go.sign_up(page)
    go.join(page, GROUP)
    go.choose_name(page)
    page.goto(f"{address}who/")
    return page


def _row(page: Page, kind: str):  # a line of the list, opened by a press on it
    return page.locator(f"#kind-{kind}")


def _in_short(page: Page, kind: str) -> str:
    return " ".join(_row(page, kind).locator("summary .kind-now").inner_text().split())


def _pick(page: Page, kind: str, value: str, who: str) -> None:
    if _row(page, kind).get_attribute("open") is None:
        _row(page, kind).locator("summary").click()
    page.locator(f"#id_value-{kind}").select_option(value)
    _row(page, kind).get_by_label(who).check()


def test_each_change_is_seen_at_once_and_nothing_is_stored_before_save(
    people: list[BrowserContext], address: str
) -> None:
    page = _member(people[0], address)
    card = page.locator("#seen .card")
    _pick(page, "diagnosis", "mood/bipolar/2", "Everyone in this group")
    expect(card).to_contain_text("Bipolar")
    expect(_row(page, "diagnosis").locator(".kind-now")).to_contain_text("Everyone here")
    expect(page.get_by_role("status").filter(has_text="Not saved yet")).to_be_visible()
    page.locator("#id_level-diagnosis").select_option("exact")
    expect(card).to_contain_text("Bipolar type II")
    page.get_by_role("button", name="Show “Bipolar” instead").click()
    expect(card).not_to_contain_text("type II")
    expect(page.locator("#id_level-diagnosis")).to_have_value("condition")
    page.get_by_label("See it as").select_option("stranger")
    expect(page.locator("#seen")).to_contain_text("They see nothing")
    page.goto(f"{address}who/")
    assert _in_short(page, "diagnosis") == "Not noted"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_has_the_focus_is_not_behind_the_save_button(people: list[BrowserContext], address: str) -> None:
    page = _member(people[0], address)
    page.set_viewport_size({"width": 320, "height": 480})
    bar, rows = page.locator(".save-bar"), page.locator(".kind > summary")
    for at in range(rows.count()):
        page.evaluate("scrollTo(0, 0)")
        rows.nth(at).focus()
        row, over = rows.nth(at).bounding_box(), bar.bounding_box()
        assert row and over and row["y"] + row["height"] <= over["y"], at


def test_without_scripts_everything_is_a_form(people: list[BrowserContext], address: str) -> None:
    page = _member(people[1], address)
    _pick(page, "diagnosis", "mood/bipolar/2", "Moderators")
    page.get_by_label("See it as").select_option("moderator")
    page.get_by_role("button", name="See how it looks").last.click()
    expect(page.locator("#seen .card")).to_contain_text("Bipolar")
    assert "not saved yet" in _in_short(page, "diagnosis")
    go.press(page, re.compile("^Save$"))
    assert _in_short(page, "diagnosis") == "Moderators Bipolar"
    expect(page.locator("#seen .card")).not_to_contain_text("Bipolar")
    page.get_by_text("Show nothing here").first.click()
    page.get_by_role("button", name="Show nothing here").click()
    assert _in_short(page, "diagnosis") == "Only you Bipolar type II"


@pytest.mark.parametrize("scripts", [True, False])
def test_less_exact_with_one_tap_is_saved_right_beside_it(
    people: list[BrowserContext], address: str, scripts: bool
) -> None:
    page = _member(people[0 if scripts else 1], address)
    _pick(page, "diagnosis", "mood/bipolar/2", "Everyone in this group")
    go.press(page, re.compile("^Save$"))
    page.get_by_role("button", name="Show “A mood condition” instead").click()
    beside = page.locator("#unsaved")
    expect(beside).to_contain_text("Not saved yet. People here still see what they saw before.")
    expect(beside).to_be_in_viewport()
    expect(beside.get_by_role("button", name="Save it as it is")).to_be_in_viewport()
    beside.get_by_role("button", name="Save it as it is").click()
    expect(page.get_by_text("Saved. This is what people here see now.")).to_be_visible()
    expect(page.locator("#unsaved")).to_have_count(0)
    assert _in_short(page, "diagnosis") == "Everyone here A mood condition"


def test_the_line_goes_from_an_open_card_with_all_else(people: list[BrowserContext], address: str) -> None:
    mine, theirs = _member(people[0], address), _member(people[2], address)
    mine.goto(f"{address}name/about/")
    mine.get_by_label("A line about you").fill("Nurse. 07700 900123")
    go.press(mine, re.compile("^Save$"))
    expect(mine.locator("#advice")).to_contain_text("This looks like a way to reach you")
    mine.get_by_role("link", name="Change it").click()
    expect(mine.get_by_label("A line about you")).to_be_in_viewport()
    mine.get_by_role("button", name="Save as it is").click()
    expect(mine.get_by_text("Saved.")).to_be_visible()
    mine.goto(address)
    talk = go.start_talk(mine, title="Evening", text="Hello.")
    theirs.goto(talk)
    go.messages(theirs).first.get_by_role("heading").get_by_role("link").click()
    expect(theirs.get_by_role("main")).to_contain_text("07700 900123")
    mine.goto(f"{address}who/")
    expect(mine.locator("#the-line summary")).to_contain_text("Everyone here")
    assert mine.evaluate("document.documentElement.scrollWidth <= innerWidth")
    mine.get_by_text("Show nothing here").first.click()
    mine.get_by_role("button", name="Show nothing here").click()
    expect(mine.get_by_text("The line about you is deleted.")).to_be_visible()
    expect(theirs.get_by_role("main")).not_to_contain_text("07700 900123", timeout=15_000)


def test_an_open_card_ends_when_it_is_taken_back(people: list[BrowserContext], address: str) -> None:
    mine, theirs = _member(people[0], address), _member(people[2], address)
    _pick(mine, "diagnosis", "mood/bipolar/2", "Everyone in this group")
    go.press(mine, re.compile("^Save$"))
    expect(mine.get_by_text("Saved. This is what people here see now.")).to_be_visible()
    mine.goto(address)
    talk = go.start_talk(mine, title="Morning", text="Hello.")
    theirs.goto(talk)
    go.messages(theirs).first.get_by_role("heading").get_by_role("link").click()
    expect(theirs.get_by_role("main")).to_contain_text("Bipolar")
    mine.goto(f"{address}who/")
    _pick(mine, "diagnosis", "mood/bipolar/2", "Only me")
    go.press(mine, re.compile("^Save$"))
    expect(theirs.get_by_role("main")).not_to_contain_text("Bipolar", timeout=15_000)
    theirs.get_by_role("link", name="Back").click()
    expect(theirs).to_have_url(talk)
