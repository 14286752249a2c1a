"""The main job by keyboard alone: Tab, Enter, Space and arrows reach everything, and one always sees where one is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import journeys as go
from tests.browser.sites import Site

pytestmark = pytest.mark.browser
MOST_STOPS = 80
WHERE = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const label = at.closest("label"), marked = label ? getComputedStyle(label) : style;
  const points = [[.5, .5], [.05, .5], [.95, .5], [.5, .1], [.5, .9]];
  return {
    words: (at.labels?.[0] ?? at).textContent.trim().slice(0, 40) || at.id || at.tagName,
    id: at.id,
    marked: [style, marked].some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
    seen: points.some(([x, y]) => {
      const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      return top && (at === top || at.contains(top) || top.contains(at) && top !== document.body
        && !top.matches("html, main") || label?.contains(top));
    }),
  };
}"""


@pytest.fixture
def page(browser: Browser, embedded_site: Site) -> Page:
    """A small laptop: there the sticky bar covers most."""
    size = {"width": 1024, "height": 500}
    return browser.new_context(base_url=embedded_site.origins[0], viewport=size).new_page()


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Press Tab until the target has the focus; every stop on the way is marked, and not covered."""
    target = target.first
    expect(target).to_be_visible()
    handle = target.element_handle()
    for _ in range(MOST_STOPS):
        if page.evaluate("target => target === document.activeElement", handle):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
        assert_seen(page)
    raise AssertionError(f"Tab does not reach {target}")


def assert_seen(page: Page) -> None:
    where = page.evaluate(WHERE)
    assert where["marked"], f"{page.url}: the focus is not marked on {where['words']}"
    assert where["seen"], f"{page.url}: {where['words']} has the focus and is covered"


def press_button(page: Page, name: str | re.Pattern[str], *, key: str = "Enter") -> None:
    tab_to(page, page.get_by_role("main").get_by_role("button", name=name))
    page.keyboard.press(key)


def take_link(page: Page, name: str) -> None:
    tab_to(page, page.get_by_role("main").get_by_role("link", name=name))
    page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(text)


def pick(page: Page, group: Locator, *, arrows: int = 0) -> None:
    """Into a group of choices with Tab, to one of them with the arrows, Space to take it."""
    choices = group.get_by_role("radio")
    checked = choices.and_(page.locator(":checked"))
    tab_to(page, checked if checked.count() else choices)
    for _ in range(arrows):
        page.keyboard.press("ArrowDown")
        assert_seen(page)
    page.keyboard.press("Space")


def test_the_whole_job(page: Page, embedded_site: Site) -> None:
    """From the first question to a message that one takes back, without a mouse."""
    embedded_site.run("group", "By hand", "--visibility", "open")
    _sign_up(page)
    page.goto("/groups/")
    take_link(page, "By hand")
    take_link(page, "Join this group")
    tab_to(page, page.get_by_label("I have read the group promise and I will follow it"))
    page.keyboard.press("Space")
    press_button(page, "Join this group")
    take_link(page, "Start a talk")
    write(page, "What do you want to talk about?", "No mouse")
    pick(page, page.get_by_role("group", name="What would help?"), arrows=1)
    write(page, "Your message", "Only keys today.")
    press_button(page, "Carry on")
    pick(page, page.get_by_role("group", name="Pick a name"), arrows=1)
    press_button(page, "Send as this name")
    expect(page.get_by_role("heading", level=1)).to_have_text("No mouse")
    write(page, "Your message", "And one more.")
    page.keyboard.press("Control+Enter")
    expect(go.messages(page).last).to_contain_text("And one more.")
    expect(go.messages(page)).to_have_count(2)
    tab_to(page, go.messages(page).last.get_by_role("link", name="Change"), back=True)
    page.keyboard.press("Enter")
    take_link(page, "Take it away")
    press_button(page, "Take it away", key="Space")
    expect(go.messages(page).last).to_contain_text("Taken away by its writer")


def test_who_is_on_a_message_stays_on_it(page: Page, embedded_site: Site) -> None:
    """It is changed elsewhere; sending it fails and then works: the focus is never lost."""
    embedded_site.run("group", "By hand too", "--visibility", "open")
    go.sign_up(page)
    go.join(page, "By hand too")
    go.choose_name(page)
    go.start_talk(page, title="No mouse either", text="Only keys.")
    change = go.messages(page).last.get_by_role("link", name="Change")
    change.focus()
    elsewhere = page.context.new_page()
    elsewhere.goto(str(change.get_attribute("href")))
    go.follow(elsewhere, "Change it")
    go.box(elsewhere).fill("Only keys, and changed.")
    go.press(elsewhere, "Save")
    expect(go.messages(page).last).to_contain_text("and changed")
    expect(change).to_be_focused()
    page.route("**/posts/", lambda route: route.abort())
    go.send(page, "On the way")
    again = page.get_by_role("log").get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li:focus")).to_contain_text("On the way")
    page.unroute("**/posts/")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li[data-post]:focus")).to_contain_text("On the way")


def _sign_up(page: Page) -> None:
    page.goto("/sign-up/")
    pick(page, page.get_by_role("main"), arrows=2)
    expect(page.get_by_label("18 or over")).to_be_checked()
    press_button(page, "Carry on")
    press_button(page, "Use this name")
    write(page, "Your passphrase", go.PASSPHRASE)
    page.keyboard.press("Enter")
    words = go.read_words(page)
    take_link(page, "I have copied them by hand")
    write(page, "Word number 3", words[2])
    write(page, "Word number 7", words[6])
    page.keyboard.press("Enter")
    pick(page, page.get_by_role("main"))
    press_button(page, "Carry on", key="Space")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your groups")


@pytest.mark.parametrize(
    "path", ["/", "/sign-up/", "/sign-in/", "/help/", "/groups/", "/safety/", "/cover-your-tracks/"]
)
def test_quick_exit_is_the_second_stop(page: Page, path: str) -> None:
    """Right after the skip link, and once more as the button on screen. Every further stop to the end of the page
    is marked and in view."""
    page.goto(path)
    page.keyboard.press("Tab")
    assert page.evaluate(WHERE)["words"].startswith("Skip")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip[data-exit]')")
    page.keyboard.press("Tab")
    assert page.evaluate(WHERE)["id"] == "exit"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return
        assert_seen(page)


def test_the_skip_link_leads_past_the_bar(page: Page) -> None:
    """It moves the focus to the main part, and the next stop is inside it."""
    page.goto("/safety/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_errors_take_the_focus_and_lead_to_their_field(page: Page) -> None:
    """An empty form: the box that says so has the focus, and its line leads to the field."""
    page.goto("/sign-in/")
    press_button(page, "Sign in")
    expect(page.get_by_role("heading", name="Please look at this again")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "errors"
    take_link(page, "Type your passphrase.")
    expect(page.get_by_label("Passphrase")).to_be_focused()
