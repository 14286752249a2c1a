"""On a phone the answer to a press is in sight: what was sent, what was not, and what comes first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site
from tests.browser.test_axe import AXE, RULES, RUN

pytestmark = pytest.mark.browser
GROUP = "Small windows"
NUMBER = "Ring me on 07700 900123, or write to jo@example.com."


@pytest.fixture(scope="module")
def group(embedded_site: Site) -> str:
    embedded_site.run("group", GROUP, "--visibility", "open")
    return GROUP


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(browser: Browser, embedded_site: Site, group: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone, with a script and without, of somebody who has no name here yet."""
    context = browser.new_context(
        base_url=embedded_site.origins[0],
        viewport={"width": 360, "height": 640},
        java_script_enabled=request.param,
    )
    found = context.new_page()
    go.sign_up(found)
    go.join(found, group)
    yield found
    context.close()


@pytest.fixture(scope="module")
def talk(browser: Browser, embedded_site: Site, group: str) -> str:
    """The address of a talk that fills more than one screen."""
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    go.sign_up(page)
    go.join(page, group)
    go.choose_name(page)
    address = go.start_talk(page, title="A long one", text="Hello.")
    for number in range(6):
        go.send(page, f"{number}. It was a long week, and I did not know whom to tell. " * 3)
        expect(go.messages(page)).to_have_count(number + 2)
        expect(page.locator("[data-state]")).to_have_count(0)
    return address


def test_the_ring_of_what_comes_next_is_within_its_box(page: Page, talk: str) -> None:
    """Somebody without a name writes, at the smallest width: round its words, not wider than the box they stand in."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(talk)
    go.box(page).fill("Hello")
    go.press(page, "Carry on")
    step = page.locator("#next-step")
    expect(step).to_be_focused()
    ring, box = step.bounding_box(), page.locator("#next").bounding_box()
    assert ring and box
    room = 2 + 3  # its distance, and how thick it is
    assert step.evaluate("one => getComputedStyle(one).outlineOffset") in {"2px", "0px"}
    assert ring["x"] - room >= box["x"], (ring, box)
    assert ring["x"] + ring["width"] + room <= box["x"] + box["width"], (ring, box)


def assert_in_sight(page: Page, one: Locator) -> None:
    """Whole, and under the bar that stays at the top."""
    bar, box = page.locator(".bar").bounding_box(), one.bounding_box()
    assert bar and box
    assert bar["y"] + bar["height"] <= box["y"] and box["y"] + box["height"] <= 640, (bar, box)


def test_what_comes_first_is_seen_from_its_first_words(page: Page, talk: str) -> None:
    page.goto(talk)
    page.get_by_label("Your message").fill("Good morning.")
    go.press(page, "Carry on")
    step = page.get_by_text("One more step: pick a name here.")
    expect(step).to_be_visible()
    assert_in_sight(page, step)
    assert step.evaluate("one => one.closest('[tabindex]') === document.activeElement")
    page.locator("[name=handle]").last.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    expect(page.locator(".jump")).to_be_hidden()  # it would lie over the names
    page.locator("[name=handle]").first.check()
    go.press(page, re.compile("^Send as"))
    expect(go.messages(page).last).to_contain_text("Good morning.")
    go.send(page, NUMBER)
    advice = page.get_by_text("Not sent yet. Look at this once.")
    expect(advice).to_be_visible()
    assert_in_sight(page, advice)
    assert advice.evaluate("one => one.closest('[tabindex]') === document.activeElement")


@pytest.mark.parametrize("page", [True], indirect=True)
def test_sending_is_answered_where_one_looks(page: Page, talk: str) -> None:
    go.choose_name(page)
    page.goto(talk)
    told = page.locator("[data-told]")
    page.get_by_label("Your message").fill("I am here too.")
    button = page.get_by_role("button", name=re.compile("^Send as"))
    button.click()
    expect(told).to_have_text("Sent")
    assert_in_sight(page, go.messages(page).last)
    expect(button).to_be_focused()
    page.evaluate(AXE)
    assert not page.evaluate(RUN, RULES)
    page.context.set_offline(True)
    page.get_by_label("Your message").fill("And I still am.")
    expect(told).to_be_empty()
    button.click()
    expect(told).to_have_text("Not sent. You are offline. It is kept while this page is open.")
    expect(go.messages(page).last).to_contain_text("Not sent.")
    assert_in_sight(page, go.messages(page).last)
    expect(button).to_be_focused()
    expect(page.get_by_text("It is kept while this page is open.")).to_have_count(1)
    page.evaluate(AXE)
    assert not page.evaluate(RUN, RULES)
    page.context.set_offline(False)
    expect(told).to_have_text("Sent")


def test_the_name_to_write_down_is_as_strong_as_the_text(browser: Browser, embedded_site: Site) -> None:
    page = browser.new_context(base_url=embedded_site.origins[0]).new_page()
    page.goto("/sign-up/")
    page.get_by_label("18 or over").check()
    go.press(page, "Carry on")
    color = "one => getComputedStyle(one).color"
    assert page.locator(".words-name b").evaluate(color) == page.locator("body").evaluate(color)
    page.context.close()
